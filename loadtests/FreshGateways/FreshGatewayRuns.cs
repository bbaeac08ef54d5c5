using System.Diagnostics;
using EligibilityGateway.Contracts;
using EligibilityGateway.LoadTests.Drive;
using EligibilityGateway.LoadTests.Figures;
using EligibilityGateway.LoadTests.PeakHour;
using EligibilityGateway.LoadTests.Plan;
using EligibilityGateway.LoadTests.Processes;
using EligibilityGateway.LoadTests.Stand;
using EligibilityGateway.LoadTests.Terminals;

namespace EligibilityGateway.LoadTests.FreshGateways;

/// <summary>
/// Runs one after another, each against a gateway process that has just started, with an empty journal and with Redis as the mix wants
/// it. Postgres, its people and the terminals are there from the first run to the last.
/// </summary>
public sealed class FreshGatewayRuns : IAsyncDisposable
{
    private static readonly TimeSpan OpenDeadline = TimeSpan.FromMinutes(2);

    private readonly TestStand _stand;
    private readonly RedisWarmth _warmth;
    private readonly TerminalIdentity[] _identities;
    private readonly TerminalCredentials[] _terminals;
    private readonly int _window;
    private StandCard[] _cards = [];
    private StandDocument[] _documents = [];

    private FreshGatewayRuns(TestStand stand, TerminalIdentity[] identities, TerminalCredentials[] terminals, int window)
    {
        _stand = stand;
        _warmth = new RedisWarmth(stand);
        _identities = identities;
        _terminals = terminals;
        _window = window;
    }

    /// <summary>Opens the stand. All plans that are run later are for that many terminals and the realistic mix.</summary>
    public static async Task<FreshGatewayRuns> OpenAsync(string folder, long people, int terminals, int window, CancellationToken cancellation)
    {
        Progress.Tell($"opening the stand in {folder}, with {people:N0} people and {terminals:N0} terminals");
        var identities = TerminalNames.Of(new PlanShape(1, TimeSpan.Zero, TimeSpan.Zero, terminals, TapMix.Realistic, Seed: 1));
        var stand = await TestStand.OpenAsync(folder, cancellation);
        try
        {
            await StandPeople.LoadAsync(stand, people, cancellation);
            return new FreshGatewayRuns(stand, identities, await StandTerminals.EnsureAsync(stand, identities, cancellation), window);
        }
        catch
        {
            await stand.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a plan. Its first tap comes as soon as the gateway says that it serves and the terminals are connected.</summary>
    /// <param name="plan">For the stand's terminals.</param>
    /// <param name="besideBurner">A <see cref="Burner"/> burns from before the gateway's start until the run's end.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="MeasurementException">Something ended that should not have.</exception>
    public async Task<FreshGatewayRun> RunAsync(TapPlan plan, bool besideBurner, CancellationToken cancellation)
    {
        // 1. Cards, documents, Redis; then the requests, whose challenges begin to age.
        await EnsureSubjectsAsync(plan, cancellation);
        await _warmth.FillAsync(plan, _cards, _documents, cancellation);
        Progress.Tell($"signing the cards' among {plan.Taps.Count:N0} taps");
        var scenario = new TapRequests(plan, _identities, _cards, _documents, _stand.Keys.Challenges, _stand.Clock);
        var requests = scenario.Make(cancellation);
        // What is waited for is waited for now: a gateway that stands idle after its start is no fresh one.
        if (scenario.EarliestBegin - _stand.Clock.GetUtcNow() is var early && early > TimeSpan.Zero) await Task.Delay(early, cancellation);

        // 2. The gateway and its terminals.
        await using var burner = besideBurner ? await Burner.StartAsync(cancellation) : null;
        var (gateway, address) = await _stand.StartFirstGatewayAsync(cancellation);
        await using var _ = gateway;
        await using var fleet = await TerminalFleet.OpenAsync(address, _terminals, _window, OpenDeadline, cancellation);
        if (_stand.Clock.GetUtcNow() > scenario.LatestBegin)
            throw new MeasurementException("Signing and starting took so long that the challenges would end before the run: ask for fewer taps.");

        // 3. The run. What signing left in memory is collected before it, not during it.
        GC.Collect();
        Progress.Tell($"{plan.Shape.Measured.TotalSeconds:0} s at {plan.Shape.Rate:0} taps a second{(besideBurner ? ", beside the burner" : "")}");
        var before = Used(gateway);
        var burntBefore = burner?.Usage.Cpu;
        var began = Stopwatch.GetTimestamp();
        var ledger = await new OpenLoop(fleet.Streams).RunAsync(requests, began, () => { }, cancellation);
        if (gateway.HasEnded) throw new MeasurementException($"The gateway ended in the middle of the run. {gateway.LastLines}");
        if (burner is { HasEnded: true }) throw new MeasurementException($"The burner ended in the middle of the run. {burner.LastLines}");
        var (used, length) = (Used(gateway) - before, Stopwatch.GetElapsedTime(began));
        var burnt = burner?.Usage.Cpu - burntBefore;
        await RecordedSources.ReadAsync(_stand, ledger, cancellation);
        return new FreshGatewayRun(ledger, used.Per(plan.Taps.Count), burnt / length);
    }

    private async Task EnsureSubjectsAsync(TapPlan plan, CancellationToken cancellation)
    {
        if (plan.Cards > _cards.Length)
        {
            Progress.Tell($"making {plan.Cards:N0} cards where they are not there yet");
            _cards = await StandPeople.EnsureCardsAsync(_stand, plan.Cards, cancellation);
        }
        if (plan.Documents > _documents.Length) _documents = await StandPeople.DocumentsAsync(_stand, plan.Documents, cancellation);
    }

    private CpuUsed Used(GuardedProcess gateway) => new(
        gateway.Usage.Cpu, ProcessUsage.CpuOfTree(_stand.Postgres.ProcessId), _stand.Redis.Usage.Cpu, Environment.CpuUsage.TotalTime);

    public ValueTask DisposeAsync() => _stand.DisposeAsync();
}

/// <summary>One run.</summary>
/// <param name="Ledger">What became of each tap.</param>
/// <param name="Cpu">What it cost.</param>
/// <param name="CoresBurnt">How much of a core the burner got; null without one.</param>
public sealed record FreshGatewayRun(RunLedger Ledger, CpuPerTap Cpu, double? CoresBurnt);
