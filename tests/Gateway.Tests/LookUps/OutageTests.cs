using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Demo.Embedded;
using EligibilityGateway.Gateway.Access.Journal;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Access;
using EligibilityGateway.Gateway.Tests.Doubt;
using EligibilityGateway.Gateway.Tests.Storage;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace EligibilityGateway.Gateway.Tests.LookUps;

/// <summary>What desks are told while Redis or Postgres is away, and what is left afterwards.</summary>
public sealed class OutageTests(TestStores stores) : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private TestTown _town = null!;
    private TestTerminal _terminal = null!;

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        _terminal = await _town.AddTerminalAsync(TerminalRole.Reception);
    }

    public async ValueTask DisposeAsync() => await _town.DisposeAsync();

    [Fact]
    public async Task Redis_gone_costs_a_read_of_the_store_and_nothing_else()
    {
        var redis = EmbeddedRedis.Start();
        await using var gateway = await _town.StartGatewayAsync(_town.Settings() with { Redis = redis.ConnectionString });
        using var desk = new TestDesk(gateway.Address, _terminal);
        var first = await _town.AddCardAsync(await _town.AddPersonAsync());
        Assert.Equal(Validity.Valid, (await desk.TapAsync(first)).Answer.Validity);

        redis.Dispose();
        var second = await _town.AddCardAsync(await _town.AddPersonAsync());
        foreach (var card in new[] { second, first, second })
        {
            var answer = (await desk.TapAsync(card)).Answer;
            Assert.Equal((Validity.Valid, true), (answer.Validity, answer.Freshness.Proved));
        }
    }

    [Fact]
    public async Task Postgres_gone_leaves_known_persons_unconfirmed_and_every_answer_ends_in_the_table_once()
    {
        await using var gateway = await _town.StartGatewayAsync();
        using var desk = new TestDesk(gateway.Address, _terminal);
        var known = await _town.AddPersonAsync();
        var card = await _town.AddCardAsync(known);
        var stranger = await _town.AddCardAsync(await _town.AddPersonAsync());
        var lost = await _town.AddCardAsync(await _town.AddPersonAsync(), status: Rules.Facts.CardStatus.Lost);
        await desk.TapAsync(card);
        await desk.TapAsync(lost);

        var events = new List<string>();
        await WithPostgresAwayAsync(async () =>
        {
            // Cached: the last known facts, neither yes nor no.
            var answer = (await desk.TapAsync(card)).Answer;
            events.Add(answer.EventId);
            Assert.Equal((Validity.Unconfirmed, Reason.StoreOutOfReach, false), (answer.Validity, answer.Remedy.Reason, answer.Freshness.Proved));
            Assert.False(answer.Freshness.HasStaleAtMostMs);
            Assert.Equal(known.Name, answer.Person.Name);
            Assert.NotEqual("", answer.Remedy.DeskDoes.Ja);

            // Not cached: says that the store is out of reach, and refuses nobody.
            var unknown = (await desk.TapAsync(stranger)).Answer;
            events.Add(unknown.EventId);
            Assert.Equal((Validity.Unconfirmed, Reason.StoreOutOfReach), (unknown.Validity, unknown.Remedy.Reason));
            Assert.Null(unknown.Person);
            // Nothing can be said of its card; but what is no certificate is told to be none.
            Assert.Equal(Assurance.None, unknown.Assurance);
            var none = desk.Tap(stranger, await desk.ChallengeAsync());
            none.Card.Certificate = ByteString.CopyFrom(new byte[700]);
            Assert.Equal(StatusCode.InvalidArgument, (await desk.FailAsync(none)).StatusCode);

            // A loss that is known stays a refusal.
            var refusal = (await desk.TapAsync(lost)).Refusal;
            events.Add(refusal.EventId);
            Assert.Equal(Reason.CardLost, refusal.Remedy.Reason);

            // The same event again gets the same answer from the journal.
            var tap = desk.Tap(card, await desk.ChallengeAsync());
            Assert.Equal(await desk.AskAsync(tap), await desk.AskAsync(tap));
            events.Add(tap.EventId);
        });

        await DrainedAsync(gateway);
        var back = (await desk.TapAsync(card)).Answer;
        Assert.Equal((Validity.Valid, true), (back.Validity, back.Freshness.Proved));
        await using var connection = await _town.Database.OpenAsSuperuserAsync();
        var recorded = (await connection.QueryAsync<Guid>("SELECT event_id FROM access_record")).Select(id => id.ToString()).ToList();
        foreach (var id in events) Assert.Single(recorded, id);
        Assert.Equal(recorded.Count, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM access_queue"));
    }

    [Fact]
    public async Task A_record_journalled_and_committed_late_with_another_outcome_is_superseded_by_what_was_answered()
    {
        var (link, connectionString) = FaultyLink.ToPostgres(_town.Database.ConnectionString(StoreRole.Gateway));
        await using var _ = link;
        await using var gateway = await _town.StartGatewayAsync(_town.Settings() with { Postgres = connectionString, StorePatience = TimeSpan.FromMilliseconds(250) });
        using var desk = new TestDesk(gateway.Address, _terminal);
        var card = await _town.AddCardAsync(await _town.AddPersonAsync());
        await UntilProvedAsync(desk, card);
        var challenge = await desk.ChallengeAsync();

        // Somebody holds the table, so that the group's insert waits; then the link goes silent, and the group commits unheard.
        string eventId;
        await using (var holder = await _town.Database.OpenAsSuperuserAsync())
        await using (var transaction = await holder.BeginTransactionAsync())
        {
            await holder.ExecuteAsync("LOCK TABLE access_record IN EXCLUSIVE MODE");
            var asked = desk.AskAsync(desk.Tap(card, challenge));
            await _town.Database.UntilSomebodyWaitsForALockAsync();
            link.GoSilent();
            var answer = (await asked).Answer;
            Assert.Equal((Validity.Unconfirmed, Reason.StoreOutOfReach), (answer.Validity, answer.Remedy.Reason));
            eventId = answer.EventId;
            await transaction.RollbackAsync();
        }
        link.Heal();

        await DrainedAsync(gateway);
        await using var connection = await _town.Database.OpenAsSuperuserAsync();
        var validities = (await connection.QueryAsync<short>(
            "SELECT validity FROM access_record WHERE event_id = @id ORDER BY revision", new { id = Guid.Parse(eventId) })).ToList();
        // Whichever came first, the last revision is what the desk was told.
        Assert.InRange(validities.Count, 1, 2);
        Assert.Equal((short)Validity.Unconfirmed, validities[^1]);
    }

    [Fact]
    public async Task What_a_gateway_journalled_is_in_the_table_after_its_next_start()
    {
        var settings = _town.Settings();
        var card = await _town.AddCardAsync(await _town.AddPersonAsync());
        string eventId = "";
        var gateway = await _town.StartGatewayAsync(settings);
        using (var desk = new TestDesk(gateway.Address, _terminal))
        {
            await desk.TapAsync(card);
            await WithPostgresAwayAsync(async () =>
            {
                eventId = (await desk.TapAsync(card)).Answer.EventId;
                await gateway.DisposeAsync();
            });
        }
        await using var next = await _town.StartGatewayAsync(settings);
        await DrainedAsync(next);
        await using var connection = await _town.Database.OpenAsSuperuserAsync();
        Assert.Equal(1, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM access_record WHERE event_id = @id", new { id = Guid.Parse(eventId) }));
    }

    private async Task WithPostgresAwayAsync(Func<Task> meanwhile)
    {
        await using (await PostgresAway.BeginAsync(stores, _town)) await meanwhile();
    }

    /// <summary>Waits until the journal is empty and the store is said to be back.</summary>
    private static async Task DrainedAsync(GatewayHost gateway)
    {
        var (journal, health) = (gateway.Services.GetRequiredService<AccessJournal>(), gateway.Services.GetRequiredService<StoreHealth>());
        using var limit = new CancellationTokenSource(Deadline);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (journal.Pending.Entries > 0 || health.IsAway) await look.WaitForNextTickAsync(limit.Token);
    }

    /// <summary>The first taps of a process are slow; what is tested begins when it is warm.</summary>
    private static async Task UntilProvedAsync(TestDesk desk, TestCard card)
    {
        using var limit = new CancellationTokenSource(Deadline);
        while (!(await desk.TapAsync(card)).Answer.Freshness.Proved) limit.Token.ThrowIfCancellationRequested();
    }
}
