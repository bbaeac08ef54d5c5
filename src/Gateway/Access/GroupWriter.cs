using System.Threading.Channels;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Access;

/// <summary>
/// Takes all records that wait and writes them with one statement, over and over, on one connection. A group that Postgres has not
/// committed within the patience goes back as out of reach; it may still commit late, which the drain of the journal sorts out.
/// </summary>
internal sealed partial class GroupWriter(
    ChannelReader<PendingRecord> waiting, NpgsqlDataSource store, StoreHealth health, TimeSpan patience, ILogger logger)
{
    /// <summary>Larger groups make no record cheaper (1,000 rows take 2.2 times as long as 500) and hold up the first one.</summary>
    private const int LargestGroup = 256;

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NpgsqlConnection? _connection;
    private RecordStatement? _statement;

    /// <summary>Completes once the statement has been run on nothing: the first look-up of a day does not wait for its preparation.</summary>
    public Task Ready => _ready.Task;

    public async Task RunAsync(CancellationToken stop)
    {
        var group = new List<PendingRecord>(LargestGroup);
        try
        {
            await WriteAsync(group);
            _ready.TrySetResult();
            while (await waiting.WaitToReadAsync(stop))
            {
                group.Clear();
                while (group.Count < LargestGroup && waiting.TryRead(out var pending)) group.Add(pending);
                await WriteAsync(group);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping; what waits is told below.
        }
        finally
        {
            _ready.TrySetResult();
            while (waiting.TryRead(out var left)) left.Complete(new RecordOutcome(RecordState.OutOfReach));
            await DropConnectionAsync();
        }
    }

    private async Task WriteAsync(List<PendingRecord> group, bool isSecondTry = false)
    {
        if (health.IsAway)
        {
            CompleteAll(group, RecordState.OutOfReach);
            return;
        }
        try
        {
            _connection ??= await store.OpenConnectionAsync().AsTask().WaitAsync(patience);
            _statement ??= new RecordStatement();
            var write = _statement.ExecuteAsync(_connection, group.ConvertAll(static p => p.Entry), CancellationToken.None);
            HashSet<Guid> inserted;
            try
            {
                inserted = await write.WaitAsync(patience);
            }
            catch (TimeoutException)
            {
                Abandon(write);
                throw;
            }
            await CompleteAsync(group, inserted);
        }
        catch (PostgresException e) when (IsAboutTheData(e))
        {
            await DropConnectionAsync();
            await SplitAsync(group, e.SqlState, isSecondTry);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException or ObjectDisposedException or IOException)
        {
            health.Away(e);
            LogAway(logger, e.GetType().Name, group.Count);
            await DropConnectionAsync();
            CompleteAll(group, RecordState.OutOfReach);
        }
    }

    private async Task CompleteAsync(List<PendingRecord> group, HashSet<Guid> inserted)
    {
        List<PendingRecord>? others = null;
        foreach (var pending in group)
        {
            if (inserted.Contains(new Guid(pending.Entry.Salt))) pending.Complete(new RecordOutcome(RecordState.Recorded));
            else (others ??= []).Add(pending);
        }
        if (others is null) return;

        // Not inserted: either the event is known, or a version was overtaken.
        var known = await KeptAnswers.ReadAsync(_connection!, others.ConvertAll(static p => p.Entry.Key)).WaitAsync(patience);
        foreach (var pending in others)
        {
            pending.Complete(known.TryGetValue(pending.Entry.Key, out var answer)
                ? new RecordOutcome(RecordState.AnsweredBefore, answer)
                : new RecordOutcome(RecordState.Overtaken));
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

    // Classes 22 (data exception) and 23 (integrity constraint violation).
    private static bool IsAboutTheData(PostgresException e) => e.SqlState.StartsWith("22", StringComparison.Ordinal) || e.SqlState.StartsWith("23", StringComparison.Ordinal);

    private static void CompleteAll(List<PendingRecord> group, RecordState state)
    {
        foreach (var pending in group) pending.Complete(new RecordOutcome(state));
    }

    /// <summary>The statement goes on by itself; its connection is closed once it has ended.</summary>
    private void Abandon(Task write)
    {
        var (connection, statement) = (_connection, _statement);
        (_connection, _statement) = (null, null);
        _ = write.ContinueWith(
            async ended =>
            {
                _ = ended.Exception;
                statement?.Dispose();
                if (connection is not null) await connection.DisposeAsync();
            },
            CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private async Task DropConnectionAsync()
    {
        _statement?.Dispose();
        _statement = null;
        if (_connection is not { } connection) return;
        _connection = null;
        await connection.DisposeAsync();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Postgres is out of reach ({Kind}); a group of {Count} records goes to the journal.")]
    private static partial void LogAway(ILogger logger, string kind, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Postgres refused one access record (SQLSTATE {SqlState}); its answer was withheld.")]
    private static partial void LogBadRecord(ILogger logger, string sqlState);
}
