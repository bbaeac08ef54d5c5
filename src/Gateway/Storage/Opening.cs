using Npgsql;

namespace EligibilityGateway.Gateway.Storage;

/// <summary>
/// The one way to a connection. Whoever waits for it no longer than its deadline still owns what arrives later: a connection that is
/// opened after that is disposed of here. (The driver's own way is banned elsewhere: a connection that nobody disposes of is lost to its
/// pool for good, and with all of them lost a gateway is in doubt for good.)
/// </summary>
internal static class Opening
{
    /// <summary>What an operator's command, or a feed, waits for a connection: nobody at a desk waits for it.</summary>
    private static readonly TimeSpan PatienceOfCommands = TimeSpan.FromSeconds(15);

    /// <summary>An open connection, for an operator's command or a feed.</summary>
    /// <exception cref="NpgsqlException">Postgres could not be reached in time, or refused.</exception>
    public static Task<NpgsqlConnection> OpenPatientlyAsync(this NpgsqlDataSource pool, CancellationToken cancellation) =>
        OpenAsync(pool, PatienceOfCommands, cancellation);

    /// <summary>The same for a connection that belongs to no pool, or to one that lives no longer than its command.</summary>
    /// <exception cref="NpgsqlException">Postgres could not be reached in time, or refused.</exception>
    public static async Task OpenPatientlyAsync(this NpgsqlConnection connection, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(PatienceOfCommands);
        try
        {
#pragma warning disable RS0030 // Whoever has the connection disposes of it.
            await connection.OpenAsync(deadline.Token);
#pragma warning restore RS0030
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw Late(e);
        }
    }

    /// <summary>An open connection of the pool, for what a gateway serves with.</summary>
    /// <exception cref="NpgsqlException">
    /// Postgres could not be reached in time, or let nobody in. It is never a <see cref="PostgresException"/>: a refusal at the door is not
    /// one of the statement that was to follow.
    /// </exception>
    public static async Task<NpgsqlConnection> OpenWithinAsync(this NpgsqlDataSource pool, TimeSpan within, CancellationToken cancellation)
    {
        try
        {
            return await OpenAsync(pool, within, cancellation);
        }
        catch (PostgresException e)
        {
            throw new NpgsqlException("Postgres let nobody in.", e);
        }
    }

    private static async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource pool, TimeSpan within, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(within);
#pragma warning disable RS0030 // This is the one place.
        var opening = pool.OpenConnectionAsync(deadline.Token).AsTask();
#pragma warning restore RS0030
        try
        {
            // An opening that hangs does not always hear of its token.
            return await opening.WaitAsync(within, cancellation);
        }
        catch (Exception e)
        {
            DisposeLate(opening);
            if (e is OperationCanceledException or TimeoutException && !cancellation.IsCancellationRequested) throw Late(e);
            throw;
        }
    }

    private static void DisposeLate(Task<NpgsqlConnection> opening) => _ = opening.ContinueWith(
        static async late =>
        {
            if (late.IsCompletedSuccessfully) await late.Result.DisposeAsync();
            else _ = late.Exception;
        },
        CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private static NpgsqlException Late(Exception e) => new("No connection to Postgres in time.", new TimeoutException(null, e));
}
