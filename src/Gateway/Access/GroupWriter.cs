using System.Collections.Concurrent;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Access;

/// <summary>
/// Takes all records that wait and writes them with one statement, over and over. A group that Postgres has not committed within the
/// patience makes the writer look whether Postgres is away. Where it is, the group goes back as out of reach; it may still commit, which
/// the drain of the journal sorts out. Where it is not, the group is waited for on its own connection and the next ones go on beside it.
/// </summary>
internal sealed partial class GroupWriter(RecordQueue waiting, NpgsqlDataSource pool, RecordMacs macs, StoreHealth health, StoreWaits waits, ILogger logger) : IDisposable
{
    /// <summary>Larger groups make no record cheaper (1,000 rows take 2.2 times as long as 500) and hold up the first one.</summary>
    private const int LargestGroup = 256;

    /// <summary>One writes; two more may hang. With the drain and the probe that is the pool.</summary>
    private const int MostSessions = 3;

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _places = new(MostSessions);
    private readonly ConcurrentBag<WriteSession> _idle = [];

    /// <summary>Completes once the statement has been run on nothing: the first look-up of a day does not wait for its preparation.</summary>
    public Task Ready => _ready.Task;

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await BeginAsync([], stop);
            _ready.TrySetResult();
            while (true)
            {
                await waiting.WaitAsync(stop);
                await BeginAsync(null, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping; what waits is told below.
        }
        finally
        {
            _ready.TrySetResult();
            CompleteAll(waiting.Close(), RecordState.OutOfReach);
            // What is being written is waited for: it has its deadline.
            for (var place = 0; place < MostSessions; place++) await _places.WaitAsync(CancellationToken.None);
            while (_idle.TryTake(out var session)) await session.DisposeAsync();
        }
    }

    public void Dispose() => _places.Dispose();

    /// <summary>Begins to write a group and returns when that is done, or slow.</summary>
    private async Task BeginAsync(List<PendingRecord>? given, CancellationToken stop)
    {
        await _places.WaitAsync(stop);
        // Taken only now: what comes while no place is free belongs to the next group.
        var group = given ?? waiting.Take(LargestGroup);
        group.RemoveAll(static pending => pending.IsOver);
        if (group.Count == 0 && given is null)
        {
            _places.Release();
            return;
        }
        var writing = WriteAndLeaveAsync(group);
        await writing.EndsWithinAsync(waits.Patience);
    }

    private async Task WriteAndLeaveAsync(List<PendingRecord> group)
    {
        try
        {
            await WriteAsync(group);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A bug of ours: the group's answers are withheld, and the writer goes on.
            LogFault(logger, e.GetType().Name, e.TargetSite?.Name ?? "");
            CompleteAll(group, RecordState.Failed);
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task WriteAsync(List<PendingRecord> group, bool isSecondTry = false)
    {
        if (health.IsAway)
        {
            CompleteAll(group, RecordState.OutOfReach);
            return;
        }
        var attempt = AttemptAsync(group);
        switch (await health.WaitAsync(attempt, isOnConnection: !isSecondTry))
        {
            case StoreWait.Died:
                await WriteAsync(group.FindAll(static pending => !pending.IsOver), isSecondTry: true);
                return;
            case StoreWait.Away:
                CompleteAll(group, RecordState.OutOfReach);
                return;
            case StoreWait.Late:
                LogLate(logger, group.Count, waits.Longest.TotalMilliseconds);
                CompleteAll(group, RecordState.Late);
                return;
        }
        try
        {
            await attempt;
        }
        catch (PostgresException e) when (StoreFaults.Of(e) == StoreFault.AboutTheData)
        {
            await SplitAsync(group, e.SqlState, isSecondTry);
        }
        catch (PostgresException e) when (StoreFaults.Of(e) == StoreFault.Refused)
        {
            health.Refuses(e);
            CompleteAll(group, RecordState.OutOfReach);
        }
        catch (Exception e) when (StoreFaults.Of(e) != StoreFault.None)
        {
            var isAway = await health.LookAsync();
            if (!isAway) LogFailed(logger, StoreFaults.KindOf(e), group.Count);
            CompleteAll(group, isAway ? RecordState.OutOfReach : RecordState.Late);
        }
    }

    /// <summary>
    /// Writes the group; where its connection was of no use, once more on a fresh one. What the first try may have committed after all is
    /// found by the second as answered before.
    /// </summary>
    private async Task AttemptAsync(List<PendingRecord> group)
    {
        using var deadline = new StoreDeadline(waits.Longest);
        try
        {
            await OnceAsync(await SessionAsync(), group, deadline);
        }
        catch (Exception e) when (StoreFaults.Of(e) == StoreFault.ConnectionGone && !deadline.HasPassed)
        {
            pool.Clear();
            await OnceAsync(new WriteSession(pool, macs, health.Generation), group.FindAll(static pending => !pending.IsOver), deadline);
        }
    }

    /// <summary>One whose connection is not known to be dead.</summary>
    private async ValueTask<WriteSession> SessionAsync()
    {
        while (_idle.TryTake(out var session))
        {
            if (session.Generation == health.Generation) return session;
            await session.DisposeAsync();
        }
        return new WriteSession(pool, macs, health.Generation);
    }

    private async Task OnceAsync(WriteSession session, List<PendingRecord> group, StoreDeadline deadline)
    {
        try
        {
            await session.WriteAsync(group, deadline);
            _idle.Add(session);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Halves the group until only the bad record fails. That one is tried twice: a row that was on its way to the default partition
    /// while its own was made is refused once (23514), and is no bad record.
    /// </summary>
    private async Task SplitAsync(List<PendingRecord> group, string sqlState, bool isSecondTry)
    {
        if (group.Count == 1 && !isSecondTry)
        {
            await WriteAsync(group, isSecondTry: true);
            return;
        }
        if (group.Count == 1)
        {
            LogBadRecord(logger, sqlState);
            group[0].Complete(new RecordOutcome(RecordState.Failed));
            return;
        }
        await WriteAsync(group[..(group.Count / 2)]);
        await WriteAsync(group[(group.Count / 2)..]);
    }

    private static void CompleteAll(List<PendingRecord> group, RecordState state)
    {
        foreach (var pending in group) pending.Complete(new RecordOutcome(state));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Postgres is in reach and has not committed a group of {Count} records within {Milliseconds:0} ms; its look-ups are told to ask again.")]
    private static partial void LogLate(ILogger logger, int count, double milliseconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A group of {Count} records failed with Postgres in reach ({Kind}); its look-ups are told to ask again.")]
    private static partial void LogFailed(ILogger logger, string kind, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Postgres refused one access record (SQLSTATE {SqlState}); its answer was withheld.")]
    private static partial void LogBadRecord(ILogger logger, string sqlState);

    [LoggerMessage(Level = LogLevel.Error, Message = "A group of records failed with {Kind} in {Place}; nothing was answered.")]
    private static partial void LogFault(ILogger logger, string kind, string place);
}
