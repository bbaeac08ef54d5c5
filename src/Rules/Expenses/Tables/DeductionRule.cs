namespace EligibilityGateway.Rules.Expenses.Tables;

/// <summary>How much of a year's expenses may be deducted from income (所得税法73条): a row of deduction.json.</summary>
/// <param name="FromYear">First calendar year.</param>
/// <param name="UntilYear">Last one, inclusive; null where open.</param>
/// <param name="FloorYen">What is never deducted, at most.</param>
/// <param name="FloorPercent">Of the year's income; the lower of both counts.</param>
/// <param name="CapYen">The most that is deducted.</param>
/// <param name="Verified">False while no primary text was seen.</param>
/// <param name="Sources">Where the figures come from.</param>
public sealed record DeductionRule(int FromYear, int? UntilYear, long FloorYen, int FloorPercent, long CapYen, bool Verified, IReadOnlyList<string> Sources)
{
    private static readonly IReadOnlyList<DeductionRule> All = PolicyFile<DeductionRule>.RowsOf("deduction.json");

    /// <summary>Null where no rule is known for the year: another year's never stands in.</summary>
    public static DeductionRule? Of(int year) => All.SingleOrDefault(rule => rule.FromYear <= year && !(rule.UntilYear < year));
}
