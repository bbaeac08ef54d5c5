using static EligibilityGateway.Gateway.Feeds.Expenses.ExpenseColumn;

namespace EligibilityGateway.Gateway.Feeds.Expenses;

/// <summary>A kind of row: which columns it must and may have. All have sequence, kind and insurer.</summary>
internal sealed record ExpenseKind(string Name, ExpenseAction Action, ExpenseColumn[] Needs, ExpenseColumn[] May)
{
    public static IReadOnlyList<ExpenseKind> All { get; } =
    [
        new("expense", ExpenseAction.State, [Person, Fact, Month, InstitutionName, Setting, Days, TotalCost, InsurerPaid, PublicPaid, PatientPaid], [Institution, Reimbursed, PaidOn]),
        new("withdrawal", ExpenseAction.Withdraw, [Person, Fact], []),
        new("month", ExpenseAction.CompleteMonth, [Month], []),
    ];

    private static readonly ExpenseColumn[] Always = [Sequence, Kind, ExpenseColumn.Insurer];

    public bool MustHave(ExpenseColumn column) => Always.Contains(column) || Needs.Contains(column);

    public bool Takes(ExpenseColumn column) => MustHave(column) || May.Contains(column);

    /// <summary>Null where there is no such kind.</summary>
    public static ExpenseKind? Parse(ReadOnlySpan<char> name)
    {
        foreach (var kind in All)
            if (name.SequenceEqual(kind.Name)) return kind;
        return null;
    }
}

/// <summary>What a row does. The numbers are those of the staged table.</summary>
internal enum ExpenseAction : short
{
    /// <summary>Says how an expense is, whole; new or changed.</summary>
    State = 1,

    /// <summary>It was never true.</summary>
    Withdraw = 2,

    /// <summary>All that is known of a month was told.</summary>
    CompleteMonth = 3,
}
