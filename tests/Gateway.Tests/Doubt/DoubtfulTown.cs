using System.Diagnostics;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Settings;
using EligibilityGateway.Gateway.Storage;
using Grpc.Core;

namespace EligibilityGateway.Gateway.Tests.Doubt;

/// <summary>Tests that hold a gateway to how soon its doubt ends: nothing else runs on the machine meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneOnTheMachine
{
    public const string Name = "alone on the machine";
}

/// <summary>A town whose gateway reaches Postgres and Redis over links that can be made faulty, with the patience of a real one.</summary>
internal sealed class DoubtfulTown : IAsyncDisposable
{
    /// <summary>How soon answers are proved again once what was in the way is gone.</summary>
    public static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);

    /// <summary>Only a hang reaches it.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private DoubtfulTown(TestTown town, FaultyLink postgres, FaultyLink redis, GatewaySettings settings, TestTerminal terminal, TestPerson person, TestCard card)
    {
        Town = town;
        Postgres = postgres;
        Redis = redis;
        Settings = settings;
        Terminal = terminal;
        Person = person;
        Card = card;
    }

    public TestTown Town { get; }

    public FaultyLink Postgres { get; }

    public FaultyLink Redis { get; }

    public GatewaySettings Settings { get; }

    public TestTerminal Terminal { get; }

    public TestPerson Person { get; }

    public TestCard Card { get; }

    public static async Task<DoubtfulTown> OpenAsync(TestStores stores)
    {
        var town = await TestTown.OpenAsync(stores);
        var (postgres, postgresString) = FaultyLink.ToPostgres(town.Database.ConnectionString(StoreRole.Gateway));
        var (redis, redisString) = FaultyLink.ToRedis(stores.Redis.ConnectionString);
        var defaults = new GatewayDefaults();
        var settings = town.Settings() with { Postgres = postgresString, Redis = redisString, StorePatience = defaults.Patience, StoreLongest = defaults.Longest };
        var terminal = await town.AddTerminalAsync(TerminalRole.Reception);
        var person = await town.AddPersonAsync();
        return new DoubtfulTown(town, postgres, redis, settings, terminal, person, await town.AddCardAsync(person));
    }

    /// <summary>A gateway whose answers are proved.</summary>
    public async Task<GatewayHost> StartAsync(GatewaySettings? settings = null, Microsoft.Extensions.Logging.ILoggerProvider? log = null)
    {
        var gateway = await Town.StartGatewayAsync(settings ?? Settings, log);
        using var desk = new TestDesk(gateway.Address, Terminal);
        await UntilProvedAsync(desk);
        return gateway;
    }

    public TestDesk Desk(GatewayHost gateway) => new(gateway.Address, Terminal);

    /// <summary>Taps until an answer is proved; how long that took.</summary>
    public async Task<TimeSpan> UntilProvedAsync(TestDesk desk)
    {
        var begun = Stopwatch.GetTimestamp();
        while (await TryTapAsync(desk) is not { Answer.Freshness.Proved: true })
            if (Stopwatch.GetElapsedTime(begun) > Deadline) Assert.Fail("No answer was proved within the deadline.");
        return Stopwatch.GetElapsedTime(begun);
    }

    /// <summary>Taps until an answer is in doubt; how long the tap took that was.</summary>
    public async Task<TimeSpan> UntilInDoubtAsync(TestDesk desk)
    {
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            var tapped = Stopwatch.GetTimestamp();
            if (await TryTapAsync(desk) is { Answer.Freshness.Proved: false }) return Stopwatch.GetElapsedTime(tapped);
            if (Stopwatch.GetElapsedTime(begun) > Deadline) Assert.Fail("No answer was in doubt within the deadline.");
        }
    }

    /// <summary>Null where the gateway told the terminal to ask again.</summary>
    public async Task<LookUpResult?> TryTapAsync(TestDesk desk)
    {
        try
        {
            return await desk.TapAsync(Card);
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.ResourceExhausted or StatusCode.Unavailable)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Town.DisposeAsync();
        await Postgres.DisposeAsync();
        await Redis.DisposeAsync();
    }

    /// <summary>What a gateway does unless its settings say otherwise.</summary>
    private sealed record GatewayDefaults
    {
        public TimeSpan Patience { get; } = TimeSpan.FromMilliseconds(250);

        public TimeSpan Longest { get; } = TimeSpan.FromSeconds(2);
    }
}
