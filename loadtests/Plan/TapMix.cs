namespace EligibilityGateway.LoadTests.Plan;

/// <summary>
/// Who taps, in shares of all taps. People are drawn from a large population and tap once or twice a day; a loop over a few hot
/// cards would measure nothing.
/// </summary>
/// <param name="FirstTaps">First tap of the day: the finding is in Redis and not in the process.</param>
/// <param name="SecondTaps">Reception, then pharmacy: the finding is in the process.</param>
/// <param name="ByCard">By card; the rest by symbol and number.</param>
public sealed record TapMix(double FirstTaps, double SecondTaps, double ByCard)
{
    public static readonly TapMix Realistic = new(0.60, 0.35, 2.0 / 3);

    /// <summary>The finding is in neither cache.</summary>
    public double ColdTaps => 1 - FirstTaps - SecondTaps;
}
