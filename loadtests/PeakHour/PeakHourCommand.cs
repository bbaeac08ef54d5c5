using System.CommandLine;
using System.Diagnostics;
using EligibilityGateway.LoadTests.Drive;
using EligibilityGateway.LoadTests.Figures;
using EligibilityGateway.LoadTests.Plan;
using EligibilityGateway.LoadTests.Processes;
using EligibilityGateway.LoadTests.Stand;
using EligibilityGateway.LoadTests.Terminals;

namespace EligibilityGateway.LoadTests.PeakHour;

/// <summary>The realistic mix against a real gateway process over real gRPC and mTLS, open loop.</summary>
public static class PeakHourCommand
{
    public const string Name = "peak-hour";

    private static readonly TimeSpan OpenDeadline = TimeSpan.FromMinutes(2);

    public static Command Create()
    {
        var options = new LoadOptions();
        var people = StandOptions.People();
        var folder = StandOptions.Folder();
        var command = new Command(Name, "Plays the realistic mix of taps against a gateway that it starts, with Postgres and Redis of its own.") { people, folder };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var shape = options.Shape(parsed);
            var figures = await MeasureAsync(shape, options.Window(parsed), parsed.GetValue(people), parsed.GetRequiredValue(folder), cancellation);
            FigureFile.Write(Name, figures, options.Json(parsed));
            if (figures.WorthNothing(shape.Mix) is not { } why) return 0;
            await Console.Error.WriteLineAsync(why);
            return 1;
        });
        return command;
    }

    public static async Task<PeakHourFigures> MeasureAsync(PlanShape shape, int window, long people, string folder, CancellationToken cancellation)
    {
        // 1. The stand and its people.
        Progress.Tell($"opening the stand in {folder}, with {people:N0} people");
        var plan = TapPlan.Make(shape);
        var identities = TerminalNames.Of(shape);
        await using var stand = await TestStand.OpenAsync(folder, cancellation);
        await StandPeople.LoadAsync(stand, people, cancellation);
        Progress.Tell($"making {plan.Cards:N0} cards and {shape.Terminals:N0} terminals");
        var cards = await StandPeople.EnsureCardsAsync(stand, plan.Cards, cancellation);
        var documents = await StandPeople.DocumentsAsync(stand, plan.Documents, cancellation);
        var terminals = await StandTerminals.EnsureAsync(stand, identities, cancellation);

        // 2. Redis as the mix wants it; then the requests, whose challenges begin to age.
        Progress.Tell("warming Redis, signing the taps");
        await new RedisWarmth(stand).FillAsync(plan, cards, documents, cancellation);
        var scenario = new TapRequests(plan, identities, cards, documents, stand.Keys.Challenges, stand.Clock);
        var requests = scenario.Make(cancellation);

        // 3. The gateway, its streams, the run.
        Progress.Tell("starting the gateway, connecting the terminals");
        var (gateway, address) = await stand.StartGatewayAsync(cancellation);
        await using var _ = gateway;
        await using var fleet = await TerminalFleet.OpenAsync(address, terminals, window, OpenDeadline, cancellation);
        var now = stand.Clock.GetUtcNow();
        if (now > scenario.LatestBegin) throw new MeasurementException("Signing took so long that the challenges would end before the run: ask for fewer taps.");

        var untilBegin = scenario.Begin > now ? scenario.Begin - now : TimeSpan.Zero;
        Progress.Tell($"warm-up of {shape.WarmUp.TotalSeconds:0} s in {untilBegin.TotalSeconds:0} s, then {shape.Measured.TotalSeconds:0} s at {shape.Rate:0} taps a second");
        var before = default(ProcessUsage);
        var ledger = await new OpenLoop(fleet.Streams).RunAsync(
            requests, Stopwatch.GetTimestamp() + (long)(untilBegin.TotalSeconds * Stopwatch.Frequency), () => before = gateway.Usage, cancellation);
        if (gateway.HasEnded) throw new MeasurementException($"The gateway ended in the middle of the run. {gateway.LastLines}");

        // 4. The figures.
        var after = gateway.Usage;
        await RecordedSources.ReadAsync(stand, ledger, cancellation);
        var tally = RunTally.Of(ledger);
        return new PeakHourFigures
        {
            Rate = shape.Rate,
            Seconds = shape.Measured.TotalSeconds,
            Terminals = shape.Terminals,
            Window = window,
            People = people,
            DistinctCards = plan.Cards,
            Run = tally,
            GatewayCpuMicrosecondsPerAnswer = (after.Cpu - before.Cpu).TotalMicroseconds / Math.Max(1, tally.Answered + tally.RefusedByReason.Values.Sum()),
            GatewayMemoryBytes = after.ResidentBytes,
        };
    }
}
