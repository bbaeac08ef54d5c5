using EligibilityGateway.LoadTests.Drive;
using EligibilityGateway.LoadTests.FreshGateways;

namespace EligibilityGateway.LoadTests.ColdPeaks;

/// <summary>One cold start into the peak.</summary>
public sealed record ColdPeakRun
{
    /// <summary>A desk that hears "busy" at once goes on with something else; one that waits for it has lost the time twice.</summary>
    public static readonly TimeSpan BusyWithin = TimeSpan.FromMilliseconds(50);

    /// <summary>One program burnt a core beside it.</summary>
    public required bool BesideBurner { get; init; }

    public required RunTally Run { get; init; }

    /// <summary>Share of the busy replies that came within <see cref="BusyWithin"/> of their tap's intended start; 1 where there were none.</summary>
    public required double BusyInTime { get; init; }

    /// <summary>
    /// The same from the moment when the tap was handed to its connection. The goal is judged by this one: the generator shares the
    /// machine with the gateway, and the time that a tap waits for the generator's own turn is not the gateway's. The time that the
    /// generator takes until it reads the reply is still in it.
    /// </summary>
    public required double BusyInTimeSinceWritten { get; init; }

    public required CpuPerTap CpuMicrosecondsPerTap { get; init; }

    /// <summary>How much of a core the burner got; null without one.</summary>
    public required double? CoresBurnt { get; init; }

    public static ColdPeakRun Of(FreshGatewayRun run)
    {
        var tally = RunTally.Of(run.Ledger);
        var busy = run.Ledger.MeasuredOutcomes.Where(outcome => outcome.Kind is OutcomeKind.Busy).ToList();
        return new ColdPeakRun
        {
            BesideBurner = run.CoresBurnt is not null,
            Run = tally,
            BusyInTime = Share(busy, outcome => outcome.Latency <= BusyWithin),
            BusyInTimeSinceWritten = Share(busy, outcome => outcome.SinceWritten <= BusyWithin),
            CpuMicrosecondsPerTap = run.Cpu,
            CoresBurnt = run.CoresBurnt,
        };
    }

    /// <summary>Which goals the run missed, in words; none where it met them all.</summary>
    public IEnumerable<string> Missed()
    {
        if (Run.Unconfirmed > 0) yield return $"{Run.Unconfirmed} answers UNCONFIRMED";
        if (Run.Errors > 0) yield return $"{Run.Errors} errors";
        if (!BesideBurner)
        {
            if (Run.Proved < Run.Sent) yield return $"{Run.Proved} of {Run.Sent} taps answered and proved";
            yield break;
        }
        if (2 * Run.Proved < Run.Sent) yield return $"{Run.Proved} of {Run.Sent} taps answered and proved, less than half";
        if (Run.Proved + Run.Busy < Run.Sent) yield return $"{Run.Sent - Run.Proved - Run.Busy} taps neither proved nor told busy";
        if (BusyInTimeSinceWritten < 1)
            yield return $"{(1 - BusyInTimeSinceWritten) * Run.Busy:F0} of {Run.Busy} busy replies later than {BusyWithin.TotalMilliseconds:F0} ms";
    }

    private static double Share(List<RequestOutcome> outcomes, Func<RequestOutcome, bool> counts) =>
        outcomes.Count == 0 ? 1 : (double)outcomes.Count(counts) / outcomes.Count;
}
