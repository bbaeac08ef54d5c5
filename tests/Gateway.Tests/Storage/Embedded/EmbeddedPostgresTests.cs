using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EligibilityGateway.Demo.Embedded;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Storage.Embedded;

/// <summary>A cluster of its own for each test, in a folder of its own.</summary>
public sealed class EmbeddedPostgresTests : IDisposable
{
    private readonly string _folder = TestFolder.NewPath();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        NpgsqlConnection.ClearAllPools();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_new_cluster_is_durable_decodes_changes_and_never_runs_as_root()
    {
        await using var postgres = await StartAsync();
        foreach (var expected in (string[])
        [
            "wal_level=logical", "fsync=on", "full_page_writes=on", "synchronous_commit=on", "data_checksums=on", "server_encoding=UTF8",
            "listen_addresses=127.0.0.1", "log_min_error_statement=panic", "log_error_verbosity=terse",
            "log_parameter_max_length_on_error=0", "log_statement=none",
        ])
        {
            var name = expected[..expected.IndexOf('=', StringComparison.Ordinal)];
            Assert.Equal(expected, name + "=" + await ScalarAsync<string>(postgres, $"SELECT current_setting('{name}')"));
        }
        Assert.Equal(0, await ScalarAsync<long>(
            postgres, "SELECT count(*) FROM pg_hba_file_rules WHERE 'replication' = ANY (database) OR auth_method <> 'scram-sha-256'"));
        if (!OperatingSystem.IsLinux()) return;
        var uid = File.ReadLines($"/proc/{postgres.ProcessId}/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];
        Assert.NotEqual(0, int.Parse(uid, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_second_process_on_the_folder_is_told_so_in_one_line()
    {
        await using var postgres = await StartAsync();
        var refused = await Assert.ThrowsAsync<StorageException>(StartAsync);
        Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task What_was_committed_survives_a_kill_of_the_server()
    {
        await using (var postgres = await StartAsync())
        {
            await MarkAsync(postgres);
            Kill(postgres.ProcessId);
        }
        await AssertMarkedAsync();
    }

    [Fact]
    public async Task A_server_whose_guardian_was_killed_still_ends_with_us()
    {
        int server;
        await using (var postgres = await StartAsync())
        {
            server = postgres.ProcessId;
            await MarkAsync(postgres);
            Kill(postgres.GuardianProcessId!.Value);
        }
        Assert.False(await PostmasterFile.IsServerAsync(server, Path.Combine(_folder, "data"), Cancellation));
        await AssertMarkedAsync();
    }

    [Fact]
    public async Task A_half_made_folder_is_made_anew()
    {
        var first = await StartAsync();
        await first.DisposeAsync();
        File.Delete(Path.Combine(_folder, "complete"));
        File.WriteAllText(Path.Combine(_folder, "data", "PG_VERSION"), "half");
        await using var postgres = await StartAsync();
        Assert.Equal(1, await ScalarAsync<int>(postgres, "SELECT 1"));
    }

    [Fact]
    public async Task A_taken_port_is_chosen_anew()
    {
        var first = await StartAsync();
        await first.DisposeAsync();
        using var listener = new TcpListener(IPAddress.Loopback, first.Port);
        listener.Start();
        await using var elsewhere = await StartAsync();
        Assert.NotEqual(first.Port, elsewhere.Port);
    }

    [Theory]
    [InlineData("fsync")]
    [InlineData("full_page_writes")]
    public async Task A_cluster_with_a_durability_switch_off_must_not_serve(string setting)
    {
        await using (var postgres = await StartAsync()) await ExecuteAsync(postgres, $"ALTER SYSTEM SET {setting} = off");
        await using var restarted = await StartAsync();
        var fault = await DurabilityCheck.FindFaultAsync(restarted.ConnectionString(StoreRole.Gateway), Cancellation);
        Assert.Contains(setting, fault, StringComparison.Ordinal);
    }

    private static Task MarkAsync(EmbeddedPostgres postgres) => ExecuteAsync(postgres, "CREATE TABLE public.mark AS SELECT 42 AS value");

    private static void Kill(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(30)));
    }

    private static async Task<T> ScalarAsync<T>(EmbeddedPostgres postgres, string sql)
    {
        await using var connection = new NpgsqlConnection(Unpooled(postgres));
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private static async Task ExecuteAsync(EmbeddedPostgres postgres, string sql)
    {
        await using var connection = new NpgsqlConnection(Unpooled(postgres));
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    /// <summary>The next server of the folder keeps the port: a pool would hand out a dead one's connections.</summary>
    private static string Unpooled(EmbeddedPostgres postgres) =>
        new NpgsqlConnectionStringBuilder(postgres.SuperuserConnectionString()) { Pooling = false }.ConnectionString;

    private Task<EmbeddedPostgres> StartAsync() => EmbeddedPostgres.StartAsync(_folder, Cancellation);

    private async Task AssertMarkedAsync()
    {
        await using var postgres = await StartAsync();
        Assert.Equal(42, await ScalarAsync<int>(postgres, "SELECT value FROM public.mark"));
    }
}
