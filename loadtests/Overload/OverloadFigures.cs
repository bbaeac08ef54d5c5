using System.Globalization;
using EligibilityGateway.LoadTests.Figures;

namespace EligibilityGateway.LoadTests.Overload;

/// <summary>The best rate of a gateway, and what is left of it when more than that is offered.</summary>
public sealed record OverloadFigures
{
    /// <summary>Of the best rate, that is still answered promptly when a multiple of it is offered.</summary>
    public const double GoodputGoal = 0.8;

    /// <summary>Of the best rate's goodput, that must be there again at the end.</summary>
    public const double SameMachine = 0.9;

    /// <summary>Length of each run's measured part.</summary>
    public required double Seconds { get; init; }

    /// <summary>The same load before that, not measured.</summary>
    public required double WarmUpSeconds { get; init; }

    public required int Terminals { get; init; }

    public required int Window { get; init; }

    public required long People { get; init; }

    /// <summary>At the highest rate that was carried.</summary>
    public required OverloadRun Best { get; init; }

    /// <summary>At multiples of it, with the multiple.</summary>
    public required IReadOnlyList<Multiple> Multiples { get; init; }

    /// <summary>At the best rate once more, after all else: whether the machine still is what it was when that rate was found.</summary>
    public OverloadRun? BestAgain { get; init; }

    /// <summary>Which goals were missed where, in one line; null where all were met.</summary>
    public string? Missed
    {
        get
        {
            var missed = new List<string>();
            if (Best.Unconfirmed > 0) missed.Add($"{Best.Unconfirmed} answers UNCONFIRMED at the best rate");
            foreach (var (times, run) in Multiples)
            {
                if (run.Goodput < GoodputGoal * Best.Rate)
                    missed.Add(string.Create(CultureInfo.InvariantCulture, $"goodput {run.Goodput:F0}/s at {times} x the best rate of {Best.Rate:F0}/s, less than {GoodputGoal} of it"));
                if (run.Unconfirmed > 0) missed.Add($"{run.Unconfirmed} answers UNCONFIRMED at {times} x");
                if (run.LateShare > OverloadRun.MostLate)
                    missed.Add($"{run.Run.SentLate} of {run.Run.Sent} taps not sent at their time at {times} x, {run.Run.HeldBack} of them held back by a full window: that load was not offered");
            }
            if (BestAgain is { } again && again.Goodput < SameMachine * Best.Goodput)
                missed.Add(string.Create(CultureInfo.InvariantCulture, $"at the best rate, offered again at the end, the goodput was {again.Goodput:F0}/s after {Best.Goodput:F0}/s: the machine got slower meanwhile, and the multiples are of no known rate"));
            return missed.Count == 0 ? null : $"Missed: {string.Join("; ", missed)}.";
        }
    }

    public FigureTable Table()
    {
        var table = new FigureTable(
            "rate", "offered/s", "goodput/s", "of best", "proved", "UNCONFIRMED", "busy", "errors", "sent late", "window full",
            "proved p50 ms", "p99 ms", "busy p99 ms", "us a tap: gateway", "Postgres", "Redis", "generator");
        Add("best", Best);
        foreach (var (times, run) in Multiples) Add($"{times} x", run);
        if (BestAgain is { } again) Add("best, again", again);
        return table;

        void Add(string name, OverloadRun run) => table.Add(
            name, Number(run.Offered), Number(run.Goodput), (run.Goodput / Best.Rate).ToString("F2", CultureInfo.InvariantCulture),
            Number(run.Run.Proved), Number(run.Unconfirmed), Number(run.Run.Busy), Number(run.Run.Errors), Number(run.Run.SentLate), Number(run.Run.HeldBack),
            Milliseconds(run.Run.ProvedMicroseconds.P50), Milliseconds(run.Run.ProvedMicroseconds.P99), run.Run.Busy == 0 ? "-" : Milliseconds(run.Run.BusyMicroseconds.P99),
            Number(run.CpuMicrosecondsPerTap.Gateway), Number(run.CpuMicrosecondsPerTap.Postgres), Number(run.CpuMicrosecondsPerTap.Redis), Number(run.CpuMicrosecondsPerTap.Generator));

        static string Number(double number) => number.ToString("F0", CultureInfo.InvariantCulture);
        static string Milliseconds(long microseconds) => (microseconds / 1000.0).ToString("F1", CultureInfo.InvariantCulture);
    }
}

/// <summary>A run at a multiple of the best rate.</summary>
public sealed record Multiple(int Times, OverloadRun Run);
