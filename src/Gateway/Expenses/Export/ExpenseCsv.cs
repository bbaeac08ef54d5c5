using EligibilityGateway.Gateway.Csv;

namespace EligibilityGateway.Gateway.Expenses.Export;

/// <summary>The list as CSV: docs/expenses.md. RFC 4180, UTF-8 with a byte order mark, without which Excel in Japan takes a file for Shift_JIS.</summary>
internal static class ExpenseCsv
{
    private const string LineEnd = "\r\n", ByteOrderMark = "\uFEFF";

    public static async Task WriteAsync(ExportRecord list, TextWriter output, CancellationToken cancellation)
    {
        await output.WriteAsync($"{ByteOrderMark}{string.Join(',', ExportColumns.All)}{LineEnd}".AsMemory(), cancellation);
        foreach (var record in list.All)
            await output.WriteAsync($"{string.Join(',', ExportColumns.All.Select(column => Cell(record, column)))}{LineEnd}".AsMemory(), cancellation);
    }

    private static string Cell(ExportRecord record, string column) => CsvCell.Quoted(ExportColumns.IsText(column) ? CsvCell.Inert(record[column]) : record[column]);
}
