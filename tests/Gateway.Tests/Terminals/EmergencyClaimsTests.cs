using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Access;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Keys;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Terminals;
using EligibilityGateway.Rules.Emergency;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace EligibilityGateway.Gateway.Tests.Terminals;

/// <summary>A stolen ambulance terminal with a heap of certificates.</summary>
public sealed class EmergencyClaimsTests(TestStores stores) : IAsyncLifetime
{
    /// <summary>Where the flags of a record stand (<see cref="CanonicalRecord"/>), and the one for review.</summary>
    private const string IsForReview = "get_byte(canonical, 51) & 8 = 8";

    private const string Here = "0110113719";
    private static readonly string Elsewhere = "131234567" + Luhn.CheckDigit("131234567");

    private static readonly int MostAMinute = ClaimRatePolicy.Of(ClaimScope.Terminal, TestTown.Today)!.MostAMinute;

    private TestTown _town = null!;
    private GatewayHost _gateway = null!;
    private TestTerminal _stolen = null!;
    private TestCard _card = null!;

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        _gateway = await _town.StartGatewayAsync();
        _stolen = await _town.AddTerminalAsync(TerminalRole.Ambulance, ProofClaims.Sight, name: "stolen");
        _card = await _town.AddCardAsync(await _town.AddPersonAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _town.DisposeAsync();
    }

    [Fact]
    public async Task A_terminal_opens_ten_summaries_on_claims_at_once_and_the_next_one_later_marked_for_review()
    {
        using var desk = new TestDesk(_gateway.Address, _stolen);
        var open = Enumerable.Range(0, MostAMinute + 5).Select(_ => desk.AskAsync(BreakGlass())).ToList();
        for (var answered = 0; answered < MostAMinute; answered++) await NextAsync(open);

        // The card's own PIN waits for nobody, nor does another terminal.
        using var crew = new TestDesk(_gateway.Address, await _town.AddTerminalAsync(TerminalRole.Ambulance, ProofClaims.Sight, name: "crew"));
        Assert.NotNull((await desk.AskAsync(await ByPinAsync(desk))).Answer);
        Assert.NotNull((await crew.AskAsync(BreakGlass())).Answer.Emergency);

        // No claim is refused: the next one has its turn, and is marked.
        await NextAsync(open);
        Assert.Equal(MostAMinute + 2, await CountAsync($"WHERE NOT {IsForReview}"));
        Assert.InRange(await CountAsync($"WHERE {IsForReview}"), 1, 5);
    }

    [Fact]
    public async Task On_a_stream_too_and_those_who_wait_hear_from_a_gateway_that_leaves_that_they_shall_ask_again()
    {
        var leaving = await _town.StartGatewayAsync(_town.Settings("leaving"));
        using var desk = new TestDesk(leaving.Address, _stolen);
        using var stream = desk.Terminals.Connect();
        await stream.RequestStream.WriteAsync(new TerminalMessage { Hello = new Hello { Agent = "test" } });
        Assert.True(await stream.ResponseStream.MoveNext(default));
        for (var claim = 0; claim < MostAMinute + 3; claim++) await stream.RequestStream.WriteAsync(new TerminalMessage { LookUp = BreakGlass() });
        for (var answered = 0; answered < MostAMinute; answered++)
        {
            Assert.True(await stream.ResponseStream.MoveNext(default));
            Assert.NotNull(stream.ResponseStream.Current.Answer?.Emergency);
        }
        await stream.RequestStream.CompleteAsync();
        var stopping = leaving.DisposeAsync();
        var rest = new List<GatewayMessage.MessageOneofCase>();
        while (await stream.ResponseStream.MoveNext(default)) rest.Add(stream.ResponseStream.Current.MessageCase);
        await stopping;
        Assert.Equal(3, rest.Count(message => message == GatewayMessage.MessageOneofCase.Busy));
    }

