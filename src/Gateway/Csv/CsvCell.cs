namespace EligibilityGateway.Gateway.Csv;

/// <summary>One cell of a CSV file that is written (RFC 4180).</summary>
internal static class CsvCell
{
    /// <summary>In quotes where it must be.</summary>
    public static string Quoted(string field) =>
        field.AsSpan().IndexOfAny(",\"\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>
    /// A text that a spreadsheet shows and never computes: an apostrophe stands before what it might take for a formula
    /// (owasp.org/www-community/attacks/CSV_Injection). Full-width signs too, since Japanese spreadsheets take them alike.
    /// </summary>
    public static string Inert(string text) => text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '＝' or '＋' or '－' or '＠' ? "'" + text : text;
}
