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

    public static RunTally Of(RunLedger ledger) => Of(ledger, request => request.Measured);

    /// <summary>Of a part of a run.</summary>
    public static RunTally Of(RunLedger ledger, Func<PlannedRequest, bool> which)
    {
        var histogram = new LongHistogram(TimeSpan.FromMinutes(2).Ticks / TimeSpan.TicksPerMicrosecond, 3);
        var refused = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var validities = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var sources = new Dictionary<Source, int>();
        int sent = 0, answered = 0, busy = 0, errors = ledger.Strays;
        foreach (var outcome in ledger.OutcomesOf(which))
        {
            sent++;
            switch (outcome.Kind)
            {
                case OutcomeKind.Answered:
                    answered++;
                    Count(validities, outcome.Validity.ToString());
                    break;
                case OutcomeKind.Refused:
                    Count(refused, outcome.Reason.ToString());
                    break;
                case OutcomeKind.Busy:
                    busy++;
                    break;
                default:
                    errors++;
                    break;
            }
            if (outcome.Source is not Source.Unspecified) sources[outcome.Source] = sources.GetValueOrDefault(outcome.Source) + 1;
            if (outcome.Kind is not OutcomeKind.Unanswered)
                histogram.RecordValue(Math.Clamp((long)outcome.Latency.TotalMicroseconds, 1, histogram.HighestTrackableValue));
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
            LatencyMicroseconds = LatencyFigures.Of(histogram),
        };
    }

    private static void Count(SortedDictionary<string, int> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;
}

/// <summary>Quantiles of a histogram, in its own unit.</summary>
public sealed record LatencyFigures(long P50, long P90, long P99, long P999, long Max)
{
    public static LatencyFigures Of(HistogramBase histogram) => histogram.TotalCount == 0
        ? new LatencyFigures(0, 0, 0, 0, 0)
        : new LatencyFigures(
            histogram.GetValueAtPercentile(50),
            histogram.GetValueAtPercentile(90),
            histogram.GetValueAtPercentile(99),
            histogram.GetValueAtPercentile(99.9),
            histogram.GetMaxValue());
}
