using System.Buffers.Binary;
using System.Net;
using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Access;
using EligibilityGateway.Gateway.Terminals;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace EligibilityGateway.Gateway.Tests.Doubt;

/// <summary>One client's flood is felt by nobody else.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class FloodTests(TestStores stores) : IAsyncLifetime
{
    private const string OtherInstitution = "1310000011";

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
    public async Task A_terminal_that_floods_leaves_every_answer_of_another_institution_proved()
    {
        await using var gateway = await _town.StartAsync();
        var neighbour = await _town.Town.AddTerminalAsync(TerminalRole.Reception, institution: OtherInstitution);
        using var desk = new TestDesk(gateway.Address, neighbour);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token);
        using var flooding = _town.Desk(gateway);
        var challenge = await flooding.ChallengeAsync();
        // A stuck program: far more than it may have under way, refused and answered alike.
        var flood = Enumerable.Range(0, 100).Select(i => FloodAsync(flooding, i % 2 == 0 ? () => NotAllowed(flooding, challenge) : () => flooding.Tap(_town.Card, challenge), end.Token)).ToArray();

        var card = await _town.Town.AddCardAsync(await _town.Town.AddPersonAsync());
        for (var i = 0; i < 60; i++) Assert.True((await desk.TapAsync(card)).Answer.Freshness.Proved);
        await end.CancelAsync();
        var outcomes = (await Task.WhenAll(flood)).SelectMany(one => one).ToHashSet();
        Assert.Contains(StatusCode.ResourceExhausted, outcomes);
        Assert.DoesNotContain(StatusCode.Internal, outcomes);
    }

    [Fact]
    public async Task What_one_terminal_has_under_way_is_bounded_over_all_its_streams_and_calls()
    {
        await using var gateway = await _town.StartAsync(_town.Settings with { TerminalLookUps = 3, StoreLongest = Deadline });
        using var one = _town.Desk(gateway);
        using var other = _town.Desk(gateway);
        using var first = await OpenStreamAsync(one);
        using var second = await OpenStreamAsync(other);
        var challenge = await one.ChallengeAsync();
        await using var holder = await _town.Town.Database.OpenAsSuperuserAsync();
        await holder.ExecuteAsync("BEGIN; LOCK TABLE access_record IN EXCLUSIVE MODE");

        foreach (var stream in new[] { first, second, first }) await stream.RequestStream.WriteAsync(new TerminalMessage { LookUp = one.Tap(_town.Card, challenge) }, _limit.Token);
        // All three hang in the store; on whichever stream or call the next one comes, it is one too many.
        await UntilAsync(() => gateway.Services.GetRequiredService<Intake>().UnderWay == 3);
        var tooMany = one.Tap(_town.Card, challenge);
        await second.RequestStream.WriteAsync(new TerminalMessage { LookUp = tooMany }, _limit.Token);
        Assert.True(await second.ResponseStream.MoveNext(_limit.Token));
        Assert.Equal(tooMany.EventId, second.ResponseStream.Current.Busy.EventId);
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(one.ChallengeAsync)).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await other.Http.GetAsync("/v1/challenge", _limit.Token)).StatusCode);

        // Another terminal has its own.
        var neighbour = await _town.Town.AddTerminalAsync(TerminalRole.Reception, name: "desk-2");
        using (var next = new TestDesk(gateway.Address, neighbour)) Assert.NotEmpty(await next.ChallengeAsync());
        await holder.ExecuteAsync("ROLLBACK");
        Assert.True(await first.ResponseStream.MoveNext(_limit.Token));
        Assert.True(first.ResponseStream.Current.Answer.Freshness.Proved);
        Assert.NotEmpty(await one.ChallengeAsync());
    }

    [Fact]
    public async Task Refusals_that_looked_for_nobody_are_recorded_one_by_one_and_above_sixty_a_minute_counted()
    {
        const int refused = 150;
        await using (var gateway = await _town.StartAsync())
        {
            using var desk = _town.Desk(gateway);
            var challenge = await desk.ChallengeAsync();
            for (var i = 0; i < refused; i++) Assert.Equal(Reason.PurposeNotAllowed, (await desk.AskAsync(NotAllowed(desk, challenge))).Refusal.Remedy.Reason);
            // Of another terminal each has its own.
            var neighbour = await _town.Town.AddTerminalAsync(TerminalRole.Reception, name: "desk-2");
            using var next = new TestDesk(gateway.Address, neighbour);
            await next.AskAsync(NotAllowed(next, await next.ChallengeAsync()));
            Assert.Equal(1, await _town.Town.Database.ReadAsync<long>("SELECT count(*) FROM access_record WHERE terminal_id = $1", neighbour.Id));
        }
        await using var connection = await _town.Town.Database.OpenAsSuperuserAsync();
        var records = (await connection.QueryAsync<byte[]>(
            "SELECT canonical FROM access_record WHERE terminal_id = @id AND reason = @reason", new { id = _town.Terminal.Id, reason = (short)Reason.PurposeNotAllowed })).ToList();
        var counts = records.Where(record => record[0] == CanonicalRecord.FormOfCount).ToList();
        // More than a minute may have gone by on a slow machine: then there are two counts, or none.
        Assert.Equal(refused, records.Count - counts.Count + counts.Sum(count => BinaryPrimitives.ReadInt32BigEndian(count.AsSpan()[^6..])));
        Assert.InRange(records.Count - counts.Count, RefusalCounts.MostOneByOne + 1, 2 * (RefusalCounts.MostOneByOne + 1));
        Assert.NotEmpty(counts);
    }

    [Fact]
    public async Task A_fifth_connection_of_a_certificate_makes_its_oldest_give_way()
    {
        await using var gateway = await _town.StartAsync();
        var desks = new List<TestDesk>();
        try
        {
            var streams = new List<AsyncDuplexStreamingCall<TerminalMessage, GatewayMessage>>();
            for (var i = 0; i < 5; i++)
            {
                desks.Add(_town.Desk(gateway));
                streams.Add(await OpenStreamAsync(desks[^1]));
            }
            await Assert.ThrowsAsync<RpcException>(async () =>
            {
                while (await streams[0].ResponseStream.MoveNext(_limit.Token))
                {
                }
            });
            // The others go on.
            foreach (var stream in streams[1..])
            {
                await stream.RequestStream.WriteAsync(new TerminalMessage { ChallengeRequest = new ChallengeRequest() }, _limit.Token);
                Assert.True(await stream.ResponseStream.MoveNext(_limit.Token));
            }
        }
        finally
        {
            foreach (var desk in desks) desk.Dispose();
        }
    }

    [Fact]
    public async Task An_institutions_terminals_have_so_many_connections_together_and_another_institution_its_own()
    {
        await using var gateway = await _town.StartAsync(_town.Settings with { InstitutionConnections = 3 });
        var desks = new List<TestDesk>();
        try
        {
            for (var i = 0; i < 3; i++)
            {
                desks.Add(new TestDesk(gateway.Address, await _town.Town.AddTerminalAsync(TerminalRole.Reception, name: $"desk-{10 + i}")));
                Assert.NotEmpty(await desks[^1].ChallengeAsync());
            }
            using (var fourth = new TestDesk(gateway.Address, await _town.Town.AddTerminalAsync(TerminalRole.Reception, name: "desk-13")))
                await Assert.ThrowsAsync<RpcException>(fourth.ChallengeAsync);
            using (var elsewhere = new TestDesk(gateway.Address, await _town.Town.AddTerminalAsync(TerminalRole.Reception, institution: OtherInstitution)))
                Assert.NotEmpty(await elsewhere.ChallengeAsync());
            // One that closes makes room.
            desks[0].Dispose();
            desks.RemoveAt(0);
            using var after = new TestDesk(gateway.Address, await _town.Town.AddTerminalAsync(TerminalRole.Reception, name: "desk-14"));
            await UntilLetInAsync(after);
        }
        finally
        {
            foreach (var desk in desks) desk.Dispose();
        }
    }

    private static LookUp NotAllowed(TestDesk desk, byte[] challenge) => new()
    {
        EventId = TestDesk.NewEvent().ToString(),
        Purpose = Purpose.Dispensing,
        Card = new CardPresented { Certificate = Google.Protobuf.ByteString.CopyFrom(new byte[700]), Challenge = Google.Protobuf.ByteString.CopyFrom(challenge), Signature = Google.Protobuf.ByteString.CopyFrom(new byte[256]), Proof = Proof.Pin },
    };

    private static async Task<List<StatusCode>> FloodAsync(TestDesk desk, Func<LookUp> next, CancellationToken end)
    {
        var outcomes = new List<StatusCode>();
        while (!end.IsCancellationRequested)
        {
            try
            {
                await desk.AskAsync(next());
                outcomes.Add(StatusCode.OK);
            }
            catch (RpcException e)
            {
                outcomes.Add(e.StatusCode);
            }
        }
        return outcomes;
    }

    private async Task UntilLetInAsync(TestDesk desk)
    {
        while (true)
        {
            try
            {
                Assert.NotEmpty(await desk.ChallengeAsync());
                return;
            }
            catch (RpcException)
            {
                _limit.Token.ThrowIfCancellationRequested();
            }
        }
    }

    private async Task UntilAsync(Func<bool> holds)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!holds()) await look.WaitForNextTickAsync(_limit.Token);
    }

    private async Task<AsyncDuplexStreamingCall<TerminalMessage, GatewayMessage>> OpenStreamAsync(TestDesk desk)
    {
        var stream = desk.Terminals.Connect(cancellationToken: _limit.Token);
        await stream.RequestStream.WriteAsync(new TerminalMessage { Hello = new Hello { Agent = "test" } }, _limit.Token);
        Assert.True(await stream.ResponseStream.MoveNext(_limit.Token));
        return stream;
    }
}
