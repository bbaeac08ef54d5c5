using System.Diagnostics;
using Dapper;
using EligibilityGateway.Gateway.Access;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Access;
using EligibilityGateway.Gateway.Tests.Access.Journal;
using EligibilityGateway.Gateway.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Doubt;

/// <summary>Records go on after a primary became something else, without anybody's doing (promise P2a).</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class ServersChangeTests : IDisposable
{
    private readonly JournalFolderFixture _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_pair_of_hosts_that_swap_their_parts_records_within_two_seconds()
    {
        await using var servers = await PairOfServers.StartAsync(Cancellation);
        var direct = new NpgsqlConnectionStringBuilder(servers.Primary.ConnectionString(StoreRole.Gateway));
        await using var one = FaultyLink.To("127.0.0.1", servers.Primary.Port);
        await using var other = FaultyLink.To("127.0.0.1", servers.StandbyPort);
        direct.Host = $"127.0.0.1:{one.Port},127.0.0.1:{other.Port}";
        await using var desk = new RecordingDesk(direct.ConnectionString, await RegisterAsync(servers), _folder);
        await desk.UntilRecordedAsync();

        for (var round = 0; round < 2; round++)
        {
            // The old primary's sessions end; it comes back as a standby, and the other one is the primary now.
            var (first, second) = round == 0 ? (servers.StandbyPort, servers.Primary.Port) : (servers.Primary.Port, servers.StandbyPort);
            one.LeadTo(first);
            other.LeadTo(second);
            Assert.InRange(await desk.UntilRecordedAsync(), TimeSpan.Zero, DoubtfulTown.Promised);
        }
    }

    [Fact]
    public async Task A_primary_that_turned_read_only_takes_records_again_within_two_seconds_of_turning_back()
    {
        await using var servers = await PairOfServers.StartAsync(Cancellation);
        await using var desk = new RecordingDesk(servers.Primary.ConnectionString(StoreRole.Gateway), await RegisterAsync(servers), _folder);
        await desk.UntilRecordedAsync();

        await SetReadOnlyAsync(servers, "on");
        while (await desk.RecordAsync() != RecordState.OutOfReach) Cancellation.ThrowIfCancellationRequested();
        await SetReadOnlyAsync(servers, "off");
        Assert.InRange(await desk.UntilRecordedAsync(), TimeSpan.Zero, DoubtfulTown.Promised);
    }

    private static async Task<Guid> RegisterAsync(PairOfServers servers)
    {
        var terminal = Guid.NewGuid();
        await using var connection = new NpgsqlConnection(servers.Primary.ConnectionString(StoreRole.Operator));
        await connection.OpenAsync(Cancellation);
        await using var register = new NpgsqlCommand(KnownFacts.RegisterTerminal, connection) { Parameters = { new() { Value = terminal } } };
        await register.ExecuteNonQueryAsync(Cancellation);
        return terminal;
    }

    private static async Task SetReadOnlyAsync(PairOfServers servers, string value)
    {
        await using var connection = new NpgsqlConnection(servers.Primary.SuperuserConnectionString());
        await connection.OpenAsync(Cancellation);
        await connection.ExecuteAsync("SET default_transaction_read_only = off");
        await connection.ExecuteAsync($"ALTER SYSTEM SET default_transaction_read_only = {value}");
        await connection.ExecuteAsync("SELECT pg_reload_conf()");
    }

    /// <summary>What a gateway records with, without the rest of it.</summary>
    private sealed class RecordingDesk : IAsyncDisposable
    {
        private readonly StoreUnderTest _store;
        private readonly Guid _terminal;
        private readonly Gateway.Access.Journal.AccessJournal _journal;
        private readonly AccessLog _log;
        private readonly StoreWatch _watch;

        public RecordingDesk(string connectionString, Guid terminal, JournalFolderFixture folder)
        {
            _terminal = terminal;
            _store = new StoreUnderTest(connectionString, new StoreWaits(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(2)));
            _journal = folder.Open(folder.Options(segments: 16));
            _log = new AccessLog(
                _store.Pools, _store.Health, new PatientStore(_store.Health, _store.Waits), _store.Waits, TestEntries.Macs, _journal, new JournalledEvents(), TimeProvider.System,
                NullLogger<AccessLog>.Instance);
            _watch = new StoreWatch(_store.Health);
            _ = _watch.StartAsync(Cancellation);
        }

        public async Task<RecordState> RecordAsync() => (await _log.RecordAsync(TestEntries.New(_terminal), default)).State;

        public async Task<TimeSpan> UntilRecordedAsync()
        {
            var begun = Stopwatch.GetTimestamp();
            while (await RecordAsync() != RecordState.Recorded)
                if (Stopwatch.GetElapsedTime(begun) > DoubtfulTown.Deadline) Assert.Fail("Nothing was recorded within the deadline.");
            return Stopwatch.GetElapsedTime(begun);
        }

        public async ValueTask DisposeAsync()
        {
            await _watch.StopAsync(Cancellation);
            _watch.Dispose();
            await _log.DisposeAsync();
            await _journal.DisposeAsync();
            await _store.DisposeAsync();
        }
    }
}
