using System.Net;
using Dapper;
using EligibilityGateway.Common;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Settings;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Access;
using EligibilityGateway.Gateway.Tests.Storage;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;

namespace EligibilityGateway.Gateway.Tests.Startup;

/// <summary>What balancers are told, from the first moment of a gateway to its last.</summary>
public sealed class ReadyTests(TestStores stores) : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource _limit = new(Deadline);
    private readonly HttpClient _balancer = new();
    private TestTown _town = null!;

    public async ValueTask InitializeAsync() => _town = await TestTown.OpenAsync(stores);

    public async ValueTask DisposeAsync()
    {
        await _town.DisposeAsync();
        _balancer.Dispose();
        _limit.Dispose();
    }

    [Fact]
    public async Task It_is_warming_until_all_that_a_look_up_needs_is_there_and_serving_then()
    {
        var told = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<GatewayHost> start;
        await using (var holder = await _town.Database.OpenAsSuperuserAsync())
        {
            // Warming reads it.
            await holder.ExecuteAsync("BEGIN; LOCK TABLE card IN ACCESS EXCLUSIVE MODE");
            start = GatewayHost.StartAsync(Settings(), _limit.Token, _ => { }, new StartOptions { ReadyAt = told.SetResult });
            var ready = await told.Task.WaitAsync(_limit.Token);
            await _town.Database.UntilSomebodyWaitsForALockAsync();
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "warming"), await AskAsync(ready));
        }
        await using var gateway = await start;
        Assert.Equal(await told.Task, gateway.ReadyAddress);
        Assert.Equal((HttpStatusCode.OK, "serving"), await AskAsync(gateway.ReadyAddress!));
    }

    [Fact]
    public async Task A_start_that_fails_leaves_nothing_behind()
    {
        var told = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        await Assert.ThrowsAsync<SettingsException>(() => GatewayHost.StartAsync(Settings() with { Redis = "127.0.0.1:1" }, _limit.Token, _ => { }, new StartOptions { ReadyAt = told.SetResult }));
        await Assert.ThrowsAsync<HttpRequestException>(async () => await AskAsync(await told.Task));
    }

    [Fact]
    public async Task While_Postgres_is_away_it_serves_and_says_since_when()
    {
        await using var gateway = await _town.StartGatewayAsync(Settings());
        using var desk = new TestDesk(gateway.Address, await _town.AddTerminalAsync(TerminalRole.Reception));
        var card = await _town.AddCardAsync(await _town.AddPersonAsync());
        await desk.TapAsync(card);
        var before = TestTown.Now.AddSeconds(-1);
        await using (await PostgresAway.BeginAsync(stores, _town))
        {
            Assert.Equal(Validity.Unconfirmed, (await desk.TapAsync(card)).Answer.Validity);
            var (status, word) = await AskAsync(gateway.ReadyAddress!);
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Matches(@"^serving; Postgres away since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", word);
            Assert.InRange(gateway.Services.GetRequiredService<StoreHealth>().AwaySince!.Value, before, TestTown.Now);
        }
        // The drain finds it back.
        while ((await AskAsync(gateway.ReadyAddress!)).Word != "serving") _limit.Token.ThrowIfCancellationRequested();
    }

    [Fact]
    public async Task It_asks_nobody_and_answers_one_question_alone()
    {
        await using var gateway = await _town.StartGatewayAsync(Settings());
        await using (await PostgresAway.BeginAsync(stores, _town))
            // Nobody has found out yet that Postgres is gone.
            Assert.Equal((HttpStatusCode.OK, "serving"), await AskAsync(gateway.ReadyAddress!));
        Assert.Equal(HttpStatusCode.NotFound, (await _balancer.GetAsync(new Uri(gateway.ReadyAddress!, "/"), _limit.Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _balancer.GetAsync(new Uri(gateway.ReadyAddress!, "/v1/challenge"), _limit.Token)).StatusCode);
        using var posted = await _balancer.PostAsync(new Uri(gateway.ReadyAddress!, "/ready"), null, _limit.Token);
        Assert.Equal(HttpStatusCode.NotFound, posted.StatusCode);
    }

    [Fact]
    public async Task A_process_says_where_to_ask_and_once_it_is_told_to_stop_that_it_is_stopping()
    {
        var card = await _town.AddCardAsync(await _town.AddPersonAsync());
        await using var gateway = await GatewayProcess.StartAsync(Settings() with { StorePatience = Deadline, StoreLongest = Deadline });
        Assert.True(gateway.Printed.IndexOf("ready http://127.0.0.1:", StringComparison.Ordinal) < gateway.Printed.IndexOf("serving ", StringComparison.Ordinal));
        Assert.Equal((HttpStatusCode.OK, "serving"), await AskAsync(gateway.ReadyAddress));

        using var desk = new TestDesk(gateway.Address, await _town.AddTerminalAsync(TerminalRole.Reception));
        var health = new Health.HealthClient(desk.Channel);
        using var stream = desk.Terminals.Connect(cancellationToken: _limit.Token);
        await stream.RequestStream.WriteAsync(new TerminalMessage { Hello = new Hello { Agent = "test" } }, _limit.Token);
        Assert.True(await stream.ResponseStream.MoveNext(_limit.Token));
        var tap = desk.Tap(card, stream.ResponseStream.Current.Welcome.Challenge.Value.ToByteArray());
        await using (var holder = await _town.Database.OpenAsSuperuserAsync())
        {
            await holder.ExecuteAsync("BEGIN; LOCK TABLE access_record IN EXCLUSIVE MODE");
            await stream.RequestStream.WriteAsync(new TerminalMessage { LookUp = tap }, _limit.Token);
            await _town.Database.UntilSomebodyWaitsForALockAsync();
            await gateway.TerminateAsync();
            Assert.True(await stream.ResponseStream.MoveNext(_limit.Token));
            Assert.NotNull(stream.ResponseStream.Current.Drain);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "stopping"), await AskAsync(gateway.ReadyAddress));
            foreach (var service in (string[])["", "eligibility.v1.Terminals"])
                Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, (await health.CheckAsync(new HealthCheckRequest { Service = service }, cancellationToken: _limit.Token)).Status);
        }
        Assert.True(await stream.ResponseStream.MoveNext(_limit.Token));
        Assert.Equal(tap.EventId, stream.ResponseStream.Current.Answer.EventId);
        await stream.RequestStream.CompleteAsync();
        Assert.Equal(0, await gateway.EndAsync());
    }

    [Fact]
    public async Task A_process_that_is_told_to_stop_before_it_serves_does_so_and_says_so()
    {
        await using var holder = await _town.Database.OpenAsSuperuserAsync();
        await holder.ExecuteAsync("BEGIN; LOCK TABLE card IN ACCESS EXCLUSIVE MODE");
        await using var gateway = await GatewayProcess.StartWarmingAsync(Settings());
        await _town.Database.UntilSomebodyWaitsForALockAsync();
        await gateway.TerminateAsync();
        Assert.Equal(0, await gateway.EndAsync());
        Assert.Equal("gateway: stopped before it served.\n", await gateway.ComplainedAsync());
    }

    private GatewaySettings Settings() => _town.Settings() with { Ready = "http://127.0.0.1:0" };

    private async Task<(HttpStatusCode Status, string Word)> AskAsync(Uri ready)
    {
        using var answer = await _balancer.GetAsync(new Uri(ready, "/ready"), _limit.Token);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(_limit.Token));
    }
}
