namespace EligibilityGateway.Benchmarks.Load;

/// <summary>Times in seconds, for the same changes: until they are accepted, until they are in force, and bare.</summary>
internal sealed record ImportFeedFigures(long Changes, int Steps, double AcceptedSeconds, double AppliedSeconds, double BareCopySeconds)
{
    /// <summary>Speed of the whole import as a share of the bare COPY's.</summary>
    public double Ratio => BareCopySeconds / AppliedSeconds;
}
