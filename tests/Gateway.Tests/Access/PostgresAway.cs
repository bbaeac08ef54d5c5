using Dapper;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Access;

/// <summary>While it lasts nobody can connect to a town's database, and who was connected is not: as if the server were gone.</summary>
internal sealed class PostgresAway : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly string _database;

    private PostgresAway(NpgsqlConnection connection, string database)
    {
        _connection = connection;
        _database = database;
    }

    public static async Task<PostgresAway> BeginAsync(TestStores stores, TestTown town)
    {
        var postgres = await stores.PostgresAsync();
        var connection = new NpgsqlConnection(postgres.SuperuserConnectionString("postgres"));
        await connection.OpenAsync();
        await connection.ExecuteAsync($"ALTER DATABASE {town.Database.Name} ALLOW_CONNECTIONS false");
        await connection.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = @name", new { name = town.Database.Name });
        return new PostgresAway(connection, town.Database.Name);
    }

    public async ValueTask DisposeAsync()
    {
        await using (_connection) await _connection.ExecuteAsync($"ALTER DATABASE {_database} ALLOW_CONNECTIONS true");
        // The test's own connections were ended too.
        NpgsqlConnection.ClearAllPools();
    }
}
