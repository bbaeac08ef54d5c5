using System.Diagnostics;
using EligibilityGateway.Gateway.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace EligibilityGateway.Gateway.Tests.Doubt;

/// <summary>A Redis that hangs costs little, and is used again when it does not.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class RedisCircuitTests(TestStores stores)
{
    [Fact]
    public async Task A_circuit_that_opened_closes_by_itself_within_two_seconds()
    {
        var (link, connectionString) = FaultyLink.ToRedis(stores.Redis.ConnectionString);
        await using var _ = link;
        var circuit = new RedisCircuit(await ConnectAsync(connectionString), TimeProvider.System, NullLogger<RedisCircuit>.Instance);
        Assert.True((await PingAsync(circuit)).HasAnswered);

        link.GoSilent();
        while (circuit.IsUsable) Assert.False((await PingAsync(circuit)).HasAnswered);
        // Whoever asks now does without, at once.
        Assert.False((await PingAsync(circuit)).HasAnswered);
        link.Heal();
        var healed = Stopwatch.GetTimestamp();
        while (!(await PingAsync(circuit)).HasAnswered) Assert.InRange(Stopwatch.GetElapsedTime(healed), TimeSpan.Zero, DoubtfulTown.Promised);
    }

    private static ValueTask<(bool HasAnswered, TimeSpan Answer)> PingAsync(RedisCircuit circuit) =>
        circuit.AskAsync(0, static (database, _) => database.PingAsync());

    private static async Task<IConnectionMultiplexer> ConnectAsync(string connectionString)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        return await ConnectionMultiplexer.ConnectAsync(options);
    }
}
