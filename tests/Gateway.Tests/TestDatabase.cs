using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Storage.Embedded;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests;

/// <summary>A test class's own database; dropped with whatever is connected to it.</summary>
public sealed class TestDatabase(EmbeddedPostgres postgres, string name) : IAsyncDisposable
{
    public string Name => name;

    /// <summary>To look behind the scenes; what is tested connects by role.</summary>
    public string Superuser => postgres.SuperuserConnectionString(name);

    public string ConnectionString(StoreRole role) => postgres.ConnectionString(role, name);

    /// <summary>An open connection of that role; the caller disposes of it.</summary>
    public Task<NpgsqlConnection> OpenAsync(StoreRole role) => OpenAsync(ConnectionString(role));

    /// <summary>An open connection of the superuser; the caller disposes of it.</summary>
    public Task<NpgsqlConnection> OpenAsSuperuserAsync() => OpenAsync(Superuser);

    public async ValueTask DisposeAsync()
    {
        await using var connection = await OpenAsync(postgres.SuperuserConnectionString("postgres"));
        await using var command = new NpgsqlCommand($"DROP DATABASE IF EXISTS {name} WITH (FORCE)", connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        return connection;
    }
}
