using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.ReaderAgent.Link;

/// <summary>The challenge that the card is to sign, renewed well before it ends, so that a tap never waits for one.</summary>
internal sealed class HeldChallenge : IDisposable
{
    // A signature takes the card a second and the event a moment to travel; a challenge nearer to its end is not signed any more.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan ShortestRenewal = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock;
    private readonly Action _ask;
    private readonly ITimer _renewal;
    private readonly Lock _gate = new();
    private ReadOnlyMemory<byte> _value;
    private long _receivedAt;
    private TimeSpan _livesFor;
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="clock">Whose monotonic time the challenge's life is counted in.</param>
    /// <param name="ask">Asks the gateway for a new one, if a stream is open; a new stream brings one by itself.</param>
    public HeldChallenge(TimeProvider clock, Action ask)
    {
        _clock = clock;
        _ask = ask;
        _renewal = clock.CreateTimer(_ => Renew(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Take(Challenge challenge)
    {
        TaskCompletionSource arrived;
        lock (_gate)
        {
            _value = challenge.Value.ToByteArray();
            _receivedAt = _clock.GetTimestamp();
            _livesFor = challenge.LivesFor?.ToTimeSpan() ?? TimeSpan.Zero;
            arrived = _arrived;
            _arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _renewal.Change(Longer(_livesFor / 2, ShortestRenewal), Timeout.InfiniteTimeSpan);
        }
        arrived.SetResult();
    }

    /// <summary>A challenge that lives long enough to be signed and sent; null where none came within the deadline.</summary>
    public async Task<ReadOnlyMemory<byte>?> GetAsync(TimeSpan deadline, CancellationToken cancel)
    {
        var startedAt = _clock.GetTimestamp();
        while (true)
        {
            Task arrived;
            lock (_gate)
            {
                if (_livesFor - _clock.GetElapsedTime(_receivedAt) > Margin) return _value;
                arrived = _arrived.Task;
            }
            var left = deadline - _clock.GetElapsedTime(startedAt);
            if (left <= TimeSpan.Zero) return null;
            _ask();
            try
            {
                await arrived.WaitAsync(left, _clock, cancel);
            }
            catch (TimeoutException)
            {
                return null;
            }
        }
    }

    public void Dispose() => _renewal.Dispose();

    private void Renew()
    {
        lock (_gate)
        {
            // Should the answer not come, ask again; half of what is left each time, so that the last asking is still in time.
            var left = _livesFor - _clock.GetElapsedTime(_receivedAt);
            if (left > TimeSpan.Zero) _renewal.Change(Longer(left / 2, ShortestRenewal), Timeout.InfiniteTimeSpan);
        }
        _ask();
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
