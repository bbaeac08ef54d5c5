using EligibilityGateway.Rules.Expenses.Tables;

namespace EligibilityGateway.Rules.Expenses;

/// <summary>What may be deducted from a year's income.</summary>
/// <param name="Income">The year's income (総所得金額等), as whoever files it says.</param>
/// <param name="Floor">What is never deducted.</param>
/// <param name="Amount">What is.</param>
public readonly record struct Deduction(long Income, long Floor, long Amount)
{
    /// <summary>5 % of the income, at most 100,000 yen, stay out; what is above counts up to 2,000,000 yen. A loss is an income of 0, parts of a yen of the 5 % fall away.</summary>
    public static Deduction Of(DeductionRule rule, long netInYear, long income)
    {
        // Divided first where the product might not fit: beyond that the floor is the fixed sum anyway.
        var share = income <= 0 ? 0 : income >= long.MaxValue / 100 ? rule.FloorYen : income * rule.FloorPercent / 100;
        var floor = Math.Min(rule.FloorYen, share);
        return new Deduction(income, floor, Math.Clamp(netInYear - floor, 0, rule.CapYen));
    }
}
