namespace EligibilityGateway.Gateway.Storage;

/// <summary>
/// A token for the driver that is cancelled when a time is over, by a thread of its own: to cancel a statement the driver opens a second
/// connection and waits for it, and with a link that is half open that would take a thread of the pool away from the desk for seconds.
/// </summary>
internal sealed class StoreDeadline : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly long _end;
    private readonly Timer _timer;

    public StoreDeadline(TimeSpan within)
    {
        _end = Environment.TickCount64 + (long)within.TotalMilliseconds;
        // The timer must not keep what the asking look-up has in its context.
        using (ExecutionContext.SuppressFlow()) _timer = new Timer(static self => ((StoreDeadline)self!).Expire(), this, within, Timeout.InfiniteTimeSpan);
    }

    public CancellationToken Token => _source.Token;

    public bool HasPassed => Left <= TimeSpan.Zero;

    public TimeSpan Left => TimeSpan.FromMilliseconds(Math.Max(0, _end - Environment.TickCount64));

    /// <summary>What waits for the token need wait no longer.</summary>
    public void Expire() => new Thread(
        static source =>
        {
            try
            {
                ((CancellationTokenSource)source!).Cancel();
            }
            catch (Exception e) when (e is ObjectDisposedException or AggregateException)
            {
                // What it was for has ended by itself.
            }
        })
    { IsBackground = true, Name = "store deadline" }.Start(_source);

    public void Dispose()
    {
        _timer.Dispose();
        _source.Dispose();
    }
}
