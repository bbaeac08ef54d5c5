using System.Globalization;

namespace EligibilityGateway.Demo.Population;

/// <summary>Both times, for the same rows.</summary>
public sealed record LoadComparisonResult(long People, long Rows, TimeSpan Load, TimeSpan BareCopy)
{
    /// <summary>Speed of the load as a share of the bare COPY's: 1 is as fast.</summary>
    public double Ratio => BareCopy / Load;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{People:N0} people, {Rows:N0} rows: load {Load.TotalSeconds:F1} s, bare COPY {BareCopy.TotalSeconds:F1} s, {Ratio:F2} x the speed of the bare COPY");
}
