using System.Data;
using System.Diagnostics;
using Npgsql;

namespace EligibilityGateway.Gateway.Storage;

/// <summary>
/// Shows whether Postgres can take a write and commit it in time, on a connection of its own that nothing else waits on: a statement
/// that is slow for its own reasons, a lock, a large group, does not make this one slow.
/// </summary>
internal sealed class StoreProbe(NpgsqlDataSource pool, TimeSpan patience) : IAsyncDisposable
{
    // A write that is committed to disk, and no lock on anything. A server that became read-only would let it pass, so that is asked too.
    private const string Sql = "SELECT current_setting('transaction_read_only') = 'on', pg_logical_emit_message(true, 'eligibility', 'probe')";

    /// <summary>What hangs for longer is closed.</summary>
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(3);

    private NpgsqlConnection? _kept;

    /// <summary>Null where Postgres wrote and committed in time; else what happened in its place, for the log.</summary>
    public async Task<string?> FindFaultAsync()
    {
        var begun = Stopwatch.GetTimestamp();
        var kept = Interlocked.Exchange(ref _kept, null) is { } connection ? AskAsync(connection) : null;
        if (kept is not null && await kept.EndsWithinAsync(patience / 2) && kept.IsCompletedSuccessfully) return await kept;

        // The kept connection may be dead alone. A fresh one tells, and what the kept one still brings counts as well.
        var fresh = AskAsync(null);
        var left = patience - Stopwatch.GetElapsedTime(begun);
        var either = kept is null || kept.IsCompleted ? fresh : FirstGoodAsync(kept, fresh);
        if (await either.EndsWithinAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero) && either.IsCompletedSuccessfully) return await either;
        kept?.Leave();
        either.Leave();
        return fresh.Exception?.InnerException is { } e ? StoreFaults.KindOf(e) : $"no commit within {patience.TotalMilliseconds:0} ms";
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _kept, null) is { } connection) await connection.DisposeAsync();
    }

    private static async Task<string?> FirstGoodAsync(Task<string?> one, Task<string?> other)
    {
        var first = await Task.WhenAny(one, other);
        return await (first.IsCompletedSuccessfully ? first : first == one ? other : one);
    }

    /// <summary>Asks on that connection, or on a fresh one; keeps it where it answered, closes it where it did not, however late.</summary>
    private async Task<string?> AskAsync(NpgsqlConnection? kept)
    {
        using var deadline = new StoreDeadline(Within);
        var connection = kept ?? await pool.OpenWithinAsync(deadline.Left, deadline.Token);
        try
        {
            bool isReadOnly;
            await using (var probe = new NpgsqlCommand(Sql, connection))
            await using (var reader = await probe.ExecuteReaderAsync(CommandBehavior.SingleRow, deadline.Token))
            {
                await reader.ReadAsync(deadline.Token);
                isReadOnly = reader.GetBoolean(0);
            }
            // A server that takes no writes is not asked again on the same connection: it may be the old one of a pair.
            if (isReadOnly) pool.Clear();
            else if (Interlocked.CompareExchange(ref _kept, connection, null) is null) return null;
            await connection.DisposeAsync();
            return isReadOnly ? "it takes no writes" : null;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
