using EligibilityGateway.Demo.Embedded;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests;
using Npgsql;

[assembly: AssemblyFixture(typeof(TestStores))]

namespace EligibilityGateway.Gateway.Tests;

/// <summary>
/// One real PostgreSQL cluster and one real Redis server for all tests of this process, each started when first asked for. A test
/// class takes the fixture in its constructor and a database of its own from <see cref="CreateDatabaseAsync"/>.
/// </summary>
public sealed class TestStores : IAsyncLifetime
{
    private const string Template = "template_migrated";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly Lazy<Task<EmbeddedPostgres>> _postgres = new(StartPostgresAsync);
    private readonly Lazy<EmbeddedRedis> _redis = new(() => EmbeddedRedis.Start());
    private int _databases;

    /// <summary>Shared by all classes: keys must be the class's own (an HMAC key or prefix of its own sees to that).</summary>
    public EmbeddedRedis Redis => _redis.Value;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>The cluster that all test databases are in. Tests that stop or reconfigure a server start one of their own.</summary>
    public Task<EmbeddedPostgres> PostgresAsync() => _postgres.Value;

    /// <summary>A database with the current schema, empty, the caller's alone.</summary>
    public async Task<TestDatabase> CreateDatabaseAsync()
    {
        var postgres = await _postgres.Value;
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await using (var connection = new NpgsqlConnection(postgres.SuperuserConnectionString("postgres")))
        {
            await connection.OpenAsync();
            await ExecuteAsync(connection, $"CREATE DATABASE {name} TEMPLATE {Template}");
        }
        var database = new TestDatabase(postgres, name);
        // A database's own rights are not copied from its template.
        await using (var connection = new NpgsqlConnection(database.Superuser))
        {
            await connection.OpenAsync();
            await Bootstrap.RunAsync(connection, CancellationToken.None);
        }
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        if (_redis.IsValueCreated) _redis.Value.Dispose();
        if (!_postgres.IsValueCreated || await Started() is not { } postgres) return;
        NpgsqlConnection.ClearAllPools();
        await postgres.DisposeAsync();
        Directory.Delete(postgres.Folder, recursive: true);
    }

    private static async Task<EmbeddedPostgres> StartPostgresAsync()
    {
        using var limit = new CancellationTokenSource(Deadline);
        var postgres = await EmbeddedPostgres.StartAsync(FolderInMemory() ?? TestFolder.NewPath(), limit.Token);
        await using var connection = new NpgsqlConnection(postgres.SuperuserConnectionString("postgres"));
        await connection.OpenAsync(limit.Token);
        await ExecuteAsync(connection, $"CREATE DATABASE {Template}");
        await using (var template = new NpgsqlConnection(postgres.SuperuserConnectionString(Template)))
        {
            await template.OpenAsync(limit.Token);
            await Bootstrap.RunAsync(template, limit.Token);
            await Migrator.MigrateAsync(postgres.ConnectionString(StoreRole.Owner, Template), report: null, limit.Token);
        }
        NpgsqlConnection.ClearAllPools();
        // No autovacuum worker may be in it while it is copied.
        await ExecuteAsync(connection, $"ALTER DATABASE {Template} IS_TEMPLATE true ALLOW_CONNECTIONS false");
        return postgres;
    }

    /// <summary>
    /// Hundreds of databases are made and dropped, each of five hundred files. On a disk that took half of the machine's time: ext4 passes over
    /// the inodes of files that were deleted a moment ago, one by one, for each new file. Null where memory is no place for it.
    /// </summary>
    private static string? FolderInMemory()
    {
        const string memory = "/dev/shm";
        const long enough = 4L << 30;
        return Directory.Exists(memory) && new DriveInfo(memory).AvailableFreeSpace >= enough ? Path.Combine(memory, $"eligibility-tests-{Guid.NewGuid():N}") : null;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Null where it could not start: the tests have said so already.</summary>
    private async Task<EmbeddedPostgres?> Started()
    {
        try
        {
            return await _postgres.Value;
        }
        catch (StorageException)
        {
            return null;
        }
    }
}
