using System.Net;
using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Storage;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace EligibilityGateway.Gateway.Tests.Doubt;

/// <summary>
/// Whatever makes a gateway's answers unproved, they are proved again by themselves within two seconds of its end (promise P2a).
/// </summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class DoubtEndsTests(TestStores stores) : IAsyncLifetime
{
    private DoubtfulTown _town = null!;

    public async ValueTask InitializeAsync() => _town = await DoubtfulTown.OpenAsync(stores);

    public async ValueTask DisposeAsync() => await _town.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hundred_calls_at_once_with_a_certificate_that_may_not_come_in_leave_the_cold_pool_whole(bool isRevoked)
    {
        var stranger = TestTown.NewTerminal(TerminalRole.Reception, name: "stranger");
        if (isRevoked)
        {
            await _town.Town.Terminals.RegisterAsync(stranger.Certificate, CancellationToken.None);
            await _town.Town.Terminals.RevokeAsync(stranger.Id, TestTown.Now, CancellationToken.None);
        }
        // A machine on which to open a connection takes longer than a look-up's patience.
        await using var gateway = await _town.Town.StartGatewayAsync(_town.Settings);
        _town.Postgres.Slow(TimeSpan.FromMilliseconds(100));
        using (var http = new HttpClient(TestDesk.HandlerFor(stranger.Certificate)) { BaseAddress = gateway.Address, DefaultRequestVersion = HttpVersion.Version20 })
        {
            var refused = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => http.GetAsync("/v1/challenge")));
            Assert.All(refused, answer => Assert.NotEqual(HttpStatusCode.OK, answer.StatusCode));
        }
        _town.Postgres.Heal();

        using var desk = _town.Desk(gateway);
        Assert.InRange(await _town.UntilProvedAsync(desk), TimeSpan.Zero, DoubtfulTown.Promised);
        // Each of them asks the register once more, a second later: nothing was lost to the pools.
        Assert.Equal(StatusCode.Unauthenticated, await KnockAsync(gateway, stranger));
        Assert.InRange(await ConnectionsAsync(), 1, StorePools.MostConnections);
    }

    [Fact]
    public async Task A_half_open_link_makes_doubt_at_once_and_none_two_seconds_after_it_heals()
    {
        await using var gateway = await _town.StartAsync();
        using var desk = _town.Desk(gateway);
        _town.Postgres.GoSilent();
        // After the patience, and what it takes to see that no other connection gets through.
        Assert.InRange(await _town.UntilInDoubtAsync(desk), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        // Long enough for what was given up to have ended, and for new connections to hang.
        await _town.Town.Database.ReadAsync<string>("SELECT pg_sleep(6)::text");
        Assert.False((await desk.TapAsync(_town.Card)).Answer.Freshness.Proved);
        _town.Postgres.Heal();
        Assert.InRange(await _town.UntilProvedAsync(desk), TimeSpan.Zero, DoubtfulTown.Promised);
    }

    [Fact]
    public async Task A_half_open_link_that_heals_at_once_is_forgotten_as_fast()
    {
        await using var gateway = await _town.StartAsync();
        using var desk = _town.Desk(gateway);
        for (var round = 0; round < 3; round++)
        {
            _town.Postgres.GoSilent();
            await _town.UntilInDoubtAsync(desk);
            _town.Postgres.Heal();
            Assert.InRange(await _town.UntilProvedAsync(desk), TimeSpan.Zero, DoubtfulTown.Promised);
        }
    }

    [Fact]
    public async Task Connections_that_a_firewall_forgot_are_gone_two_seconds_later()
    {
        await using var gateway = await _town.StartAsync();
        using var desk = _town.Desk(gateway);
        for (var round = 0; round < 3; round++)
        {
            _town.Postgres.Forget();
            Assert.InRange(await _town.UntilProvedAsync(desk), TimeSpan.Zero, DoubtfulTown.Promised);
            // Those that nobody used meanwhile, too.
            foreach (var person in await PeopleAsync(StorePools.MostConnections)) Assert.True((await desk.TapAsync(person)).Answer.Freshness.Proved);
        }
    }

    [Fact]
    public async Task A_link_that_drips_is_doubt_and_no_problem_and_ends_with_the_dripping()
    {
        await using var gateway = await _town.StartAsync();
        using var desk = _town.Desk(gateway);
        _town.Postgres.Drip(TimeSpan.FromMilliseconds(50));
        // Never an INTERNAL problem: each is an answer in doubt, or told to ask again.
        Assert.InRange(await _town.UntilInDoubtAsync(desk), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        _town.Postgres.Heal();
        Assert.InRange(await _town.UntilProvedAsync(desk), TimeSpan.Zero, DoubtfulTown.Promised);
    }

    [Fact]
    public async Task Sessions_that_a_restart_ended_cost_nobody_a_proof()
    {
        await using var gateway = await _town.StartAsync();
        using var desk = _town.Desk(gateway);
        for (var round = 0; round < 3; round++)
        {
            // What a restart leaves behind: a server that is there, and connections in the pools that are not.
            await EndSessionsAsync();
            var fresh = await _town.Town.AddCardAsync(await _town.Town.AddPersonAsync());
            Assert.True((await desk.TapAsync(fresh)).Answer.Freshness.Proved);
            Assert.True((await desk.TapAsync(_town.Card)).Answer.Freshness.Proved);
        }
    }

    [Fact]
    public async Task A_server_that_is_gone_and_comes_back_is_found_by_itself()
    {
        await using var gateway = await _town.StartAsync();
        using var desk = _town.Desk(gateway);
        for (var round = 0; round < 2; round++)
        {
            await _town.Postgres.RefuseAsync();
            await _town.UntilInDoubtAsync(desk);
            _town.Postgres.Heal();
            Assert.InRange(await _town.UntilProvedAsync(desk), TimeSpan.Zero, DoubtfulTown.Promised);
        }
    }

    [Fact]
    public async Task A_gateway_at_rest_finds_the_store_back_without_anybody_asking()
    {
        await using var gateway = await _town.StartAsync();
        using (var desk = _town.Desk(gateway))
        {
            await _town.Postgres.RefuseAsync();
            await _town.UntilInDoubtAsync(desk);
        }
        var health = gateway.Services.GetRequiredService<StoreHealth>();
        Assert.NotNull(health.AwaySince);
        _town.Postgres.Heal();
        using var limit = new CancellationTokenSource(DoubtfulTown.Promised);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (health.IsAway) await look.WaitForNextTickAsync(limit.Token);
    }

    private async Task<TestCard[]> PeopleAsync(int count)
    {
        var cards = new TestCard[count];
        for (var i = 0; i < count; i++) cards[i] = await _town.Town.AddCardAsync(await _town.Town.AddPersonAsync());
        return cards;
    }

    private static async Task<StatusCode> KnockAsync(GatewayHost gateway, TestTerminal stranger)
    {
        using var desk = new TestDesk(gateway.Address, stranger);
        while (true)
        {
            var status = (await desk.FailAsync(new LookUp())).StatusCode;
            if (status != StatusCode.Unavailable) return status;
        }
    }

    private async Task EndSessionsAsync()
    {
        await using var connection = await _town.Town.Database.OpenAsSuperuserAsync();
        await connection.ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'eligibility gateway%'");
    }

    private Task<long> ConnectionsAsync() =>
        _town.Town.Database.ReadAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'eligibility gateway%'");
}
