using System.CommandLine;
using System.Diagnostics;
using EligibilityGateway.Benchmarks.Report;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.Contracts;
using EligibilityGateway.LoadTests;
using EligibilityGateway.LoadTests.Drive;
using EligibilityGateway.LoadTests.Figures;
using EligibilityGateway.LoadTests.PeakHour;
using EligibilityGateway.LoadTests.Plan;
using EligibilityGateway.LoadTests.Processes;
using EligibilityGateway.LoadTests.Stand;
using EligibilityGateway.LoadTests.Terminals;

namespace EligibilityGateway.Benchmarks.Bulk;

/// <summary>Batches of appointments, and what the desks feel of them, in one run.</summary>
internal static class BulkCommand
{
    public const string Name = "bulk";

    /// <summary>A batch holds no more.</summary>
    private const int MostRows = 10_000;

    private const int Window = 4;
    private const int BatchesAlone = 5;

    /// <summary>The runtime has optimised what is run often after some 50,000 rows.</summary>
    private const int BatchesBefore = 5;

    /// <summary>Tokyo, medical, the last number there is: none of the desks'.</summary>
    private const string Hospital = "131999999";

    private static readonly TimeSpan OpenDeadline = TimeSpan.FromMinutes(2);

    public static Command Create()
    {
        var rows = OptionValues.WholeNumber("--rows", "Appointments in a batch.", MostRows, 1, MostRows);
        var rate = OptionValues.PositiveNumber("--rate", "The desks' look-ups a second.", 200);
        var seconds = OptionValues.PositiveNumber("--seconds", "Of the desks alone, and again of the desks beside batches.", 20);
        var warmUp = OptionValues.PositiveNumber("--warm-up", "Seconds of the desks' load before that.", 10);
        var terminals = OptionValues.WholeNumber("--terminals", "Desks, each with a connection of its own.", 100, 1, LoadOptions.MostTerminals);
        var people = StandOptions.People();
        var folder = StandOptions.Folder();
        var results = Results.Option();
        var command = new Command(Name, "Measures bulk look-ups of appointments, alone and beside the desks' single look-ups, and the desks' p99 without and with them.")
        {
            rows, rate, seconds, warmUp, terminals, people, folder, results,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var part = TimeSpan.FromSeconds(parsed.GetValue(seconds));
            var shape = new PlanShape(parsed.GetValue(rate), TimeSpan.FromSeconds(parsed.GetValue(warmUp)), 2 * part, parsed.GetValue(terminals), TapMix.Realistic, Seed: 1);
            var figures = await MeasureAsync(shape, part, parsed.GetValue(rows), parsed.GetValue(people), parsed.GetRequiredValue(folder), cancellation);
            FigureFile.Write(Name, figures, Results.FileOf(parsed.GetRequiredValue(results), Name));
            Console.WriteLine($"{figures.RowsPerSecondAlone:F0} rows/s alone, {figures.RowsPerSecondBesideDesks:F0} beside the desks, whose p99 is {figures.P99Ratio:F2} x as long meanwhile");
            return 0;
        });
        return command;
    }

    private static async Task<BulkFigures> MeasureAsync(PlanShape shape, TimeSpan part, int rows, long people, string folder, CancellationToken cancellation)
    {
        // 1. The stand, its people, the desks' taps.
        Progress.Tell($"opening the stand in {folder}, with {people:N0} people");
        var plan = TapPlan.Make(shape);
        var identities = TerminalNames.Of(shape);
        var hospital = new TerminalIdentity(InstitutionCode.Parse(Hospital + Luhn.CheckDigit(Hospital)), TerminalRole.Reception, "appointments", ProofClaims.None);
        await using var stand = await TestStand.OpenAsync(folder, cancellation);
        await StandPeople.LoadAsync(stand, people, cancellation);
        var cards = await StandPeople.EnsureCardsAsync(stand, plan.Cards, cancellation);
        var documents = await StandPeople.DocumentsAsync(stand, plan.Documents + rows, cancellation);
        var terminals = await StandTerminals.EnsureAsync(stand, [.. identities, hospital], cancellation);
        await new RedisWarmth(stand).FillAsync(plan, cards, documents, cancellation);

        // 2. The gateway, and batches that it does for nobody else.
        Progress.Tell("starting the gateway");
        var (gateway, address) = await stand.StartGatewayAsync(cancellation);
        await using var _ = gateway;
        using var site = new BulkSite(address, terminals[^1], documents.Skip(plan.Documents), stand.Clock);
        var (alone, cpuAlone) = await RunAloneAsync(site, gateway, cancellation);

        // 3. The desks alone, then the desks beside batches.
        Progress.Tell("signing the taps");
        var scenario = new TapRequests(plan, identities, cards, documents, stand.Keys.Challenges, stand.Clock);
        var requests = scenario.Make(cancellation);
        await using var fleet = await TerminalFleet.OpenAsync(address, terminals[..^1], Window, OpenDeadline, cancellation);
        var untilBegin = TimeSpan.FromTicks(Math.Max(0, (scenario.Begin - stand.Clock.GetUtcNow()).Ticks));
        var busyFrom = shape.WarmUp + part;
        Progress.Tell($"the desks for {part.TotalSeconds:0} s, then for {part.TotalSeconds:0} s beside batches, at {shape.Rate:0} taps a second");
        var begin = Stopwatch.GetTimestamp() + (long)(untilBegin.TotalSeconds * Stopwatch.Frequency);
        var batches = RunBesideAsync(site, untilBegin + busyFrom, part, cancellation);
        var ledger = await new OpenLoop(fleet.Streams).RunAsync(requests, begin, () => { }, cancellation);
        var beside = await batches;
        if (gateway.HasEnded) throw new MeasurementException($"The gateway ended in the middle of the run. {gateway.LastLines}");
        return new BulkFigures
        {
            Rows = rows,
            People = people,
            Rate = shape.Rate,
            Seconds = part.TotalSeconds,
            RowsPerSecondAlone = rows / Median(alone).TotalSeconds,
            GatewayCpuMicrosecondsPerRow = cpuAlone.TotalMicroseconds / ((double)rows * alone.Count),
            RowsPerSecondBesideDesks = rows / Median(beside).TotalSeconds,
            DesksAlone = RunTally.Of(ledger, request => request.Measured && request.At < busyFrom),
            DesksBesideBulk = RunTally.Of(ledger, request => request.At >= busyFrom),
        };
    }

    private static async Task<(List<TimeSpan> Batches, TimeSpan Cpu)> RunAloneAsync(BulkSite site, GuardedProcess gateway, CancellationToken cancellation)
    {
        for (var i = 0; i < BatchesBefore; i++) await site.RunAsync(cancellation);
        var before = gateway.Usage.Cpu;
        var batches = new List<TimeSpan>();
        while (batches.Count < BatchesAlone)
        {
            batches.Add(await site.RunAsync(cancellation));
            Progress.Tell($"a batch alone: {batches[^1].TotalMilliseconds:F0} ms");
        }
        return (batches, gateway.Usage.Cpu - before);
    }

    private static async Task<List<TimeSpan>> RunBesideAsync(BulkSite site, TimeSpan from, TimeSpan length, CancellationToken cancellation)
    {
        await Task.Delay(from, cancellation);
        var begun = Stopwatch.GetTimestamp();
        var batches = new List<TimeSpan>();
        while (Stopwatch.GetElapsedTime(begun) < length) batches.Add(await site.RunAsync(cancellation));
        return batches;
    }

    private static TimeSpan Median(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);
}
