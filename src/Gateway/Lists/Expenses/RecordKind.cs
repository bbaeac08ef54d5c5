namespace EligibilityGateway.Gateway.Lists.Expenses;

/// <summary>What a record is about: the first column of the CSV, and what a layout's elements are repeated for.</summary>
internal static class RecordKind
{
    public const string Expense = "expense", Payee = "payee", Missing = "missing", PersonTotal = "person-total", Note = "note", Total = "total";

    public static IReadOnlyList<string> All { get; } = [Expense, Payee, Missing, PersonTotal, Note, Total];
}
