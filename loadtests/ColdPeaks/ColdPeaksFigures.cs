using System.Globalization;
using EligibilityGateway.LoadTests.Figures;

namespace EligibilityGateway.LoadTests.ColdPeaks;

/// <summary>Gateways that were started into the peak, one after another, every second one beside a program that burns a core.</summary>
public sealed record ColdPeaksFigures
{
    public required double Rate { get; init; }

    /// <summary>Of each run, from the first tap on.</summary>
    public required double Seconds { get; init; }

    public required int Terminals { get; init; }

    public required int Window { get; init; }

    public required long People { get; init; }

    /// <summary>In their order.</summary>
    public required IReadOnlyList<ColdPeakRun> Runs { get; init; }

    /// <summary>Which goals were missed where, in one line; null where all were met.</summary>
    public string? Missed
    {
        get
        {
            var missed = Runs
                .Select((run, place) => (Name: $"run {place + 1}{(run.BesideBurner ? ", beside the burner" : "")}", Goals: string.Join(", ", run.Missed())))
                .Where(run => run.Goals.Length > 0)
                .Select(run => $"{run.Name}: {run.Goals}")
                .ToList();
            return missed.Count == 0 ? null : $"{missed.Count} of {Runs.Count} runs missed a goal: {string.Join("; ", missed)}.";
        }
    }

    public FigureTable Table()
    {
        var table = new FigureTable(
            "run", "burner", "sent", "proved", "UNCONFIRMED", "busy", "errors",
            "proved p50 ms", "p99", "max", "busy p50 ms", "p99", "max", "in 50 ms", "since written p99 ms", "in 50 ms", "sent late", "window full");
        foreach (var (place, run) in Runs.Index())
        {
            var tally = run.Run;
            table.Add(
                Count(place + 1), run.BesideBurner ? "yes" : "no", Count(tally.Sent), Count(tally.Proved), Count(tally.Unconfirmed), Count(tally.Busy), Count(tally.Errors),
                Milliseconds(tally.ProvedMicroseconds.P50), Milliseconds(tally.ProvedMicroseconds.P99), Milliseconds(tally.ProvedMicroseconds.Max),
                OfBusy(Milliseconds(tally.BusyMicroseconds.P50)), OfBusy(Milliseconds(tally.BusyMicroseconds.P99)), OfBusy(Milliseconds(tally.BusyMicroseconds.Max)),
                OfBusy(Share(run.BusyInTime)), OfBusy(Milliseconds(tally.BusySinceWrittenMicroseconds.P99)), OfBusy(Share(run.BusyInTimeSinceWritten)), Count(tally.SentLate), Count(tally.HeldBack));

            string OfBusy(string figure) => tally.Busy == 0 ? "-" : figure;
        }
        return table;

        static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);
        static string Milliseconds(long microseconds) => (microseconds / 1000.0).ToString("F1", CultureInfo.InvariantCulture);
        // Rounded down: 100 % is all of them.
        static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(share * 10_000) / 100:0.##} %");
    }
}
