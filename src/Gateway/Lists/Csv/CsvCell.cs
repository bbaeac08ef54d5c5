using System.Globalization;
using EligibilityGateway.Contracts;

namespace EligibilityGateway.Gateway.Lists.Csv;

/// <summary>One cell of a CSV file that is written (RFC 4180), as a spreadsheet may open it. The one way to a cell in every export.</summary>
internal static class CsvCell
{
    /// <summary>
    /// A text that a spreadsheet shows and never computes: an apostrophe stands before what it might take for a formula
    /// (owasp.org/www-community/attacks/CSV_Injection), full-width signs too, since Japanese spreadsheets take them alike. Characters that
    /// nobody would see stand there by their number (<see cref="WrittenText.Shown"/>).
    /// </summary>
    public static string Of(string text) => Quoted(Inert(WrittenText.Shown(text)));

    /// <summary>A number, which a spreadsheet may add up.</summary>
    public static string Of(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Of(DateOnly? day) => day is { } known ? JapanTime.Format(known) : "";

    private static string Quoted(string field) =>
        field.AsSpan().IndexOfAny(",\"\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Inert(string text) => text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠' ? "'" + text : text;
}
