using System.Collections.Concurrent;

namespace EligibilityGateway.Gateway.Access;

/// <summary>
/// The events that are in this gateway's journal and not yet known to be in Postgres, with their answers: an event that comes again
/// meanwhile gets the same answer, but not before the first one is durable. As large as the journal at most.
/// </summary>
public sealed class JournalledEvents
{
    private readonly ConcurrentDictionary<EventKey, Journalled> _events = new();

    /// <summary>What was answered; null where the event is not here.</summary>
    public async ValueTask<KeptAnswer?> FindAsync(EventKey key) =>
        !_events.IsEmpty && _events.TryGetValue(key, out var found) && await found.Durable.Task ? found.Answer : null;

    /// <summary>
    /// Runs <paramref name="append"/> for an event that is not here yet; where it is, gives the answer of the first once that is
    /// durable. Where the append fails nothing is left behind.
    /// </summary>
    public async ValueTask<(bool Durable, KeptAnswer? Before)> AppendOnceAsync(Entry entry, Func<ValueTask<bool>> append)
    {
        var mine = new Journalled(new KeptAnswer(entry.RequestHash, entry.SealedAnswer), new(TaskCreationOptions.RunContinuationsAsynchronously));
        var first = _events.GetOrAdd(entry.Key, mine);
        if (!ReferenceEquals(first, mine)) return await first.Durable.Task ? (true, first.Answer) : (false, null);
        var durable = false;
        try
        {
            durable = await append();
        }
        finally
        {
            if (!durable) _events.TryRemove(entry.Key, out _);
            mine.Durable.SetResult(durable);
        }
        return (durable, null);
    }

    /// <summary>An entry that an earlier run of this process had journalled.</summary>
    public void AddRecovered(Entry entry)
    {
        var durable = new TaskCompletionSource<bool>();
        durable.SetResult(true);
        _events[entry.Key] = new Journalled(new KeptAnswer(entry.RequestHash, entry.SealedAnswer), durable);
    }

    public void Remove(EventKey key) => _events.TryRemove(key, out _);

    private sealed record Journalled(KeptAnswer Answer, TaskCompletionSource<bool> Durable);
}
