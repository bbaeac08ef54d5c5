using EligibilityGateway.Demo.Embedded;
using EligibilityGateway.Gateway.Storage;
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

    /// <summary>Runs one statement as that role, in a transaction of its own.</summary>
    public async Task<int> ExecuteAsync(StoreRole role, string sql, params object[] parameters)
    {
        await using var connection = await OpenAsync(role);
        await using var command = Command(connection, sql, parameters);
        return await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The first column of the first row, as the superuser sees it.</summary>
    public async Task<T> ReadAsync<T>(string sql, params object[] parameters)
    {
        await using var connection = await OpenAsSuperuserAsync();
        await using var command = Command(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken), "no row");
        return reader.GetFieldValue<T>(0);
    }

    public async ValueTask DisposeAsync()
    {
        await using var connection = await OpenAsync(postgres.SuperuserConnectionString("postgres"));
        await using var command = new NpgsqlCommand($"DROP DATABASE IF EXISTS {name} WITH (FORCE)", connection);
        await command.ExecuteNonQueryAsync();
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in parameters) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        return connection;
    }
}
