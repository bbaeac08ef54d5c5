using EligibilityGateway.Demo.Population;

namespace EligibilityGateway.Benchmarks.Load;

/// <summary>Both times in seconds, for the same rows.</summary>
internal sealed record LoadPeopleFigures(long People, long Rows, double LoadSeconds, double BareCopySeconds)
{
    /// <summary>Speed of the load as a share of the bare COPY's.</summary>
    public double Ratio => BareCopySeconds / LoadSeconds;

    public static LoadPeopleFigures Of(LoadComparisonResult result) =>
        new(result.People, result.Rows, result.Load.TotalSeconds, result.BareCopy.TotalSeconds);
}
