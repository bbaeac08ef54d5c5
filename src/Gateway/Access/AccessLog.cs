using System.Threading.Channels;
using EligibilityGateway.Gateway.Access.Journal;
using EligibilityGateway.Gateway.Storage;
using MemoryPack;
using Npgsql;

namespace EligibilityGateway.Gateway.Access;

/// <summary>
/// Makes look-ups durable before their answers leave (promise P1): in groups in Postgres, which also proves that what was decided on
/// is still so (P2); while Postgres is away or slow, in the local journal.
/// </summary>
public sealed partial class AccessLog : IAsyncDisposable
{
    /// <summary>About two seconds' worth at the peak of one gateway; what comes on top is told to try again.</summary>
    private const int MostWaiting = 4096;

    private readonly Channel<PendingRecord> _waiting = Channel.CreateBounded<PendingRecord>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writing;
    private readonly KeptAnswers _kept;
    private readonly JournalledEvents _journalled;
    private readonly AccessJournal _journal;
    private readonly ILogger<AccessLog> _logger;

    public AccessLog(NpgsqlDataSource store, AccessJournal journal, JournalledEvents journalled, StoreHealth health, GatewaySettings settings, ILogger<AccessLog> logger)
    {
        _journal = journal;
        _logger = logger;
        _journalled = journalled;
        _kept = new KeptAnswers(store, health, settings.StorePatience);
        // One: with a second, each group is half as large, and Postgres pays by the group.
        var writer = new GroupWriter(_waiting.Reader, store, health, settings.StorePatience, logger);
        Ready = writer.Ready;
        _writing = Task.Run(() => writer.RunAsync(_stop.Token));
    }

    /// <summary>How many records wait to be written.</summary>
    public int Waiting => _waiting.Reader.Count;

    /// <summary>Completes once the first look-up can be recorded without delay.</summary>
    public Task Ready { get; }

    /// <summary>Records in Postgres, with the proof that nothing relied upon has changed.</summary>
    public async ValueTask<RecordOutcome> RecordAsync(Entry entry)
    {
        // An event that waits in the journal is not in Postgres yet, and is answered all the same.
        if (await _journalled.FindAsync(entry.Key) is { } answered) return new RecordOutcome(RecordState.AnsweredBefore, answered);
        var pending = new PendingRecord(entry);
        if (!_waiting.Writer.TryWrite(pending)) return new RecordOutcome(_stop.IsCancellationRequested ? RecordState.OutOfReach : RecordState.Full);
        return await pending.Outcome;
    }

    /// <summary>Records in the local journal, for the time when Postgres is out of reach.</summary>
    /// <param name="entry">The record, decided without the store.</param>
    /// <param name="emergency">May use the journal's reserve.</param>
    public async ValueTask<RecordOutcome> JournalAsync(Entry entry, bool emergency)
    {
        var (durable, before) = await _journalled.AppendOnceAsync(entry, async () =>
        {
            var outcome = await _journal.AppendAsync(MemoryPackSerializer.Serialize(entry), emergency, CancellationToken.None);
            if (!outcome.IsDurable) LogNotJournalled(_logger, outcome.Status);
            return outcome.IsDurable;
        });
        if (before is not null) return new RecordOutcome(RecordState.AnsweredBefore, before);
        return new RecordOutcome(durable ? RecordState.Recorded : RecordState.Failed);
    }

    /// <summary>What was answered to an event; null where it is not known, as far as can be seen now.</summary>
    public async ValueTask<KeptAnswer?> FindAsync(EventKey key, CancellationToken cancellation) =>
        await _journalled.FindAsync(key) ?? await _kept.FindAsync(key, cancellation);

    /// <summary>Those of the events that are recorded, as far as can be seen now.</summary>
    public async ValueTask<IReadOnlyCollection<EventKey>> WhichAreRecordedAsync(IReadOnlyList<EventKey> keys, CancellationToken cancellation)
    {
        var recorded = new List<EventKey>();
        foreach (var key in keys)
            if (await FindAsync(key, cancellation) is not null) recorded.Add(key);
        return recorded;
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _stop.CancelAsync();
        await _writing;
        _stop.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Postgres is out of reach and the journal takes nothing ({Status}): look-ups are told to try again. Free the journal's disk, or bring Postgres back.")]
    private static partial void LogNotJournalled(ILogger logger, AppendStatus status);
}
