using System.Globalization;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Feeds.Insurers.Batches;

/// <summary>The one connection that an import works over. While it is open, no other import is at work: what a file was checked against stays.</summary>
internal sealed class FeedSession : IAsyncDisposable
{
    // Statements are over a whole file of millions of rows.
    private const int StatementSeconds = 30 * 60;

    // Any number, as long as it is the same in all programs.
    private const long ImportLock = 0x656C_6665_6564;

    private FeedSession(NpgsqlConnection connection) => Connection = connection;

    public NpgsqlConnection Connection { get; }

    /// <summary>Waits a while for another import to end. Null where it does not.</summary>
    public static async Task<FeedSession?> OpenAsync(NpgsqlDataSource store, TimeSpan patience, CancellationToken cancellation)
    {
        var session = new FeedSession(await store.OpenPatientlyAsync(cancellation));
        try
        {
            // The batch's tables are sorted and joined whole, once.
            await session.ExecuteAsync(
                string.Create(CultureInfo.InvariantCulture, $"SET temp_buffers = '64MB'; SET work_mem = '64MB'; SET jit = off; SET lock_timeout = {(long)patience.TotalMilliseconds}"),
                cancellation);
            await session.ExecuteAsync("SELECT pg_advisory_lock($1)", cancellation, new NpgsqlParameter<long> { TypedValue = ImportLock });
            await session.ExecuteAsync("SET lock_timeout = '10s'", cancellation);
            return session;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            await session.DisposeAsync();
            return null;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    public async Task<int> ExecuteAsync(string sql, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task<T> ScalarAsync<T>(string sql, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        await using var command = Command(sql, parameters);
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }

    public async Task ReadAsync(string sql, Action<NpgsqlDataReader> each, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        await using var command = Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) each(reader);
    }

    public async ValueTask DisposeAsync()
    {
        await using var connection = Connection;
        try
        {
            if (connection.State == System.Data.ConnectionState.Open) await ExecuteAsync("SELECT pg_advisory_unlock_all(); RESET ALL", CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // The lock ends with the connection, which is broken.
        }
    }

    private NpgsqlCommand Command(string sql, NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, Connection) { CommandTimeout = StatementSeconds };
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return command;
    }
}
