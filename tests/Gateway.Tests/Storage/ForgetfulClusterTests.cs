using EligibilityGateway.Demo.Embedded;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Storage;

/// <summary>Clusters whose whole server forgets; each setting is made on a server of the test's own.</summary>
public sealed class ForgetfulClusterTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource _limit = new(Deadline);
    private EmbeddedPostgres _postgres = null!;

    public async ValueTask InitializeAsync() => _postgres = await EmbeddedPostgres.StartAsync(TestFolder.NewPath(), _limit.Token);

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _postgres.DisposeAsync();
        Directory.Delete(_postgres.Folder, recursive: true);
        _limit.Dispose();
    }

    [Fact]
    public async Task What_a_power_cut_or_a_failover_would_lose_is_refused_and_named()
    {
        Assert.Null(await FaultAsync());
        await SetAsync("fsync", "off");
        Assert.Contains("fsync off", await FaultAsync(), StringComparison.Ordinal);
        await SetAsync("fsync", "on");
        await SetAsync("full_page_writes", "off");
        Assert.Contains("full_page_writes off", await FaultAsync(), StringComparison.Ordinal);
        await SetAsync("full_page_writes", "on");

        // Without a standby there is nothing but this server's disk to wait for.
        await SetAsync("synchronous_commit", "local");
        Assert.Null(await FaultAsync());
        await SetAsync("synchronous_standby_names", "standby1");
        Assert.Contains("synchronous_commit at local", await FaultAsync(), StringComparison.Ordinal);
        await SetAsync("synchronous_commit", "remote_write");
        Assert.Null(await FaultAsync());
    }

    private Task<string?> FaultAsync() => DurabilityCheck.FindFaultAsync(_postgres.ConnectionString(StoreRole.Gateway), _limit.Token);

    /// <summary>Changes it for the server, and waits until new sessions have it.</summary>
    private async Task SetAsync(string setting, string value)
    {
        await using var connection = new NpgsqlConnection(_postgres.SuperuserConnectionString());
        await connection.OpenAsync(_limit.Token);
        await using (var change = new NpgsqlCommand($"ALTER SYSTEM SET {setting} = '{value}'", connection)) await change.ExecuteNonQueryAsync(_limit.Token);
        await using (var reload = new NpgsqlCommand("SELECT pg_reload_conf()", connection)) await reload.ExecuteNonQueryAsync(_limit.Token);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        await using var show = new NpgsqlCommand($"SHOW {setting}", connection);
        while (await show.ExecuteScalarAsync(_limit.Token) as string != value) await look.WaitForNextTickAsync(_limit.Token);
    }
}
