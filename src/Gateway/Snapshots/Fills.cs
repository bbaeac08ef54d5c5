using System.Collections.Concurrent;
using EligibilityGateway.Gateway.Storage;

namespace EligibilityGateway.Gateway.Snapshots;

/// <summary>
/// Reads of findings from Postgres, for what no cache holds: one for a subject, however many look-ups wait for it, and at most so many at
/// once. So a cache that is away, or thought to be, sends the store no more than it can bear; what waits longer is told to ask again.
/// </summary>
public sealed class Fills(StorePools pools, StoreReader reader, StoreHealth health, PatientStore store) : IDisposable
{
    /// <summary>More at once make none of them faster, on the store's side or on ours.</summary>
    public const int MostAtOnce = 7;

    /// <summary>Look-ups that may wait for a place; the one after them is told to ask again at once.</summary>
    public const int MostWaiting = 256;

    private readonly SemaphoreSlim _places = new(MostAtOnce);
    private readonly ConcurrentDictionary<Subject, Fill> _underWay = new();
    private int _waiting;

    /// <summary>How many reads wait for a place.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>What the store holds.</summary>
    /// <param name="subject">Of whom.</param>
    /// <param name="now">
    /// As it is now: a read that has begun already is not shared, since it may have seen what was there before.
    /// </param>
    public async ValueTask<Asked<Finding>> ReadAsync(Subject subject, bool now)
    {
        while (true)
        {
            if (_underWay.TryGetValue(subject, out var fill) && !(now && fill.HasBegun)) return await WaitAsync(fill);
            if (health.IsAway) return new Asked<Finding>(AskedState.Away);
            if (Waiting >= MostWaiting) return new Asked<Finding>(AskedState.Late);
            var mine = new Fill();
            var isMine = fill is null ? _underWay.TryAdd(subject, mine) : _underWay.TryUpdate(subject, mine, fill);
            if (!isMine) continue;
            _ = FillAsync(subject, mine);
            return await WaitAsync(mine);
        }
    }

    public void Dispose() => _places.Dispose();

    /// <summary>Whoever waits leaves when the time is over, or when Postgres is found to be away; the fill ends by itself.</summary>
    private async ValueTask<Asked<Finding>> WaitAsync(Fill fill) => await health.WaitAsync(fill.Outcome) switch
    {
        StoreWait.Away => new Asked<Finding>(AskedState.Away),
        StoreWait.Late => new Asked<Finding>(AskedState.Late),
        _ => await fill.Outcome,
    };

    private async Task FillAsync(Subject subject, Fill fill)
    {
        Interlocked.Increment(ref _waiting);
        await _places.WaitAsync();
        Interlocked.Decrement(ref _waiting);
        try
        {
            fill.HasBegun = true;
            fill.Complete(await store.AskAsync(pools.Reads, (connection, token) => reader.ReadAsync(connection, subject, token)));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A bug of ours: each look-up that waits tells of it.
            fill.Fail(e);
        }
        finally
        {
            _places.Release();
            _underWay.TryRemove(KeyValuePair.Create(subject, fill));
        }
    }

    private sealed class Fill
    {
        private readonly TaskCompletionSource<Asked<Finding>> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>It reads already, or has read.</summary>
        public volatile bool HasBegun;

        public Task<Asked<Finding>> Outcome => _outcome.Task;

        public void Complete(Asked<Finding> outcome) => _outcome.SetResult(outcome);

        public void Fail(Exception e) => _outcome.SetException(e);
    }
}
