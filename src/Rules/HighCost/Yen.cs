namespace EligibilityGateway.Rules.HighCost;

/// <summary>Roundings of the law. All amounts are whole yen, never negative.</summary>
public static class Yen
{
    /// <summary>The share of a cost; half a yen up. Costs are points times ten, so that nothing is mostly left to round.</summary>
    public static long Share(long cost, int percent) => ((cost * percent) + 50) / 100;

    /// <summary>1 % of a cost; below 0.50 yen down, from there up (enforcement order, art. 42).</summary>
    public static long OnePercent(long cost) => Share(cost, 1);

    /// <summary>As collected at the window: to 10 yen, below 5 down, from there up (Health Insurance Act, art. 75).</summary>
    public static long ToTen(long amount) => (amount + 5) / 10 * 10;
}
