using EligibilityGateway.Contracts.V1;
using HdrHistogram;

namespace EligibilityGateway.LoadTests.Drive;

/// <summary>The measured part of a run in figures. Latencies are in microseconds, from the intended start.</summary>
public sealed record RunTally
{
    public required int Sent { get; init; }

    public required int Answered { get; init; }

    public required IReadOnlyDictionary<string, int> RefusedByReason { get; init; }

    /// <summary>Answers by validity: valid, invalid, not found …</summary>
    public required IReadOnlyDictionary<string, int> AnsweredByValidity { get; init; }

    /// <summary>Shed with a retry delay.</summary>
    public required int Busy { get; init; }

    /// <summary>Problems, requests without an answer, and messages that answer nothing.</summary>
    public required int Errors { get; init; }

    /// <summary>Of those that say where the finding was: from the process's own memory.</summary>
    public required double ProcessHitRate { get; init; }

    public required double RedisHitRate { get; init; }

    public required double StoreRate { get; init; }

    public required LatencyFigures LatencyMicroseconds { get; init; }

    // What follows is zero in figures that were taken before it was counted.

    /// <summary>Answered, and proved against the store while it was recorded.</summary>
    public int Proved { get; init; }

    /// <summary>Answered UNCONFIRMED.</summary>
    public int Unconfirmed { get; init; }

    public LatencyFigures ProvedMicroseconds { get; init; } = LatencyFigures.None;

    public LatencyFigures BusyMicroseconds { get; init; } = LatencyFigures.None;

    /// <summary>Of busy replies, from when their request was handed to its connection.</summary>
    public LatencyFigures BusySinceWrittenMicroseconds { get; init; } = LatencyFigures.None;

    /// <summary>From the intended starts until the requests were handed to their connections.</summary>
    public LatencyFigures WrittenAfterMicroseconds { get; init; } = LatencyFigures.None;

    /// <summary>
    /// Requests that were not offered at their time: handed to their connection more than <see cref="RequestOutcome.Late"/> after their intended
    /// start, since the stream's window was full or the generator had no processor, or never.
    /// </summary>
    public int SentLate { get; init; }

    /// <summary>Requests that found their stream's window full: with more terminals or a larger window they would have gone out.</summary>
    public int HeldBack { get; init; }

    public static RunTally Of(RunLedger ledger) => Of(ledger, request => request.Measured);

    /// <summary>Of a part of a run.</summary>
    public static RunTally Of(RunLedger ledger, Func<PlannedRequest, bool> which)
    {
        LongHistogram all = Histogram(), proved = Histogram(), busyReplies = Histogram(), busySinceWritten = Histogram(), writtenAfter = Histogram();
        var refused = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var validities = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var sources = new Dictionary<Source, int>();
        int sent = 0, answered = 0, busy = 0, unconfirmed = 0, late = 0, heldBack = 0, errors = ledger.Strays;
        foreach (var outcome in ledger.OutcomesOf(which))
        {
            sent++;
            switch (outcome.Kind)
            {
                case OutcomeKind.Answered:
                    answered++;
                    if (outcome.IsUnconfirmed) unconfirmed++;
                    if (outcome.IsProvedAnswer) Record(proved, outcome.Latency);
                    Count(validities, outcome.Validity.ToString());
                    break;
                case OutcomeKind.Refused:
                    Count(refused, outcome.Reason.ToString());
                    break;
                case OutcomeKind.Busy:
                    busy++;
                    Record(busyReplies, outcome.Latency);
                    Record(busySinceWritten, outcome.SinceWritten);
                    break;
                default:
                    errors++;
                    break;
            }
            if (outcome.Source is not Source.Unspecified) sources[outcome.Source] = sources.GetValueOrDefault(outcome.Source) + 1;
            if (outcome.Kind is not OutcomeKind.Unanswered) Record(all, outcome.Latency);
            if (outcome.WrittenAfter is { } after) Record(writtenAfter, after);
            if (outcome.IsLate) late++;
            if (outcome.HeldBack) heldBack++;
        }
        var found = Math.Max(1, sources.Values.Sum());
        return new RunTally
        {
            Sent = sent,
            Answered = answered,
            RefusedByReason = refused,
            AnsweredByValidity = validities,
            Busy = busy,
            Errors = errors,
            ProcessHitRate = (double)sources.GetValueOrDefault(Source.Process) / found,
            RedisHitRate = (double)sources.GetValueOrDefault(Source.Redis) / found,
            StoreRate = (double)sources.GetValueOrDefault(Source.Store) / found,
            LatencyMicroseconds = LatencyFigures.Of(all),
            Proved = (int)proved.TotalCount,
            Unconfirmed = unconfirmed,
            ProvedMicroseconds = LatencyFigures.Of(proved),
            BusyMicroseconds = LatencyFigures.Of(busyReplies),
            BusySinceWrittenMicroseconds = LatencyFigures.Of(busySinceWritten),
            WrittenAfterMicroseconds = LatencyFigures.Of(writtenAfter),
            SentLate = late,
            HeldBack = heldBack,
        };
    }

    private static LongHistogram Histogram() => new(TimeSpan.FromMinutes(2).Ticks / TimeSpan.TicksPerMicrosecond, 3);

    private static void Record(LongHistogram histogram, TimeSpan time) =>
        histogram.RecordValue(Math.Clamp((long)time.TotalMicroseconds, 1, histogram.HighestTrackableValue));

    private static void Count(SortedDictionary<string, int> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;
}

/// <summary>Quantiles of a histogram, in its own unit.</summary>
public sealed record LatencyFigures(long P50, long P90, long P99, long P999, long Max)
{
    public static readonly LatencyFigures None = new(0, 0, 0, 0, 0);

    public static LatencyFigures Of(HistogramBase histogram) => histogram.TotalCount == 0
        ? None
        : new LatencyFigures(
            histogram.GetValueAtPercentile(50),
            histogram.GetValueAtPercentile(90),
            histogram.GetValueAtPercentile(99),
            histogram.GetValueAtPercentile(99.9),
            histogram.GetMaxValue());
}
