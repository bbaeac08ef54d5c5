using System.Diagnostics;
using Npgsql;

namespace EligibilityGateway.Gateway.Storage;

/// <summary>
/// Shows whether Postgres is there, on connections of its own that nothing else waits on: a statement that is slow for its own reasons, a
/// lock, a large group, does not make these slow. It must answer within the patience, and commit a small write to disk within the longest
/// that anybody waits: a disk that stands still for a moment makes a busy store, not an absent one.
/// </summary>
/// <param name="pool">The connections of its own.</param>
/// <param name="waits">How long anybody waits.</param>
/// <param name="othersDied">
/// Told when the connection it kept is dead and a fresh one made at the same time is not: what was opened before is of no use.
/// </param>
internal sealed class StoreProbe(NpgsqlDataSource pool, StoreWaits waits, Action othersDied) : IAsyncDisposable
{
    private const string AnswerSql = "SELECT current_setting('transaction_read_only') = 'on'";

    // A write that is committed, and no lock on anything.
    private const string CommitSql = "SELECT pg_logical_emit_message(true, 'eligibility', 'probe')";

    /// <summary>A question that hangs for longer is closed, and its connection with it.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The connection that is kept has less: it is asked first and needs no opening. One that hangs for so long while a fresh one answers
    /// is dead, and the sooner that is known, the sooner those who wait on others of its age are helped.
    /// </summary>
    private static readonly TimeSpan KeptAnswersWithin = TimeSpan.FromMilliseconds(500);

    /// <summary>Of the probe's connections one is left for the question.</summary>
    private const int MostCommits = 2;

    private readonly Lock _gate = new();
    private NpgsqlConnection? _kept;
    private Task _committing = Task.CompletedTask;
    private long _committingSince;
    private int _commits;
    private long _nothingCommittedSince;

    /// <summary>Null where nothing speaks against Postgres; else what does, for the log.</summary>
    /// <param name="entirely">A commit that takes its time is waited for: with it, null is proof that Postgres takes records.</param>
    public async Task<string?> FindFaultAsync(bool entirely)
    {
        if (await FindAnswerFaultAsync() is { } fault) return fault;
        var committing = Commit();
        await committing.EndsWithinAsync(entirely ? waits.Longest : waits.Patience);
        if (committing.IsCompletedSuccessfully) return null;
        if (committing.IsCompleted) return StoreFaults.KindOf(committing.Exception?.InnerException ?? new OperationCanceledException());
        return entirely || HasLongCommittedNothing() ? $"no commit within {waits.Longest.TotalMilliseconds:0} ms" : null;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _kept, null) is { } connection) await connection.DisposeAsync();
    }

    /// <summary>Whether it answers, and takes writes.</summary>
    private async Task<string?> FindAnswerFaultAsync()
    {
        var begun = Stopwatch.GetTimestamp();
        var kept = Interlocked.Exchange(ref _kept, null) is { } connection ? AskAsync(connection) : null;
        if (kept is not null && await kept.EndsWithinAsync(waits.Patience / 2) && kept.IsCompletedSuccessfully) return await kept;

        // The kept connection may be dead alone. A fresh one tells, and what the kept one still brings counts as well.
        var fresh = AskAsync(null);
        var left = waits.Patience - Stopwatch.GetElapsedTime(begun);
        var either = kept is null || kept.IsCompleted ? fresh : FirstGoodAsync(kept, fresh);
        if (kept is not null) _ = CompareAsync(kept, fresh);
        if (await either.EndsWithinAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero) && either.IsCompletedSuccessfully) return await either;
        either.Leave();
        return fresh.Exception?.InnerException is { } e ? StoreFaults.KindOf(e) : $"no answer within {waits.Patience.TotalMilliseconds:0} ms";
    }

    /// <summary>Both end by their deadline. A kept one that was merely slow answers within it.</summary>
    private async Task CompareAsync(Task kept, Task fresh)
    {
        await kept.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await fresh.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!kept.IsCompletedSuccessfully && fresh.IsCompletedSuccessfully) othersDied();
    }

    private static async Task<string?> FirstGoodAsync(Task<string?> one, Task<string?> other)
    {
        var first = await Task.WhenAny(one, other);
        return await (first.IsCompletedSuccessfully ? first : first == one ? other : one);
    }

    /// <summary>Asks on that connection, or on a fresh one; keeps it where it answered, closes it where it did not, however late.</summary>
    private async Task<string?> AskAsync(NpgsqlConnection? kept)
    {
        using var deadline = new StoreDeadline(kept is null ? AnswerWithin : KeptAnswersWithin);
        // What lies in the pool is as old as the kept one.
        if (kept is null) pool.Clear();
        var connection = kept ?? await pool.OpenWithinAsync(deadline.Left, deadline.Token);
        try
        {
            await using var probe = new NpgsqlCommand(AnswerSql, connection);
            if (await probe.ExecuteScalarAsync(deadline.Token) is not true)
            {
                await KeepAsync(connection);
                return null;
            }
            // It is not asked again on the same connection: it may be the old one of a pair.
            pool.Clear();
            await connection.DisposeAsync();
            return "it takes no writes";
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// The commit that is under way; another one where that has lasted for longer than the patience, since the link may have died under
    /// it and be back.
    /// </summary>
    private Task Commit()
    {
        lock (_gate)
        {
            var isToWaitFor = !_committing.IsCompleted && Stopwatch.GetElapsedTime(_committingSince) < waits.Patience;
            if (isToWaitFor || _commits == MostCommits) return _committing;
            _committingSince = Stopwatch.GetTimestamp();
            if (_commits++ == 0) _nothingCommittedSince = _committingSince;
            return _committing = CommitAsync();
        }
    }

    private bool HasLongCommittedNothing()
    {
        lock (_gate) return _commits > 0 && Stopwatch.GetElapsedTime(_nothingCommittedSince) >= waits.Longest;
    }

    private async Task CommitAsync()
    {
        await Task.Yield();
        try
        {
            using var deadline = new StoreDeadline(waits.Longest + AnswerWithin);
            var connection = Interlocked.Exchange(ref _kept, null) ?? await pool.OpenWithinAsync(deadline.Left, deadline.Token);
            try
            {
                await using (var probe = new NpgsqlCommand(CommitSql, connection)) await probe.ExecuteNonQueryAsync(deadline.Token);
                await KeepAsync(connection);
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
            lock (_gate) _nothingCommittedSince = Stopwatch.GetTimestamp();
        }
        finally
        {
            lock (_gate) _commits--;
        }
    }

    private async ValueTask KeepAsync(NpgsqlConnection connection)
    {
        if (Interlocked.CompareExchange(ref _kept, connection, null) is not null) await connection.DisposeAsync();
    }
}
