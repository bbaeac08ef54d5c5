using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Access.Journal;
using EligibilityGateway.Gateway.Storage;
using MemoryPack;

namespace EligibilityGateway.Gateway.Access;

/// <summary>
/// Makes look-ups durable before their answers leave (promise P1): in groups in Postgres, which also proves that what was decided on
/// is still so (P2); while Postgres is away, in the local journal.
/// </summary>
public sealed partial class AccessLog : IAsyncDisposable
{
    /// <summary>Answers are kept this long for a terminal that asks again; older events are not answered (tap again).</summary>
    public static readonly TimeSpan ResendWindow = TimeSpan.FromMinutes(10);

    private readonly RecordQueue _waiting = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly GroupWriter _writer;
    private readonly Task _writing;
    private readonly StorePools _pools;
    private readonly PatientStore _store;
    private readonly StoreWaits _waits;
    private readonly AnsweredEvents _answered;
    private readonly JournalledEvents _journalled;
    private readonly AccessJournal _journal;
    private readonly ILogger<AccessLog> _logger;

    public AccessLog(
        StorePools pools, StoreHealth health, PatientStore store, StoreWaits waits, RecordMacs macs, AccessJournal journal, JournalledEvents journalled, TimeProvider clock,
        ILogger<AccessLog> logger)
    {
        _pools = pools;
        _store = store;
        _waits = waits;
        _journal = journal;
        _logger = logger;
        _journalled = journalled;
        _answered = new AnsweredEvents(clock);
        // One: with a second, each group is half as large, and Postgres pays by the group.
        _writer = new GroupWriter(_waiting, pools.Records, macs, health, waits, logger);
        _writing = Task.Run(() => _writer.RunAsync(_stop.Token));
    }

    /// <summary>How many records wait to be written.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Completes once the first look-up can be recorded without delay.</summary>
    public Task Ready => _writer.Ready;

    /// <summary>Records in Postgres, with the proof that nothing relied upon has changed.</summary>
    /// <param name="entry">The record.</param>
    /// <param name="institution">Whose turn it takes where many wait.</param>
    /// <param name="emergency">It goes before the others.</param>
    public async ValueTask<RecordOutcome> RecordAsync(Entry entry, InstitutionCode institution, bool emergency = false)
    {
        // An event that waits in the journal is not in Postgres yet, and is answered all the same.
        if (await _journalled.FindAsync(entry.Key) is { } answered) return new RecordOutcome(RecordState.AnsweredBefore, answered);
        var pending = new PendingRecord(entry, institution, emergency);
        if (!_waiting.TryAdd(pending)) return new RecordOutcome(_stop.IsCancellationRequested ? RecordState.OutOfReach : RecordState.Full);
        // However long it had to wait for its turn.
        if (!await pending.Outcome.EndsWithinAsync(_waits.Longest)) pending.Complete(new RecordOutcome(RecordState.Late));
        var outcome = await pending.Outcome;
        if (outcome.State == RecordState.Recorded) _answered.Add(entry.Key, new KeptAnswer(entry.RequestHash, entry.SealedAnswer));
        return outcome;
    }

    /// <summary>Records in the local journal, for the time when Postgres is out of reach.</summary>
    /// <param name="entry">The record, decided without the store.</param>
    /// <param name="emergency">May use the journal's reserve.</param>
    public async ValueTask<RecordOutcome> JournalAsync(Entry entry, bool emergency)
    {
        // What was answered is answered again, though the store that has it is away.
        var look = _answered.Find(entry.Key);
        if (look.State == AnsweredState.Answered) return new RecordOutcome(RecordState.AnsweredBefore, look.Answer);
        if (look.State == AnsweredState.Unknown) return new RecordOutcome(RecordState.Late);

        var (durable, before) = await _journalled.AppendOnceAsync(entry, async () =>
        {
            var outcome = await _journal.AppendAsync(MemoryPackSerializer.Serialize(entry), emergency, CancellationToken.None);
            if (!outcome.IsDurable) LogNotJournalled(_logger, outcome.Status);
            return outcome.IsDurable;
        });
        if (before is not null) return new RecordOutcome(RecordState.AnsweredBefore, before);
        if (!durable) return new RecordOutcome(RecordState.Failed);
        _answered.Add(entry.Key, new KeptAnswer(entry.RequestHash, entry.SealedAnswer));
        return new RecordOutcome(RecordState.Recorded);
    }

    /// <summary>What was answered to an event, here or at another gateway.</summary>
    public async ValueTask<AnsweredLook> FindAsync(EventKey key)
    {
        if (await FindHereAsync(key) is { State: AnsweredState.Answered } here) return here;
        if (await ReadAsync([key]) is not { State: AskedState.Answered, Answer: { } recorded }) return new AnsweredLook(AnsweredState.Unknown);
        return recorded.TryGetValue(key, out var kept) ? new AnsweredLook(AnsweredState.Answered, kept) : new AnsweredLook(AnsweredState.NotAnswered);
    }

    /// <summary>Those of the events that are recorded, as far as can be seen now.</summary>
    public async ValueTask<IReadOnlyCollection<EventKey>> WhichAreRecordedAsync(IReadOnlyList<EventKey> keys)
    {
        var recorded = new List<EventKey>();
        var others = new List<EventKey>();
        foreach (var key in keys)
        {
            var isHere = (await FindHereAsync(key)).State == AnsweredState.Answered;
            (isHere ? recorded : others).Add(key);
        }
        if (others.Count > 0 && (await ReadAsync(others)).Answer is { } found) recorded.AddRange(found.Keys);
        return recorded;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _writing;
        _writer.Dispose();
        _stop.Dispose();
    }

    private async ValueTask<AnsweredLook> FindHereAsync(EventKey key) =>
        await _journalled.FindAsync(key) is { } journalled ? new AnsweredLook(AnsweredState.Answered, journalled) : _answered.Find(key);

    private ValueTask<Asked<Dictionary<EventKey, KeptAnswer>>> ReadAsync(IReadOnlyList<EventKey> keys) =>
        _store.AskAsync(_pools.Others, (connection, token) => KeptAnswers.ReadAsync(connection, keys, token));

    [LoggerMessage(Level = LogLevel.Error, Message = "Postgres is out of reach and the journal takes nothing ({Status}): look-ups are told to try again. Free the journal's disk, or bring Postgres back.")]
    private static partial void LogNotJournalled(ILogger logger, AppendStatus status);
}
