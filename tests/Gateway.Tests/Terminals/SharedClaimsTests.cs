using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Keys;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Terminals;
using EligibilityGateway.Gateway.Tests.Doubt;
using EligibilityGateway.Rules.Emergency;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace EligibilityGateway.Gateway.Tests.Terminals;

/// <summary>Gateways count claims together, as long as Redis answers in time.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class SharedClaimsTests(TestStores stores)
{
    [Fact]
    public async Task Gateways_that_share_a_Redis_let_as_many_through_as_one()
    {
        var file = Path.Combine(TestFolder.NewPath(), "keys.json");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        GatewayKeys.WriteNew(file);
        var redis = await ConnectionMultiplexer.ConnectAsync(stores.Redis.ConnectionString);
        await using var _ = redis;
        var clock = new FakeTimeProvider(TestTown.Now);
        var most = ClaimRatePolicy.Of(ClaimScope.Terminal, TestTown.Today)!.MostAMinute;
        var crew = new Terminal(Guid.NewGuid(), new TerminalIdentity(InstitutionCode.Parse("0110113719"), TerminalRole.Ambulance, "crew", ProofClaims.Sight), 1);

        // The clock stands: the first of each gateway that has to wait says so, and nobody passes it.
        var heldUp = Enumerable.Range(0, 3).Select(_ => new Told()).ToArray();
        var gateways = heldUp.Select(told => new EmergencyClaims(new RedisCircuit(redis, clock, NullLogger<RedisCircuit>.Instance), GatewayKeys.Load(file), clock, told)).ToArray();
        var turns = Enumerable.Range(0, 6 * most).Select(turn => gateways[turn % gateways.Length].TurnAsync(crew, default).AsTask()).ToArray();
        foreach (var told in heldUp) await told.Once;
        for (var open = turns.ToList(); open.Count > turns.Length - most;) open.Remove(await Task.WhenAny(open));
        foreach (var gateway in gateways) gateway.Stop();
        Assert.Equal(most, (await Task.WhenAll(turns)).Count(turn => turn is false));
        foreach (var gateway in gateways) gateway.Dispose();
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    /// <summary>Hears that claims wait.</summary>
    private sealed class Told : ILogger<EmergencyClaims>
    {
        private readonly TaskCompletionSource _once = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Once => _once.Task;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _once.TrySetResult();
    }
}
