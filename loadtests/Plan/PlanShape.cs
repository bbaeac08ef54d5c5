namespace EligibilityGateway.LoadTests.Plan;

/// <summary>What a plan is made from. The same shape gives the same plan.</summary>
/// <param name="Rate">Taps per second, on average.</param>
/// <param name="WarmUp">First taps alone, not measured: they warm the code and are the ones that second taps follow at first.</param>
/// <param name="Measured">Length of the measured part.</param>
/// <param name="Terminals">Terminals: the first <see cref="Receptions"/> are receptions, the others pharmacies.</param>
/// <param name="Mix">Shares.</param>
/// <param name="Seed">Of the chance that draws arrivals and people.</param>
public sealed record PlanShape(double Rate, TimeSpan WarmUp, TimeSpan Measured, int Terminals, TapMix Mix, int Seed)
{
    /// <summary>Between a person's two taps at least; far more than an answer takes.</summary>
    public static readonly TimeSpan ShortestWalk = TimeSpan.FromSeconds(2);

    /// <summary>Receptions take the first taps and pharmacies the second, so each terminal has about the same load.</summary>
    public int Receptions => Math.Max(1, (int)Math.Round(Terminals * (1 - Mix.SecondTaps)));

    public bool IsPharmacy(int terminal) => terminal >= Receptions;
}
