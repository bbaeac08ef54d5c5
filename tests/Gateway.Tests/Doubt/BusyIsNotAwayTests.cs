using Dapper;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Storage;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace EligibilityGateway.Gateway.Tests.Doubt;

/// <summary>A store that is slow and in reach makes nobody's answer unconfirmed; and what was answered once is answered so again.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class BusyIsNotAwayTests(TestStores stores) : IAsyncLifetime
{
    private DoubtfulTown _town = null!;

    public async ValueTask InitializeAsync() => _town = await DoubtfulTown.OpenAsync(stores);

    public async ValueTask DisposeAsync() => await _town.DisposeAsync();

    [Fact]
    public async Task A_group_that_waits_for_a_lock_is_waited_for_and_then_busy_and_a_resend_finds_what_was_committed()
    {
        await using var gateway = await _town.StartAsync();
        using var desk = _town.Desk(gateway);
        var challenge = await desk.ChallengeAsync();
        var tap = desk.Tap(_town.Card, challenge);
        await using (var holder = await _town.Town.Database.OpenAsSuperuserAsync())
        {
            await holder.ExecuteAsync("BEGIN; LOCK TABLE access_record IN EXCLUSIVE MODE");
            var told = await desk.FailAsync(tap);
            Assert.Equal(StatusCode.ResourceExhausted, told.StatusCode);
            Assert.DoesNotContain("nothing was recorded", told.Status.Detail, StringComparison.Ordinal);
            Assert.Null(gateway.Services.GetRequiredService<StoreHealth>().AwaySince);

            // One that is let go in time is an answer like any other.
            var patient = desk.AskAsync(desk.Tap(_town.Card, challenge));
            await _town.Town.Database.UntilSomebodyWaitsForALockAsync();
            await holder.ExecuteAsync("ROLLBACK");
            Assert.True((await patient).Answer.Freshness.Proved);
        }
        var again = await desk.AskAsync(tap);
        Assert.True(again.Answer.Freshness.Proved);
        Assert.Equal(again, await desk.AskAsync(tap));
        Assert.Equal(1, await _town.Town.Database.ReadAsync<long>("SELECT count(*) FROM access_record WHERE event_id = $1", Guid.Parse(tap.EventId)));
    }

    [Fact]
    public async Task A_read_that_hangs_says_nothing_about_the_store()
    {
        await using var gateway = await _town.StartAsync();
        using var desk = _town.Desk(gateway);
        var stranger = await _town.Town.AddCardAsync(await _town.Town.AddPersonAsync());
        await using (var holder = await _town.Town.Database.OpenAsSuperuserAsync())
        {
            // Only what must be read from the store waits for it.
            await holder.ExecuteAsync("BEGIN; LOCK TABLE burden IN ACCESS EXCLUSIVE MODE");
            var hanging = desk.FailAsync(desk.Tap(stranger, await desk.ChallengeAsync()));
            await _town.Town.Database.UntilSomebodyWaitsForALockAsync();
            Assert.True((await desk.TapAsync(_town.Card)).Answer.Freshness.Proved);
            Assert.Equal(StatusCode.ResourceExhausted, (await hanging).StatusCode);
            Assert.Null(gateway.Services.GetRequiredService<StoreHealth>().AwaySince);
            Assert.True((await desk.TapAsync(_town.Card)).Answer.Freshness.Proved);
            await holder.ExecuteAsync("ROLLBACK");
        }
        Assert.True((await desk.TapAsync(stranger)).Answer.Freshness.Proved);
    }

    [Fact]
    public async Task A_stall_that_ends_within_the_longest_wait_leaves_every_answer_proved()
    {
        await using var gateway = await _town.StartAsync();
        using var desk = _town.Desk(gateway);
        var challenge = await desk.ChallengeAsync();
        // Every piece comes late, the probe's as well, and none too late.
        _town.Postgres.Slow(TimeSpan.FromMilliseconds(90));
        for (var i = 0; i < 5; i++) Assert.True((await desk.AskAsync(desk.Tap(_town.Card, challenge))).Answer.Freshness.Proved);
    }

    [Fact]
    public async Task What_was_answered_proved_is_answered_so_again_while_the_store_is_away()
    {
        await using var gateway = await _town.StartAsync();
        using var desk = _town.Desk(gateway);
        var challenge = await desk.ChallengeAsync();
        var taps = Enumerable.Range(0, 5).Select(_ => desk.Tap(_town.Card, challenge)).ToArray();
        var answers = new List<LookUpResult>();
        foreach (var tap in taps) answers.Add(await desk.AskAsync(tap));
        Assert.All(answers, answer => Assert.True(answer.Answer.Freshness.Proved));

        await _town.Postgres.RefuseAsync();
        await _town.UntilInDoubtAsync(desk);
        for (var i = 0; i < taps.Length; i++) Assert.Equal(answers[i], await desk.AskAsync(taps[i]));
        _town.Postgres.Heal();
        await _town.UntilProvedAsync(desk);
        for (var i = 0; i < taps.Length; i++) Assert.Equal(answers[i], await desk.AskAsync(taps[i]));
    }
}
