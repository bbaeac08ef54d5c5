using System.Text.Json;

namespace EligibilityGateway.Gateway.Feeds.Expenses;

/// <summary>Which field of a line is which column of a file of expenses.</summary>
internal sealed class ExpenseHeader
{
    private readonly FileHeader _header;

    private ExpenseHeader(FileHeader header) => _header = header;

    /// <summary>All columns, in the order of <see cref="ExpenseColumn"/>.</summary>
    public static IReadOnlyList<string> Columns { get; } = [.. Enum.GetNames<ExpenseColumn>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    private static string[] Always => [NameOf(ExpenseColumn.Sequence), NameOf(ExpenseColumn.Kind), NameOf(ExpenseColumn.Insurer)];

    public int Fields => _header.Fields;

    public static string NameOf(ExpenseColumn column) => Columns[(int)column];

    /// <summary>Empty where the file has no such column.</summary>
    public ReadOnlySpan<char> ValueOf(FeedFields fields, ExpenseColumn column) => _header.ValueOf(fields, (int)column);

    /// <summary>Null where the header is at fault; the faults are told.</summary>
    public static ExpenseHeader? Read(FeedFields fields, Action<FeedFault> tell) =>
        FileHeader.Read(fields, Columns, Always, "docs/expenses.md", tell) is { } header ? new ExpenseHeader(header) : null;
}
