using System.CommandLine;
using System.Globalization;
using System.Text;
using EligibilityGateway.Benchmarks.Bulk;
using EligibilityGateway.Benchmarks.Floor;
using EligibilityGateway.Benchmarks.Idle;
using EligibilityGateway.Benchmarks.Load;
using EligibilityGateway.Benchmarks.Parts;
using EligibilityGateway.LoadTests;
using EligibilityGateway.LoadTests.Figures;
using EligibilityGateway.LoadTests.Idle;
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
        if (Read<LoadPeopleFigures>(folder, LoadPeopleCommand.Name) is { } load) AppendLoad(page, load);
        else AppendMissing(page, LoadPeopleCommand.Name);
        if (Read<ImportFeedFigures>(folder, ImportFeedCommand.Name) is { } import) AppendImport(page, import);
        else AppendMissing(page, ImportFeedCommand.Name);
        if (Read<BulkFigures>(folder, BulkCommand.Name) is { } bulk) AppendBulk(page, bulk);
        else AppendMissing(page, BulkCommand.Name);
        if (Read<IdleFigures>(folder, IdleRatioCommand.EchoName) is { } echo && Read<IdleFigures>(folder, IdleRatioCommand.Name) is { } idle) AppendIdle(page, echo, idle);
        else AppendMissing(page, IdleRatioCommand.Name);
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

    private static void AppendMissing(StringBuilder page, string command)
    {
        Line(page, $"Not measured yet: `dotnet run -c Release --project benchmarks -- {command}`.");
        Line(page, $"");
    }

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
        Line(page, $"| answered UNCONFIRMED | {p.Run.AnsweredByValidity.GetValueOrDefault("Unconfirmed")} |");
        Line(page, $"| gateway memory | {p.GatewayMemoryBytes >> 20} MiB |");
        Line(page, $"");
        Line(page, $"Gateway, Postgres, Redis and the generator share the machine's {peak.Machine.Cores} cores.");
        Line(page, $"");
    }

    private static void Line(StringBuilder page, FormattableString text) => page.AppendLine(text.ToString(CultureInfo.InvariantCulture));
}
