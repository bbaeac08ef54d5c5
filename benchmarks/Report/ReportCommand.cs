using System.CommandLine;
using System.Globalization;
using System.Text;
using EligibilityGateway.Benchmarks.Bulk;
using EligibilityGateway.Benchmarks.Floor;
using EligibilityGateway.Benchmarks.Idle;
using EligibilityGateway.Benchmarks.Load;
using EligibilityGateway.Benchmarks.Parts;
using EligibilityGateway.LoadTests;
using EligibilityGateway.LoadTests.ColdPeaks;
using EligibilityGateway.LoadTests.Drive;
using EligibilityGateway.LoadTests.Figures;
using EligibilityGateway.LoadTests.Guesses;
using EligibilityGateway.LoadTests.Idle;
using EligibilityGateway.LoadTests.Overload;
using EligibilityGateway.LoadTests.PeakHour;

namespace EligibilityGateway.Benchmarks.Report;

/// <summary>Writes docs/performance.md, and the figures in the README, from the result files: they are never put there by hand.</summary>
internal static class ReportCommand
{
    private const string SummaryBegins = "<!-- figures: benchmarks, report -->";
    private const string SummaryEnds = "<!-- end of figures -->";

    private const double RatioGoal = 2.5;
    private const double LatencyGoalMicroseconds = 10_000;
    private const double LoadGoal = 0.3;
    private const double ImportGoal = 0.2;
    private const double IdleGoal = 1.3;
    private const double BulkGoal = 10_000;
    private const double BulkLatencyGoal = 1.5;

