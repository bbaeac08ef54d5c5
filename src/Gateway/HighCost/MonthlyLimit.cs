using EligibilityGateway.Gateway.HighCost.Tables;

namespace EligibilityGateway.Gateway.HighCost;

/// <summary>The limits of a month in yen, from a class's row. docs/rules.md, section on amounts, names the sources.</summary>
public static class MonthlyLimit
{
    /// <summary>The limit on all that is aggregated.</summary>
    /// <param name="row">The class's figures in the month of treatment.</param>
    /// <param name="cost">Total cost of what is aggregated.</param>
    /// <param name="isMultipleHit">The fourth month or a later one within twelve: flat, where the class has that.</param>
    /// <param name="isHalved">A person's own limit in the month of the 75th birthday: base, threshold and multiple-hit are halved.</param>
    public static long Whole(LimitRow row, long cost, bool isMultipleHit, bool isHalved)
    {
        var figures = FiguresOf(row, isHalved);
        if (isMultipleHit && figures.MultipleHit is { } flat) return flat;
        if (figures.Threshold is not { } threshold) return figures.Base;
        // Below the threshold nothing is taken off: the limit is never less than its base.
        return figures.Base + Yen.OnePercent(Math.Max(0, cost - threshold));
    }

    /// <summary>What the limit is worked out from: the row's figures, or their halves.</summary>
    public static LimitFigures FiguresOf(LimitRow row, bool isHalved)
    {
        var part = PartOf(isHalved);
        return new LimitFigures(row.Base / part, row.Threshold / part, row.MultipleHit / part, row.Outpatient / part);
    }

    /// <summary>From 70: the limit on one person's outpatient shares; null where the class has none.</summary>
    public static long? Outpatient(LimitRow row, long cost, bool isHalved)
    {
        if (FiguresOf(row, isHalved).Outpatient is not { } limit) return null;
        if (row.Easing is not { } easing) return limit;
        var eased = easing.Base + Yen.Share(Math.Max(0, cost - easing.Threshold), easing.Percent);
        return Math.Min(limit, eased / PartOf(isHalved));
    }

    private static int PartOf(bool isHalved) => isHalved ? 2 : 1;
}
