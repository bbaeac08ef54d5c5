using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace EligibilityGateway.ReaderAgent.Tests.Link;

/// <summary>A clock that tells when a timer was set on it, so that a test moves it no sooner.</summary>
internal sealed class WatchedClock : FakeTimeProvider
{
    private readonly Channel<ITimer> _timers = Channel.CreateUnbounded<ITimer>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(timer);
        return timer;
    }

    /// <summary>Done when one more timer was set.</summary>
    public Task NextTimerAsync() => _timers.Reader.ReadAsync().Soon();
}
