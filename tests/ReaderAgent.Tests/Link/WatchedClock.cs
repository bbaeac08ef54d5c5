using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace EligibilityGateway.ReaderAgent.Tests.Link;

/// <summary>A clock that tells when a timer was set on it, so that a test moves it no sooner.</summary>
internal sealed class WatchedClock : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Done when one more timer was set; how far it was set.</summary>
    public Task<TimeSpan> NextTimerAsync() => _timers.Reader.ReadAsync().Soon();
}