    public static Command Create()
    {
        var results = Results.Option();
        var output = new Option<string>("--output") { Description = "The page.", DefaultValueFactory = _ => "docs/performance.md" };
        var readme = new Option<string>("--readme") { Description = "The page with the summary.", DefaultValueFactory = _ => "README.md" };
        var command = new Command("report", "Writes docs/performance.md, and the summary in the README, from the result files.") { results, output, readme };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetRequiredValue(results);
            File.WriteAllText(parsed.GetRequiredValue(output), Page(folder));
            PutSummary(parsed.GetRequiredValue(readme), Summary(folder));
        });
        return command;
    }

    private static string Page(string folder)
    {
        var page = new StringBuilder();
        page.AppendLine("# Performance");
        page.AppendLine();
        page.AppendLine("Made by `dotnet run -c Release --project benchmarks -- report` from the files in docs/performance. Times on a shared machine say little; the ratios count. What helped and what did not: [decisions/008](decisions/008-under-load.md).");
        page.AppendLine();
        if (Read<FloorFigures>(folder, FloorCommand.Name) is { } floor && Read<PeakHourFigures>(folder, PeakHourCommand.Name) is { } peak) AppendRatio(page, floor, peak);
        else AppendMissing(page, "ratio");
        if (Read<ColdPeaksFigures>(folder, ColdPeaksCommand.Name) is { } coldPeaks) AppendColdPeaks(page, coldPeaks);
        else AppendMissing(page, $"{ColdPeaksCommand.Name} --json {Results.FileOf(Results.DefaultFolder, ColdPeaksCommand.Name)}", project: "loadtests");
        if (Read<OverloadFigures>(folder, OverloadCommand.Name) is { } overload) AppendOverload(page, overload);
        else AppendMissing(page, $"{OverloadCommand.Name} --json {Results.FileOf(Results.DefaultFolder, OverloadCommand.Name)}", project: "loadtests");
        if (Read<LoadPeopleFigures>(folder, LoadPeopleCommand.Name) is { } load) AppendLoad(page, load);
        else AppendMissing(page, LoadPeopleCommand.Name);
        if (Read<ImportFeedFigures>(folder, ImportFeedCommand.Name) is { } import) AppendImport(page, import);
        else AppendMissing(page, ImportFeedCommand.Name);
        if (Read<BulkFigures>(folder, BulkCommand.Name) is { } bulk) AppendBulk(page, bulk);
        else AppendMissing(page, BulkCommand.Name);
        if (Read<IdleFigures>(folder, IdleRatioCommand.EchoName) is { } echo && Read<IdleFigures>(folder, IdleRatioCommand.Name) is { } idle) AppendIdle(page, echo, idle);
        else AppendMissing(page, IdleRatioCommand.Name);
        if (Read<GuessesFigures>(folder, GuessesCommand.Name) is { } guesses) AppendGuesses(page, guesses);
        else AppendMissing(page, $"{GuessesCommand.Name} --json {Results.FileOf(Results.DefaultFolder, GuessesCommand.Name)}", project: "loadtests");
        if (Read<PartsFigures>(folder, PartsCommand.Name) is { } parts) AppendParts(page, parts);
        else AppendMissing(page, PartsCommand.Name);
        return page.ToString();
    }

    /// <summary>What is measured against its goal; what was not measured has no row.</summary>
    private static string Summary(string folder)
    {
        var table = new StringBuilder();
        Line(table, $"| | measured | goal |");
        Line(table, $"|---|---|---|");
        if (Read<FloorFigures>(folder, FloorCommand.Name)?.Figures is { } floor && Read<PeakHourFigures>(folder, PeakHourCommand.Name) is { Machine: var machine, Figures: var peak })
        {
            Line(table, $"| CPU of a recorded answer against the floor (null echo over mTLS, RSA verification, Redis GET) | {peak.GatewayCpuMicrosecondsPerAnswer / floor.FloorMicroseconds:F2} x | at most {RatioGoal} x |");
            Line(table, $"| p99 at {peak.Rate:F0} answers a second, open loop, all on {machine.Cores} cores | {peak.Run.LatencyMicroseconds.P99 / 1000.0:F1} ms | at most {LatencyGoalMicroseconds / 1000:F0} ms |");
        }
        if (Read<ColdPeaksFigures>(folder, ColdPeaksCommand.Name)?.Figures is { } coldPeaks) SumUp(table, coldPeaks);
        if (Read<OverloadFigures>(folder, OverloadCommand.Name)?.Figures is { } overload) SumUp(table, overload);
        if (Read<LoadPeopleFigures>(folder, LoadPeopleCommand.Name)?.Figures is { } load)
            Line(table, $"| loading {load.People:N0} people, against a bare COPY of their rows | {load.Ratio:F2} x the speed | at least {LoadGoal} x |");
        if (Read<ImportFeedFigures>(folder, ImportFeedCommand.Name)?.Figures is { } import)
            Line(table, $"| an insurers' file of {import.Changes:N0} changes, checked and applied, against a bare COPY of their rows | {import.Ratio:F2} x the speed | at least {ImportGoal} x |");
        if (Read<BulkFigures>(folder, BulkCommand.Name)?.Figures is { } bulk)
        {
            Line(table, $"| bulk look-up of {bulk.Rows:N0} appointments | {bulk.RowsPerSecondAlone:N0} rows/s | at least {BulkGoal:N0} rows/s |");
            Line(table, $"| the desks' p99 beside batches that never end, against without, at {bulk.Rate:F0} look-ups a second | {bulk.P99Ratio:F2} x | at most {BulkLatencyGoal} x |");
        }
        if (Read<IdleFigures>(folder, IdleRatioCommand.EchoName)?.Figures is { } echo && Read<IdleFigures>(folder, IdleRatioCommand.Name)?.Figures is { } idle)
            Line(table, $"| memory with {idle.Terminals:N0} idle terminals, against a null echo's | {(double)idle.WithAllBytes / echo.WithAllBytes:F2} x | at most {IdleGoal} x |");
        return table.ToString();
    }

    private static void PutSummary(string readme, string summary)
    {
        var text = File.ReadAllText(readme);
        var (begin, end) = (text.IndexOf(SummaryBegins, StringComparison.Ordinal), text.IndexOf(SummaryEnds, StringComparison.Ordinal));
        if (begin < 0 || end < begin) throw new MeasurementException($"{readme} has no lines \"{SummaryBegins}\" and \"{SummaryEnds}\" to put the figures between.");
        File.WriteAllText(readme, $"{text[..begin]}{SummaryBegins}\n{summary}{text[end..]}");
    }

    private static void SumUp(StringBuilder table, ColdPeaksFigures figures)
    {
        var (alone, beside) = (figures.Runs.Where(run => !run.BesideBurner).ToList(), figures.Runs.Where(run => run.BesideBurner).ToList());
        Line(table, $"| answers UNCONFIRMED in {figures.Runs.Count} cold starts at {figures.Rate:F0} taps a second | {figures.Runs.Sum(run => run.Run.Unconfirmed)} | 0 |");
        if (alone.Count > 0) Line(table, $"| … answered and proved, in the worst of them | {Percent(alone.Min(ProvedShare))} | 100 % |");
        if (beside.Count == 0) return;
        Line(table, $"| … the same beside a program that burns one core | {Percent(beside.Min(ProvedShare))} | at least 50 %, the rest told busy |");
        if (beside.Any(run => run.Run.Busy > 0))
            Line(table, $"| … of those told busy, within {ColdPeakRun.BusyWithin.TotalMilliseconds:F0} ms, in the worst of them | {Percent(beside.Min(run => run.BusyInTimeSinceWritten))} | 100 % |");
    }

    private static void SumUp(StringBuilder table, OverloadFigures figures)
    {
        Line(table, $"| best rate: {100 * OverloadRun.CarriedShare:F0} % answered and proved within {OverloadRun.Promptly.TotalMilliseconds:F0} ms | {figures.Best.Rate:N0} taps/s | |");
        foreach (var (times, run) in figures.Multiples)
            Line(table, $"| … of it, still answered so when {times} x as much is offered | {run.Goodput / figures.Best.Rate:F2} | at least {OverloadFigures.GoodputGoal} |");
    }

    private static void AppendMissing(StringBuilder page, string command, string project = "benchmarks")
    {
        Line(page, $"Not measured yet: `dotnet run -c Release --project {project} -- {command}`.");
        Line(page, $"");
    }

    private static void AppendColdPeaks(StringBuilder page, Taken<ColdPeaksFigures> taken)
    {
        var figures = taken.Figures;
        var within = ColdPeakRun.BusyWithin.TotalMilliseconds;
        Line(page, $"## Cold starts at the peak");
        Line(page, $"");
        Line(page, $"{taken.Machine}; {taken.TakenAt:yyyy-MM-dd}. {figures.Runs.Count} gateways one after another, each with an empty journal; {figures.Rate:F0} taps a second for {figures.Seconds:F0} s from the moment that its {figures.Terminals} terminals are connected, window {figures.Window}, {figures.People:N0} people. Everything counts from the first tap on.");
        Line(page, $"Every second one beside a program that burns one core. Goals: no answer UNCONFIRMED; without the burner all answered and proved; with it at least half, and the rest told busy within {within:F0} ms.");
        Line(page, $"");
        Line(page, $"| run | burner | sent | proved | UNCONFIRMED | busy | errors | proved: p50, p99, max, ms | busy: p50, p99, max, ms | within {within:F0} ms | busy since written: p99, ms | within {within:F0} ms | sent late | window full |");
        Line(page, $"|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var (place, run) in figures.Runs.Index())
        {
            var tally = run.Run;
            Line(page, $"| {place + 1} | {(run.BesideBurner ? "yes" : "no")} | {tally.Sent} | {tally.Proved} | {tally.Unconfirmed} | {tally.Busy} | {tally.Errors} | {Milliseconds(tally.ProvedMicroseconds)} | {OfBusy(run)} | {tally.SentLate} | {tally.HeldBack} |");
        }
        Line(page, $"");
        Line(page, $"Latencies count from the intended start; \"since written\" counts from when the generator handed the tap to its connection, and the goal for busy replies is judged by that: the generator shares the {taken.Machine.Cores} cores, and the time that a tap waits for the generator's own turn is not the gateway's. Sent late: handed over more than {RequestOutcome.Late.TotalMilliseconds:F0} ms after the intended start, or never; window full: the tap's stream had {figures.Window} others under way.");
        AppendGoals(page, figures.Missed);
    }

    private static void AppendOverload(StringBuilder page, Taken<OverloadFigures> taken)
    {
        var figures = taken.Figures;
        var prompt = OverloadRun.Promptly.TotalMilliseconds;
        Line(page, $"## Overload");
        Line(page, $"");
        Line(page, $"{taken.Machine}; {taken.TakenAt:yyyy-MM-dd}. {figures.Seconds:F0} s each{(figures.WarmUpSeconds > 0 ? string.Create(CultureInfo.InvariantCulture, $" after {figures.WarmUpSeconds:F0} s of the same load") : "")}, a fresh gateway each time as above, {figures.Terminals} terminals, window {figures.Window}, {figures.People:N0} people. The best rate is the highest at which {100 * OverloadRun.CarriedShare:F0} % of the taps are answered and proved within {prompt:F0} ms of their intended start; it is found to {100 * (BestRateSearch<OverloadRun>.Precision - 1):F0} %.");
        Line(page, $"");
        Line(page, $"| rate | offered/s | goodput/s | of the best rate | busy | UNCONFIRMED | errors | sent late | window full | proved: p50, p99, ms | busy: p99, ms |");
        Line(page, $"|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var (name, run) in Named(figures))
        {
            var tally = run.Run;
            Line(page, $"| {name} | {run.Offered:F0} | {run.Goodput:F0} | {run.Goodput / figures.Best.Rate:F2} | {tally.Busy} | {run.Unconfirmed} | {tally.Errors} | {tally.SentLate} | {tally.HeldBack} | {tally.ProvedMicroseconds.P50 / 1000.0:F1}, {tally.ProvedMicroseconds.P99 / 1000.0:F1} | {(tally.Busy == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{tally.BusyMicroseconds.P99 / 1000.0:F1}"))} |");
        }
        Line(page, $"");
        Line(page, $"Goodput: answers proved within {prompt:F0} ms of the intended start, a second; goal at least {OverloadFigures.GoodputGoal} of the best rate at each multiple, and no answer UNCONFIRMED.");
        Line(page, $"");
        Line(page, $"| CPU, us an offered tap | gateway | Postgres | Redis | generator |");
        Line(page, $"|---|---|---|---|---|");
        foreach (var (name, run) in Named(figures))
        {
            var cpu = run.CpuMicrosecondsPerTap;
            Line(page, $"| {name} | {cpu.Gateway:F0} | {cpu.Postgres:F0} | {cpu.Redis:F0} | {cpu.Generator:F0} |");
        }
        AppendGoals(page, figures.Missed);

        static IEnumerable<(string Name, OverloadRun Run)> Named(OverloadFigures figures) =>
            [
                ("best", figures.Best), .. figures.Multiples.Select(multiple => ($"{multiple.Times} x", multiple.Run)),
                .. figures.BestAgain is { } again ? new[] { ("best, again", again) } : [],
            ];
    }

    private static void AppendGoals(StringBuilder page, string? missed)
    {
        Line(page, $"");
        Line(page, $"{missed ?? "All goals were met."}");
        Line(page, $"");
    }

    private static string OfBusy(ColdPeakRun run) => run.Run.Busy == 0
        ? "– | – | – | –"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{Milliseconds(run.Run.BusyMicroseconds)} | {Percent(run.BusyInTime)} | {run.Run.BusySinceWrittenMicroseconds.P99 / 1000.0:F1} | {Percent(run.BusyInTimeSinceWritten)}");

    private static double ProvedShare(ColdPeakRun run) => (double)run.Run.Proved / run.Run.Sent;

    /// <summary>Rounded down: 100 % is all of them.</summary>
    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(share * 10_000) / 100:0.##} %");

    private static string Milliseconds(LatencyFigures latency) =>
        string.Create(CultureInfo.InvariantCulture, $"{latency.P50 / 1000.0:F1}, {latency.P99 / 1000.0:F1}, {latency.Max / 1000.0:F1}");

    private static void AppendLoad(StringBuilder page, Taken<LoadPeopleFigures> taken)
    {
        var figures = taken.Figures;
        Line(page, $"## Loading people");
        Line(page, $"");
        Line(page, $"{taken.Machine}; {taken.TakenAt:yyyy-MM-dd}. {figures.People:N0} people, {figures.Rows:N0} rows, into tables with their indexes and foreign keys.");
        Line(page, $"");
        Line(page, $"| | s |");
        Line(page, $"|---|---|");
        Line(page, $"| making and loading them | {figures.LoadSeconds:F1} |");
        Line(page, $"| bare COPY of the same rows | {figures.BareCopySeconds:F1} |");
        Line(page, $"| **speed against the bare COPY** (at least {LoadGoal}) | **{figures.Ratio:F2}** |");
        Line(page, $"");
    }

    private static void AppendImport(StringBuilder page, Taken<ImportFeedFigures> taken)
    {
        var figures = taken.Figures;
        Line(page, $"## An insurers' file");
        Line(page, $"");
        Line(page, $"{taken.Machine}; {taken.TakenAt:yyyy-MM-dd}. A correction of each of {figures.Changes:N0} coverages among as many people, applied in {figures.Steps} transactions that raise the versions of persons and documents.");
        Line(page, $"");
        Line(page, $"| | s |");
        Line(page, $"|---|---|");
        Line(page, $"| read, checked and accepted | {figures.AcceptedSeconds:F1} |");
        Line(page, $"| … and applied | {figures.AppliedSeconds:F1} |");
        Line(page, $"| bare COPY of the same rows, indexes and foreign keys, no versions | {figures.BareCopySeconds:F1} |");
        Line(page, $"| **speed against the bare COPY** (at least {ImportGoal}) | **{figures.Ratio:F2}** |");
        Line(page, $"");
    }

    private static void AppendBulk(StringBuilder page, Taken<BulkFigures> taken)
    {
        var figures = taken.Figures;
        var (alone, beside) = (figures.DesksAlone.LatencyMicroseconds, figures.DesksBesideBulk.LatencyMicroseconds);
        Line(page, $"## Bulk look-up of appointments");
        Line(page, $"");
        Line(page, $"{taken.Machine}; {taken.TakenAt:yyyy-MM-dd}. Batches of {figures.Rows:N0} rows among {figures.People:N0} people, from the hand-in to the last result; each row decided, proved, recorded and sealed.");
        Line(page, $"The desks' look-ups: {figures.Rate:F0} a second by the realistic mix, for {figures.Seconds:F0} s without and {figures.Seconds:F0} s with one batch after the other.");
        Line(page, $"");
        Line(page, $"| | |");
        Line(page, $"|---|---|");
        Line(page, $"| **rows a second, nobody else at the gateway** (at least {BulkGoal:N0}) | **{figures.RowsPerSecondAlone:N0}** |");
        Line(page, $"| … beside the desks | {figures.RowsPerSecondBesideDesks:N0} |");
        Line(page, $"| gateway's CPU for a row, us | {figures.GatewayCpuMicrosecondsPerRow:F0} |");
        Line(page, $"| the desks alone: p50, p99, us | {alone.P50}, {alone.P99} |");
        Line(page, $"| the desks beside batches: p50, p99, us | {beside.P50}, {beside.P99} |");
        Line(page, $"| **p99 beside batches against without** (at most {BulkLatencyGoal}) | **{figures.P99Ratio:F2}** |");
        Line(page, $"| the desks' busy, errors, UNCONFIRMED beside batches | {figures.DesksBesideBulk.Busy}, {figures.DesksBesideBulk.Errors}, {figures.DesksBesideBulk.AnsweredByValidity.GetValueOrDefault("Unconfirmed")} |");
        Line(page, $"");
    }

    private static void AppendIdle(StringBuilder page, Taken<IdleFigures> echo, Taken<IdleFigures> gateway)
    {
        var (e, g) = (echo.Figures, gateway.Figures);
        Line(page, $"## Memory of idle terminals");
        Line(page, $"");
        Line(page, $"{gateway.Machine}; {gateway.TakenAt:yyyy-MM-dd}. {g.Terminals:N0} terminals, each with a connection of its own, resident after ten quiet seconds.");
        Line(page, $"");
        Line(page, $"| | before, MiB | with all, MiB | KiB a terminal |");
        Line(page, $"|---|---|---|---|");
        Line(page, $"| null echo | {e.BeforeBytes >> 20} | {e.WithAllBytes >> 20} | {e.BytesPerTerminal / 1024:F0} |");
        Line(page, $"| gateway | {g.BeforeBytes >> 20} | {g.WithAllBytes >> 20} | {g.BytesPerTerminal / 1024:F0} |");
        Line(page, $"| **ratio** (at most {IdleGoal}) | | **{(double)g.WithAllBytes / e.WithAllBytes:F2}** | {g.BytesPerTerminal / e.BytesPerTerminal:F2} |");
        Line(page, $"");
    }

    private static void AppendGuesses(StringBuilder page, Taken<GuessesFigures> taken)
    {
        var figures = taken.Figures;
        Line(page, $"## Guesses");
        Line(page, $"");
        Line(page, $"{taken.Machine}; {taken.TakenAt:yyyy-MM-dd}. {figures.Pairs:N0} look-ups of each sort by one terminal, one after the other in a random order; each finds nobody.");
        Line(page, $"");
        Line(page, $"| | median, us |");
        Line(page, $"|---|---|");
        Line(page, $"| a number that nobody has | {figures.UnknownNumberMedian} |");
        Line(page, $"| a number that somebody has, with a wrong birth date | {figures.WrongBirthDateMedian} |");
        Line(page, $"| **difference** (at most {GuessesFigures.Goal}) | **{figures.Difference}** |");
        Line(page, $"");
    }

    private static void AppendParts(StringBuilder page, Taken<PartsFigures> taken)
    {
        Line(page, $"## Pieces of a tap's way");
        Line(page, $"");
        Line(page, $"{taken.Machine}; {taken.TakenAt:yyyy-MM-dd}. BenchmarkDotNet, short runs. Record: one statement for a group, from the gateway's process to Postgres's commit on disk.");
        Line(page, $"");
        Line(page, $"| piece | us | ± us | bytes allocated |");
        Line(page, $"|---|---|---|---|");
        foreach (var part in taken.Figures.Parts)
            Line(page, $"| {part.Part} | {part.Microseconds:F1} | {part.ErrorMicroseconds:F1} | {part.AllocatedBytes:N0} |");
        Line(page, $"");
    }

    private static Taken<T>? Read<T>(string folder, string measurement)
    {
        var file = Results.FileOf(folder, measurement);
        return File.Exists(file) ? FigureFile.Read<T>(file) : null;
    }

    private static void AppendRatio(StringBuilder page, Taken<FloorFigures> floor, Taken<PeakHourFigures> peak)
    {
        var (f, p) = (floor.Figures, peak.Figures);
        var latency = p.Run.LatencyMicroseconds;
        Line(page, $"## CPU of an answer against its floor");
        Line(page, $"");
        Line(page, $"{peak.Machine}; {peak.TakenAt:yyyy-MM-dd}. {p.Rate:F0} taps a second for {p.Seconds:F0} s, {p.Terminals} terminals, window {p.Window}, {p.People:N0} people, {p.DistinctCards:N0} cards.");
        Line(page, $"");
        Line(page, $"| part | us | share | us a tap |");
        Line(page, $"|---|---|---|---|");
        Line(page, $"| null echo over mTLS | {f.EchoMicroseconds:F0} | 100 % | {f.EchoMicroseconds:F0} |");
        Line(page, $"| RSA-2048 verification, fresh key | {f.VerificationMicroseconds:F0} | {100 * f.VerificationShare:F0} % | {f.VerificationShare * f.VerificationMicroseconds:F0} |");
        Line(page, $"| Redis GET | {f.RedisGetMicroseconds:F0} | {100 * f.RedisGetShare:F0} % | {f.RedisGetShare * f.RedisGetMicroseconds:F0} |");
        Line(page, $"| floor | | | {f.FloorMicroseconds:F0} |");
        Line(page, $"| gateway, CPU per recorded answer | | | {p.GatewayCpuMicrosecondsPerAnswer:F0} |");
        Line(page, $"| **ratio** (at most {RatioGoal}) | | | **{p.GatewayCpuMicrosecondsPerAnswer / f.FloorMicroseconds:F2}** |");
        Line(page, $"");
        Line(page, $"The floor holds no verification of a certificate: the card office's binding verified it, so a tap needs none. That makes the floor lower and the ratio stricter.");
        Line(page, $"");
        Line(page, $"## The run");
        Line(page, $"");
        Line(page, $"| | |");
        Line(page, $"|---|---|");
        Line(page, $"| sent, answered, busy, errors | {p.Run.Sent}, {p.Run.Answered}, {p.Run.Busy}, {p.Run.Errors} |");
        Line(page, $"| from the process, Redis, store | {p.Run.ProcessHitRate:P1}, {p.Run.RedisHitRate:P1}, {p.Run.StoreRate:P1} |");
        Line(page, $"| p50, p90, p99, p99.9, max, us from the intended start | {latency.P50}, {latency.P90}, {latency.P99}, {latency.P999}, {latency.Max} |");
        Line(page, $"| p99 goal | at most {LatencyGoalMicroseconds:F0} us |");
        Line(page, $"| the null echo's p50, p99 at the same rate | {f.Echo.LatencyMicroseconds.P50}, {f.Echo.LatencyMicroseconds.P99} |");
        if (f.GeneratorMicroseconds is { } generator) Line(page, $"| the generator's own CPU for a message of the echo, us | {generator:F0} |");
        Line(page, $"| answered UNCONFIRMED | {p.Run.AnsweredByValidity.GetValueOrDefault("Unconfirmed")} |");
        Line(page, $"| gateway memory | {p.GatewayMemoryBytes >> 20} MiB |");
        Line(page, $"");
        Line(page, $"Gateway, Postgres, Redis and the generator share the machine's {peak.Machine.Cores} cores.");
        Line(page, $"");
    }

    private static void Line(StringBuilder page, FormattableString text) => page.AppendLine(text.ToString(CultureInfo.InvariantCulture));
}
