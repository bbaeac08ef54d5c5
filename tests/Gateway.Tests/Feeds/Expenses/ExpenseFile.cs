using System.Text;
using EligibilityGateway.Gateway.Feeds.Expenses;

namespace EligibilityGateway.Gateway.Tests.Feeds.Expenses;

/// <summary>A file of expenses as text: rows of <c>column=value</c> pairs under a header of all columns.</summary>
internal static class ExpenseFile
{
    public static string Of(params IEnumerable<string> rows)
    {
        var text = new StringBuilder().AppendJoin(',', ExpenseHeader.Columns).Append('\n');
        foreach (var row in rows) text.Append(row).Append('\n');
        return text.ToString();
    }

    /// <summary>An outpatient's expense of 10,000 yen, 3,000 of them the patient's; a later value of a column wins.</summary>
    public static string Expense(long sequence, long person, long fact, params string[] values) => Row(
        "expense", sequence,
        [
            $"person={person}", $"fact={fact}", "month=2025-04", "institution=0110113719", "institution_name=見本病院", "setting=outpatient", "days=2",
            "total_cost=10000", "insurer_paid=7000", "public_paid=0", "patient_paid=3000", .. values,
        ]);

    public static string Withdrawal(long sequence, long person, long fact, params string[] values) => Row("withdrawal", sequence, [$"person={person}", $"fact={fact}", .. values]);

    public static string Month(long sequence, string month, params string[] values) => Row("month", sequence, [$"month={month}", .. values]);

    private static string Row(string kind, long sequence, string[] values)
    {
        var fields = new string[ExpenseHeader.Columns.Count];
        foreach (var value in (string[])[$"sequence={sequence}", $"kind={kind}", $"insurer={TestTown.Employees}", .. values])
        {
            var at = value.IndexOf('=', StringComparison.Ordinal);
            fields[ExpenseHeader.Columns.ToList().IndexOf(value[..at])] = value[(at + 1)..];
        }
        return string.Join(',', fields);
    }
}
