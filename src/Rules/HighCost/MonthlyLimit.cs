using EligibilityGateway.Rules.HighCost.Tables;

namespace EligibilityGateway.Rules.HighCost;

/// <summary>The limits of a month in yen, from a class's row. docs/rules.md, section on amounts, names the sources.</summary>
public static class MonthlyLimit
{
    /// <summary>The limit on all that is aggregated.</summary>
    /// <param name="row">The class's figures in the month of treatment.</param>
    /// <param name="cost">Total cost of what is aggregated.</param>
    /// <param name="isMultipleHit">The fourth month or a later one within twelve: flat, where the class has that.</param>
    /// <param name="part">What base, threshold and multiple-hit are divided by (<see cref="LimitHalves"/>).</param>
    public static long Whole(LimitRow row, long cost, bool isMultipleHit, int part = 1)
    {
        var figures = FiguresOf(row, part);
        if (isMultipleHit && figures.MultipleHit is { } flat) return flat;
        if (figures.Threshold is not { } threshold) return figures.Base;
        // Below the threshold nothing is taken off: the limit is never less than its base.
        return figures.Base + Yen.OnePercent(Math.Max(0, cost - threshold));
    }

    /// <summary>What the limit is worked out from: the row's figures, or a part of them.</summary>
    public static LimitFigures FiguresOf(LimitRow row, int part) => new(row.Base / part, row.Threshold / part, row.MultipleHit / part, row.Outpatient / part);

    /// <summary>From 70: the limit on one person's outpatient shares; null where the class has none.</summary>
    public static long? Outpatient(LimitRow row, long cost, int part = 1)
    {
        if (FiguresOf(row, part).Outpatient is not { } limit) return null;
        if (row.Easing is not { } easing) return limit;
        // The easing itself is never divided: it is what the patient paid before, and 3,000 yen more.
        return Math.Min(limit, easing.Base + Yen.Share(Math.Max(0, cost - easing.Threshold), easing.Percent));
    }
}
