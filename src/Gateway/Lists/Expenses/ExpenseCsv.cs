using System.Globalization;
using System.Text;
using EligibilityGateway.Gateway.Lists.Csv;

namespace EligibilityGateway.Gateway.Lists.Expenses;

/// <summary>The list as CSV: docs/expenses.md. RFC 4180, UTF-8 with a byte order mark, without which Excel in Japan takes a file for Shift_JIS.</summary>
internal static class ExpenseCsv
{
    private const string LineEnd = "\r\n", ByteOrderMark = "\uFEFF";

    public static string TextOf(ExportRecord list)
    {
        var text = new StringBuilder(ByteOrderMark).AppendJoin(',', ExportColumns.All).Append(LineEnd);
        foreach (var record in list.All) text.AppendJoin(',', ExportColumns.All.Select(column => Cell(record, column))).Append(LineEnd);
        return text.ToString();
    }

    private static string Cell(ExportRecord record, string column) =>
        ExportColumns.IsNumber(column) && long.TryParse(record[column], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? CsvCell.Of(number) : CsvCell.Of(record[column]);
}
