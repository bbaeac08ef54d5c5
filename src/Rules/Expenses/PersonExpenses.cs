namespace EligibilityGateway.Rules.Expenses;

/// <summary>One person's part of the list.</summary>
/// <param name="Person">Whose.</param>
/// <param name="Lines">Every expense, by month, payment, insurer and payee.</param>
/// <param name="Payees">The same by payee and kind, without what is not counted.</param>
/// <param name="Gaps">Months of which not all is known.</param>
/// <param name="Total">Of all lines.</param>
public sealed record PersonExpenses(
    ExpensePerson Person, IReadOnlyList<ExpenseLine> Lines, IReadOnlyList<PayeeSum> Payees, IReadOnlyList<MonthGap> Gaps, Sums Total);
