using EligibilityGateway.LoadTests.Drive;
using EligibilityGateway.LoadTests.FreshGateways;

namespace EligibilityGateway.LoadTests.Overload;

/// <summary>A fresh gateway at one rate.</summary>
public sealed record OverloadRun
{
    /// <summary>Of the intended start: an answer that comes later has kept the desk waiting.</summary>
    public static readonly TimeSpan Promptly = TimeSpan.FromMilliseconds(250);

    /// <summary>So many of all taps must be answered promptly for the rate to be carried.</summary>
    public const double CarriedShare = 0.99;

    /// <summary>Past this the run did not offer what it says.</summary>
    public const double MostLate = 0.05;

    /// <summary>As it was meant to be offered.</summary>
    public required double Rate { get; init; }

    /// <summary>Taps a second as they were drawn for that rate.</summary>
    public required double Offered { get; init; }

    /// <summary>Taps a second that were answered, proved, within <see cref="Promptly"/> of their intended start.</summary>
    public required double Goodput { get; init; }

    /// <summary>Answers UNCONFIRMED, those of the warm-up too: there is no moment in which they are in order.</summary>
    public required int Unconfirmed { get; init; }

    public required RunTally Run { get; init; }

    public required CpuPerTap CpuMicrosecondsPerTap { get; init; }

    public bool IsCarried => Goodput >= CarriedShare * Offered;

    public double LateShare => (double)Run.SentLate / Run.Sent;

    public static OverloadRun Of(FreshGatewayRun run, double rate, TimeSpan length)
    {
        var tally = RunTally.Of(run.Ledger);
        return new OverloadRun
        {
            Rate = rate,
            Offered = tally.Sent / length.TotalSeconds,
            Goodput = run.Ledger.MeasuredOutcomes.Count(outcome => outcome.IsProvedAnswer && outcome.Latency <= Promptly) / length.TotalSeconds,
            Unconfirmed = run.Ledger.OutcomesOf(_ => true).Count(outcome => outcome.IsUnconfirmed),
            Run = tally,
            CpuMicrosecondsPerTap = run.Cpu,
        };
    }
}
