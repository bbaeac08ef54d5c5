using Npgsql;

namespace EligibilityGateway.Gateway.Storage;

/// <summary>
/// One question to the store, on a connection that belongs to the question. Whoever asks may stop waiting; the question then ends by its
/// own deadline and gives its connection back itself.
/// </summary>
internal static class StoreCall
{
    /// <summary>
    /// Asks within the time. Where the pool's connection turns out to be of no use, as all of them are after a restart of Postgres, the
    /// question is asked once more on a fresh one: it must bear being asked twice.
    /// </summary>
    /// <param name="pool">Where the connection is from.</param>
    /// <param name="within">How long the question may take.</param>
    /// <param name="ask">The question; it hands the token on to the driver.</param>
    /// <exception cref="NpgsqlException">Postgres could not be reached, refused, or did not answer in time.</exception>
    public static async Task<T> AskAsync<T>(this NpgsqlDataSource pool, TimeSpan within, Func<NpgsqlConnection, CancellationToken, Task<T>> ask)
    {
        var call = RunAsync(pool, within, ask);
        if (await call.EndsWithinAsync(within)) return await call;
        call.Leave();
        throw Late(null);
    }

    private static async Task<T> RunAsync<T>(NpgsqlDataSource pool, TimeSpan within, Func<NpgsqlConnection, CancellationToken, Task<T>> ask)
    {
        using var deadline = new StoreDeadline(within);
        try
        {
            return await OnceAsync(pool, deadline, ask);
        }
        catch (Exception e) when (StoreFaults.Of(e) == StoreFault.ConnectionGone && !deadline.HasPassed)
        {
            // The pool's others are gone too.
            pool.Clear();
            return await OnceAsync(pool, deadline, ask);
        }
    }

    private static async Task<T> OnceAsync<T>(NpgsqlDataSource pool, StoreDeadline deadline, Func<NpgsqlConnection, CancellationToken, Task<T>> ask)
    {
        await using var connection = await pool.OpenWithinAsync(deadline.Left, deadline.Token);
        try
        {
            return await ask(connection, deadline.Token);
        }
        catch (OperationCanceledException e) when (deadline.Token.IsCancellationRequested)
        {
            throw Late(e);
        }
        catch (Exception e) when (StoreFaults.IsOfBrokenConnection(e, connection))
        {
            throw StoreFaults.BrokenConnection(e);
        }
    }

    private static NpgsqlException Late(Exception? e) => new("Postgres did not answer in time.", new TimeoutException(null, e));
}
