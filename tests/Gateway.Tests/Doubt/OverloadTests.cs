using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Terminals;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace EligibilityGateway.Gateway.Tests.Doubt;

/// <summary>More than a gateway can do is refused early, and nothing of an overload outlives it.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class OverloadTests(TestStores stores) : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _limit = new(Deadline);
    private DoubtfulTown _town = null!;

    public async ValueTask InitializeAsync() => _town = await DoubtfulTown.OpenAsync(stores);

    public async ValueTask DisposeAsync()
    {
        await _town.DisposeAsync();
        _limit.Dispose();
    }

    [Fact]
    public async Task A_store_and_a_redis_that_were_slow_leave_nothing_behind_two_seconds_after_they_are_fast_again()
    {
        await using var gateway = await _town.StartAsync();
        await using var other = await _town.Town.StartGatewayAsync(_town.Town.Settings("other"));
        var cards = new List<TestCard>();
        for (var i = 0; i < 20; i++) cards.Add(await _town.Town.AddCardAsync(await _town.Town.AddPersonAsync()));
        // In Redis, by way of the other gateway, and never seen by this one.
        var inRedis = await _town.Town.AddCardAsync(await _town.Town.AddPersonAsync());
        using (var elsewhere = new TestDesk(other.Address, _town.Terminal)) await elsewhere.TapAsync(inRedis);

        using var end = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token);
        var load = new List<Task>();
        for (var i = 0; i < 8; i++) load.Add(TapAsync(gateway, await _town.Town.AddTerminalAsync(TerminalRole.Reception, name: $"desk-{10 + i}"), cards, end.Token));

        // Redis later than anybody waits for it, so that all is read from the store; the store so slow that no group is in time.
        _town.Redis.Slow(TimeSpan.FromMilliseconds(400));
        _town.Postgres.Slow(TimeSpan.FromMilliseconds(300));
        var redis = gateway.Services.GetRequiredService<RedisCircuit>();
        using (var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5)))
            while (redis.IsUsable) await look.WaitForNextTickAsync(_limit.Token);
        using var desk = _town.Desk(gateway);
        await _town.TryTapAsync(desk);
        _town.Redis.Heal();
        _town.Postgres.Heal();

        // Under the same load, by itself.
        Assert.InRange(await _town.UntilProvedAsync(desk), TimeSpan.Zero, DoubtfulTown.Promised);
        using (var healed = new CancellationTokenSource(DoubtfulTown.Promised))
        using (var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5)))
            while (!redis.IsUsable) await look.WaitForNextTickAsync(healed.Token);
        await end.CancelAsync();
        await Task.WhenAll(load);
        var answer = (await desk.TapAsync(inRedis)).Answer;
        Assert.Equal((true, Source.Redis), (answer.Freshness.Proved, await _town.Town.SourceOfAsync(answer)));
        Assert.Null(gateway.Services.GetRequiredService<StoreHealth>().AwaySince);
    }

    [Fact]
    public async Task Above_what_a_gateway_takes_on_a_desk_is_told_so_at_once_and_an_emergency_is_taken()
    {
        await using var gateway = await _town.StartAsync(_town.Settings with { StoreLongest = Deadline, TerminalLookUps = Intake.FirstLimit });
        var ambulance = await _town.Town.AddTerminalAsync(TerminalRole.Ambulance, ProofClaims.Sight);
        using var desk = _town.Desk(gateway);
        var challenge = await desk.ChallengeAsync();
        using var stream = desk.Terminals.Connect(cancellationToken: _limit.Token);
        await stream.RequestStream.WriteAsync(new TerminalMessage { Hello = new Hello { Agent = "test" } }, _limit.Token);
        Assert.True(await stream.ResponseStream.MoveNext(_limit.Token));

        await using var holder = await _town.Town.Database.OpenAsSuperuserAsync();
        await holder.ExecuteAsync("BEGIN; LOCK TABLE access_record IN EXCLUSIVE MODE");
        var intake = gateway.Services.GetRequiredService<Intake>();
        var asked = 0;
        for (; asked < 2 * Intake.FirstLimit; asked++)
            await stream.RequestStream.WriteAsync(new TerminalMessage { LookUp = desk.Tap(_town.Card, challenge) }, _limit.Token);
        // While nobody is answered, the first messages that come are those that were refused.
        Assert.True(await stream.ResponseStream.MoveNext(_limit.Token));
        Assert.NotNull(stream.ResponseStream.Current.Busy);
        Assert.True(stream.ResponseStream.Current.Busy.RetryAfter.ToTimeSpan() > TimeSpan.Zero);

        using var crew = new TestDesk(gateway.Address, ambulance);
        var emergency = TestDesk.Claim(_town.Card, Proof.Sight, Purpose.EmergencyTransport);
        emergency.Emergency = new EmergencyGround { CannotConsent = true };
        var answering = crew.AskAsync(emergency);
        Assert.InRange(intake.UnderWay, 1, Intake.FirstLimit + 1);
        await holder.ExecuteAsync("ROLLBACK");
        Assert.True((await answering).Answer.Freshness.Proved);

        // All of the others were answered or refused, none twice, and the next one is taken.
        var (answered, refused) = (0, 1);
        while (answered + refused < asked && await stream.ResponseStream.MoveNext(_limit.Token))
        {
            if (stream.ResponseStream.Current.Answer is { Freshness.Proved: true }) answered++;
            else if (stream.ResponseStream.Current.Busy is not null) refused++;
        }
        Assert.Equal(asked, answered + refused);
        Assert.InRange(answered, 1, Intake.FirstLimit);
        Assert.True((await desk.TapAsync(_town.Card)).Answer.Freshness.Proved);
    }

    [Fact]
    public async Task Far_above_it_a_desk_is_told_for_all_that_it_asked_and_an_ambulance_does_not_wait()
    {
        await using var gateway = await _town.StartAsync(_town.Settings with { StoreLongest = Deadline, TerminalLookUps = 8 * Intake.FirstLimit });
        var ambulance = await _town.Town.AddTerminalAsync(TerminalRole.Ambulance, ProofClaims.Sight);
        using var desk = _town.Desk(gateway);
        var challenge = await desk.ChallengeAsync();
        using var stream = desk.Terminals.Connect(cancellationToken: _limit.Token);
        await stream.RequestStream.WriteAsync(new TerminalMessage { Hello = new Hello { Agent = "test" } }, _limit.Token);
        Assert.True(await stream.ResponseStream.MoveNext(_limit.Token));

        await using var holder = await _town.Town.Database.OpenAsSuperuserAsync();
        await holder.ExecuteAsync("BEGIN; LOCK TABLE access_record IN EXCLUSIVE MODE");
        var intake = gateway.Services.GetRequiredService<Intake>();
        var told = new List<(string EventId, bool IsBusy)>();
        var asked = new List<string>();
        var reading = Task.Run(async () =>
        {
            while (await stream.ResponseStream.MoveNext(_limit.Token))
            {
                var message = stream.ResponseStream.Current;
                if (message.Challenge is not null) continue;
                told.Add((message.Busy?.EventId ?? message.Refusal?.EventId ?? message.Answer.EventId, message.Busy is not null));
            }
        }, _limit.Token);
        // Far more than it takes, until that has been so for a second; and then as much again.
        var tap = desk.Tap(_town.Card, challenge);
        while (intake.Rest == TimeSpan.Zero) await AskAsync();
        for (var left = asked.Count; left > 0; left--) await AskAsync();

        using var crew = new TestDesk(gateway.Address, ambulance);
        var emergency = TestDesk.Claim(_town.Card, Proof.Sight, Purpose.EmergencyTransport);
        emergency.Emergency = new EmergencyGround { CannotConsent = true };
        var answering = crew.AskAsync(emergency);
        await holder.ExecuteAsync("ROLLBACK");
        Assert.True((await answering).Answer.Freshness.Proved);
        Assert.True(await _town.UntilProvedAsync(desk) < Deadline);

        // Each is told once, and those that were refused in their order, whether the stream rested or not.
        await stream.RequestStream.CompleteAsync();
        await reading;
        Assert.Equal(asked.Order(), told.Select(message => message.EventId).Order());
        var refused = told.Where(message => message.IsBusy).Select(message => message.EventId).ToList();
        Assert.Equal(asked.Where(refused.ToHashSet().Contains), refused);
        Assert.InRange(refused.Count, asked.Count / 2, asked.Count);

        async Task AskAsync()
        {
            var next = Again(tap);
            asked.Add(next.EventId);
            await stream.RequestStream.WriteAsync(new TerminalMessage { LookUp = next }, _limit.Token);
            if (asked.Count % 100 == 0) await stream.RequestStream.WriteAsync(new TerminalMessage { ChallengeRequest = new ChallengeRequest() }, _limit.Token);
        }
    }


    // One terminal's flood is felt by nobody else: it is told of its own share, and makes no gateway look fuller than it is.
    [Fact]
    public async Task Far_above_it_what_a_terminal_asks_above_its_share_counts_for_nobody_else()
    {
        const int share = 64;
        await using var gateway = await _town.StartAsync(_town.Settings with { StoreLongest = Deadline, TerminalLookUps = share, InstitutionConnections = 100 });
        using var flooding = _town.Desk(gateway);
        var tap = flooding.Tap(_town.Card, await flooding.ChallengeAsync());
        await using var holder = await _town.Town.Database.OpenAsSuperuserAsync();
        await holder.ExecuteAsync("BEGIN; LOCK TABLE access_record IN EXCLUSIVE MODE");
        var intake = gateway.Services.GetRequiredService<Intake>();
        var (flood, told) = await OpenAsync(flooding);
        for (var i = 0; i < share; i++) await flood.WriteAsync(new TerminalMessage { LookUp = Again(tap) }, _limit.Token);
        while (intake.UnderWay < share) await Task.Yield();

        // Others bring the gateway to where desks' streams rest.
        var others = new List<TestDesk>();
        var streams = new List<IClientStreamWriter<TerminalMessage>>();
        for (var i = 0; i < Intake.HighestLimit / share; i++)
        {
            others.Add(new TestDesk(gateway.Address, await _town.Town.AddTerminalAsync(TerminalRole.Reception, name: $"other-{i}")));
            streams.Add((await OpenAsync(others[^1])).Requests);
        }
        while (intake.Rest == TimeSpan.Zero)
            foreach (var stream in streams) await stream.WriteAsync(new TerminalMessage { LookUp = Again(tap) }, _limit.Token);

        for (var i = 0; i < 10 * share; i++) await flood.WriteAsync(new TerminalMessage { LookUp = Again(tap) }, _limit.Token);
        for (var i = 0; i < 10 * share; i++) Assert.Equal(TimeSpan.FromMilliseconds(200), (await told.ReadAsync(_limit.Token)).Busy.RetryAfter.ToTimeSpan());
        await holder.ExecuteAsync("ROLLBACK");
        foreach (var other in others) other.Dispose();
    }

    /// <summary>A stream whose messages are read as they come.</summary>
    private async Task<(IClientStreamWriter<TerminalMessage> Requests, System.Threading.Channels.ChannelReader<GatewayMessage> Told)> OpenAsync(TestDesk desk)
    {
        var stream = desk.Terminals.Connect(cancellationToken: _limit.Token);
        await stream.RequestStream.WriteAsync(new TerminalMessage { Hello = new Hello { Agent = "test" } }, _limit.Token);
        Assert.True(await stream.ResponseStream.MoveNext(_limit.Token));
        var told = System.Threading.Channels.Channel.CreateUnbounded<GatewayMessage>();
        _ = Task.Run(async () =>
        {
            try
            {
                while (await stream.ResponseStream.MoveNext(_limit.Token)) await told.Writer.WriteAsync(stream.ResponseStream.Current);
                told.Writer.Complete();
            }
            catch (RpcException e)
            {
                // The desk was closed.
                told.Writer.Complete(e);
            }
        }, _limit.Token);
        return (stream.RequestStream, told.Reader);
    }

    private static LookUp Again(LookUp tap)
    {
        var next = tap.Clone();
        next.EventId = TestDesk.NewEvent().ToString();
        return next;
    }

    /// <summary>A desk at which four tap over and over.</summary>
    private static async Task TapAsync(GatewayHost gateway, TestTerminal terminal, List<TestCard> cards, CancellationToken end)
    {
        using var desk = new TestDesk(gateway.Address, terminal);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async seed =>
        {
            var random = new Random(seed);
            while (!end.IsCancellationRequested)
            {
                try
                {
                    await desk.TapAsync(cards[random.Next(cards.Count)]);
                }
                catch (RpcException e) when (e.StatusCode is StatusCode.ResourceExhausted or StatusCode.Unavailable)
                {
                    // Told to ask again.
                }
            }
        }));
    }
}