    [Fact]
    public async Task What_somebody_writes_into_Redis_holds_up_no_claim_for_ever()
    {
        var redis = await ConnectionMultiplexer.ConnectAsync(stores.Redis.ConnectionString);
        await using var _ = redis;
        var server = redis.GetServers()[0];
        var before = server.Keys(pattern: "c*").ToHashSet();
        var clock = new FakeTimeProvider(TestTown.Now);
        using var claims = Of(redis, clock);
        Assert.False(await claims.TurnAsync(Crew(Here, 0), default));

        // Moments that are still to come.
        foreach (var name in server.Keys(pattern: "c*").Where(name => !before.Contains(name)))
            for (var entry = 0; entry < 30; entry++) await redis.GetDatabase().ListLeftPushAsync(name, $"{clock.GetUtcNow().AddYears(1).ToUnixTimeMilliseconds()} {entry}");
        Assert.False(await claims.TurnAsync(Crew(Here, 0), default));

        // And those that are now, again and again.
        var waiting = claims.TurnAsync(Crew(Here, 0), default).AsTask();
        while (!waiting.IsCompleted)
        {
            foreach (var name in server.Keys(pattern: "c*").Where(name => !before.Contains(name)))
                for (var entry = 0; entry < 30; entry++) await redis.GetDatabase().ListLeftPushAsync(name, $"{clock.GetUtcNow().ToUnixTimeMilliseconds()} {entry}");
            clock.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.NotNull(await waiting);
    }

    [Fact]
    public async Task While_Redis_is_away_a_gateway_counts_alone_and_claims_go_one_by_one_until_the_minute_is_over()
    {
        var clock = new FakeTimeProvider(TestTown.Now);
        using var claims = await AloneAsync(clock);
        var crew = Crew(Here, 0);
        for (var claim = 0; claim < MostAMinute; claim++) Assert.False(await claims.TurnAsync(crew, default));
        var waiting = new[] { claims.TurnAsync(crew, default).AsTask(), claims.TurnAsync(crew, default).AsTask() };
        foreach (var next in waiting)
        {
            var before = clock.GetUtcNow();
            while (!next.IsCompleted)
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                await Task.Yield();
            }
            Assert.True(await next);
            Assert.True(clock.GetUtcNow() - before >= TimeSpan.FromSeconds(9));
        }
        // Who no longer waits for the answer is let go.
        using var gone = new CancellationTokenSource();
        var left = claims.TurnAsync(crew, gone.Token);
        await gone.CancelAsync();
        Assert.Null(await left);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False(await claims.TurnAsync(crew, default));
    }

    [Fact]
    public async Task An_institution_has_a_rate_too_and_one_terminal_can_t_use_it_up()
    {
        var clock = new FakeTimeProvider(TestTown.Now);
        using var claims = await AloneAsync(clock);
        var most = ClaimRatePolicy.Of(ClaimScope.Institution, TestTown.Today)!.MostAMinute;
        // However much one terminal asks for, the others of its house go through.
        for (var claim = 0; claim < MostAMinute; claim++) Assert.False(await claims.TurnAsync(Crew(Here, 0), default));
        var flood = Enumerable.Range(0, 100).Select(_ => claims.TurnAsync(Crew(Here, 0), default).AsTask()).ToList();
        for (var claim = MostAMinute; claim < most; claim++) Assert.False(await claims.TurnAsync(Crew(Here, (byte)(claim / MostAMinute)), default));
        var above = claims.TurnAsync(Crew(Here, 9), default).AsTask();
        Assert.False(above.IsCompleted);
        Assert.False(await claims.TurnAsync(Crew(Elsewhere, 0), default));
        claims.Stop();
        Assert.Null(await above);
        Assert.All(await Task.WhenAll(flood), Assert.Null);
    }

    private static LookUp BreakGlass(TestCard card)
    {
        var lookUp = TestDesk.Claim(card, Proof.Sight, Purpose.EmergencyTransport);
        lookUp.Emergency = new EmergencyGround { CannotConsent = true };
        return lookUp;
    }

    private LookUp BreakGlass() => BreakGlass(_card);

    private async Task<LookUp> ByPinAsync(TestDesk desk)
    {
        var lookUp = desk.Tap(_card, await desk.ChallengeAsync(), Purpose.EmergencyTransport);
        lookUp.Consents.Add(new Consent { Subject = ConsentSubject.EmergencySummary, Given = true });
        return lookUp;
    }

    private static async Task NextAsync(List<Task<LookUpResult>> open)
    {
        var done = await Task.WhenAny(open);
        open.Remove(done);
        Assert.NotNull((await done).Answer.Emergency);
    }

    private async Task<long> CountAsync(string which)
    {
        await using var connection = await _town.Database.OpenAsSuperuserAsync();
        return await connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM access_record {which}");
    }

    /// <summary>Nobody listens where its Redis should be.</summary>
    private async Task<EmergencyClaims> AloneAsync(TimeProvider clock)
    {
        var nobody = await ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions { EndPoints = { "127.0.0.1:1" }, AbortOnConnectFail = false, ConnectTimeout = 100 });
        return Of(nobody, clock);
    }

    private EmergencyClaims Of(ConnectionMultiplexer redis, TimeProvider clock) => new(
        new RedisCircuit(redis, clock, NullLogger<RedisCircuit>.Instance), GatewayKeys.Load(Path.Combine(_town.Folder, "keys.json")), clock, NullLogger<EmergencyClaims>.Instance);

    private static Terminal Crew(string institution, byte number)
    {
        return new Terminal(new Guid(institution == Here ? 1 : 2, 0, number, new byte[8]), new TerminalIdentity(InstitutionCode.Parse(institution), TerminalRole.Ambulance, $"crew-{number}", ProofClaims.Sight), 1);
    }
}
