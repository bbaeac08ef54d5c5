using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Access.Journal;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Settings;
using EligibilityGateway.Gateway.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace EligibilityGateway.Gateway.Tests.Access;

/// <summary>
/// Promise P1 under kill -9: two gateways on one store, killed over and over while desks ask, with Postgres there, away, and just back.
/// What a desk was told is recorded once; what it was not told, it asks again and gets one record too.
/// </summary>
public sealed class KillTests(TestStores stores) : IAsyncLifetime
{
    private const int Seed = 20260731;
    private const int Rounds = 10;
    private const int Gateways = 2;
    private const int DesksOfOne = 2;

    /// <summary>Askings and answers between two turns of a round, at most.</summary>
    private const int MostMoments = 40;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    private readonly Random _random = new(Seed);
    private readonly CancellationTokenSource _limit = new(Deadline);
    private TestTown _town = null!;

    public async ValueTask InitializeAsync() => _town = await TestTown.OpenAsync(stores);

    public async ValueTask DisposeAsync()
    {
        await _town.DisposeAsync();
        _limit.Dispose();
    }

    [Fact]
    public async Task What_was_answered_before_any_of_twenty_kills_is_recorded_once_and_as_answered()
    {
        var cards = new List<TestCard>();
        for (var i = 0; i < 3; i++) cards.Add(await _town.AddCardAsync(await _town.AddPersonAsync()));
        cards.Add(await _town.AddCardAsync(await _town.AddPersonAsync(), status: Rules.Facts.CardStatus.Lost));
        var settings = Enumerable.Range(0, Gateways).Select(i => _town.Settings($"killed-{i}")).ToArray();
        var desks = new DeskThatAsksAgain[Gateways][];
        for (var i = 0; i < Gateways; i++)
        {
            desks[i] = new DeskThatAsksAgain[DesksOfOne];
            for (var j = 0; j < DesksOfOne; j++)
                desks[i][j] = new DeskThatAsksAgain(await _town.AddTerminalAsync(TerminalRole.Reception, name: $"desk-{i}{j}"), cards, _random.Next(), _limit.Token);
        }

        for (var round = 0; round < Rounds; round++)
        {
            var runs = await Task.WhenAll(settings.Zip(desks, (s, d) => GatewayRun.StartAsync(s, d, _limit.Token)));
            try
            {
                await RunRoundAsync(round, runs);
            }
            finally
            {
                foreach (var run in runs) await run.DisposeAsync();
            }
        }
        await FinishAsync(settings, desks);

        var all = desks.SelectMany(of => of).ToList();
        // The rounds were what they are meant to be.
        Assert.True(all.Sum(desk => desk.AskedAgain) > 0, "Nothing was left without an answer.");
        Assert.True(all.Sum(desk => desk.Answered.Count(a => !Freshness(a.Result).Proved)) > 0, "The journal was not in play.");
        await AssertRecordedOnceAsync(all);
    }

    private async Task RunRoundAsync(int round, GatewayRun[] runs)
    {
        switch (round % 3)
        {
            case 0:
                await KillAllAsync(runs);
                break;
            case 1:
                await using (await PostgresAway.BeginAsync(stores, _town)) await KillAllAsync(runs);
                break;
            default:
                await using (await PostgresAway.BeginAsync(stores, _town)) await Task.WhenAll(runs.Select(run => run.MomentsAsync(NextCount())));
                // Now, or soon, each journal is drained.
                await KillAllAsync(runs);
                break;
        }
    }

    private static Freshness Freshness(LookUpResult result) => result.Answer?.Freshness ?? result.Refusal.Freshness;

    private int NextCount() => _random.Next(1, MostMoments);

    private Task KillAllAsync(IEnumerable<GatewayRun> runs) => Task.WhenAll(runs.Select(run => run.KillAfterAsync(NextCount())));

    /// <summary>The last start: what is open is asked, what was answered is asked once more, and the journals are drained.</summary>
    private async Task FinishAsync(GatewaySettings[] settings, DeskThatAsksAgain[][] desks)
    {
        for (var i = 0; i < settings.Length; i++)
        {
            await using var gateway = await _town.StartGatewayAsync(settings[i] with { StorePatience = Deadline, StoreLongest = Deadline });
            await Task.WhenAll(desks[i].Select(async at =>
            {
                using var desk = at.Open(gateway.Address);
                await at.FinishAsync(desk);
                foreach (var (lookUp, result, _) in at.Answered) Assert.Equal(result, await desk.AskAsync(lookUp));
            }));
            await DrainedAsync(gateway);
        }
    }

    private async Task AssertRecordedOnceAsync(List<DeskThatAsksAgain> desks)
    {
        await using var connection = await _town.Database.OpenAsSuperuserAsync();
        var rows = (await connection.QueryAsync<(Guid EventId, Guid TerminalId, short Revision, short Validity, short Reason)>(
            "SELECT event_id, terminal_id, revision, validity, reason FROM access_record ORDER BY event_id, terminal_id, revision")).ToList();
        Assert.Equal(rows.Count, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM access_queue"));

        var recorded = rows.GroupBy(row => (row.EventId, row.TerminalId)).ToDictionary(of => of.Key, of => of.ToList());
        foreach (var desk in desks)
        {
            foreach (var (lookUp, result, timesAsked) in desk.Answered)
            {
                Assert.True(recorded.Remove((Guid.Parse(lookUp.EventId), desk.TerminalId), out var revisions), $"{lookUp.EventId} was answered and is not recorded.");
                var told = result.Refusal is { } refusal ? (Validity.Unspecified, refusal.Remedy.Reason) : (result.Answer.Validity, (Reason)revisions[^1].Reason);
                Assert.Equal(told, ((Validity)revisions[^1].Validity, (Reason)revisions[^1].Reason));
                // What was proved stands alone. Else each asking may have journalled once, over what had committed unnoticed: a gateway
                // can't see what is in Postgres while that is away.
                Assert.Equal(Enumerable.Range(0, revisions.Count), revisions.Select(row => (int)row.Revision));
                Assert.InRange(revisions.Count, 1, Freshness(result).Proved ? 1 : 1 + timesAsked);
            }
        }
        // Each event is answered in the end, so there is no record of any other.
        Assert.Empty(recorded);
    }

    /// <summary>Waits until the journal is empty and the store is said to be back.</summary>
    private async Task DrainedAsync(GatewayHost gateway)
    {
        var (journal, health) = (gateway.Services.GetRequiredService<AccessJournal>(), gateway.Services.GetRequiredService<StoreHealth>());
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (journal.Pending.Entries > 0 || health.IsAway) await look.WaitForNextTickAsync(_limit.Token);
    }
}
