using System.CommandLine;
using System.Globalization;
using System.Text;
using EligibilityGateway.Benchmarks.Floor;
using EligibilityGateway.LoadTests.Figures;
using EligibilityGateway.LoadTests.PeakHour;

namespace EligibilityGateway.Benchmarks.Report;

/// <summary>Writes docs/performance.md from the result files: figures are never put there by hand.</summary>
internal static class ReportCommand
{
    private const double RatioGoal = 2.5;
    private const double LatencyGoalMicroseconds = 10_000;

    public static Command Create()
    {
        var results = new Option<string>("--results") { Description = "Folder of the result files.", DefaultValueFactory = _ => Results.DefaultFolder };
        var output = new Option<string>("--output") { Description = "The page.", DefaultValueFactory = _ => "docs/performance.md" };
        var command = new Command("report", "Writes docs/performance.md from the result files.") { results, output };
        command.SetAction(parsed => File.WriteAllText(parsed.GetRequiredValue(output), Page(parsed.GetRequiredValue(results))));
        return command;
    }

    private static string Page(string folder)
    {
        var page = new StringBuilder();
        page.AppendLine("# Performance");
        page.AppendLine();
        page.AppendLine("Made by `dotnet run -c Release --project benchmarks -- report` from the files in docs/performance. Times on a shared machine say little; the ratios count.");
        page.AppendLine();
        if (Read<FloorFigures>(folder, FloorCommand.Name) is { } floor && Read<PeakHourFigures>(folder, PeakHourCommand.Name) is { } peak)
            AppendRatio(page, floor, peak);
        else
            page.AppendLine("Not measured yet: `dotnet run -c Release --project benchmarks -- ratio`.");
        return page.ToString();
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
        Line(page, $"| gateway memory | {p.GatewayMemoryBytes / (1024 * 1024)} MiB |");
    }

    private static void Line(StringBuilder page, FormattableString text) => page.AppendLine(text.ToString(CultureInfo.InvariantCulture));
}
