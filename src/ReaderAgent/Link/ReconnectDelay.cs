namespace EligibilityGateway.ReaderAgent.Link;

/// <summary>
/// When to try the next gateway: each address once without a wait, then a wait, doubling to a cap, drawn from the whole range
/// ("full jitter"), so that the terminals of a fallen gateway do not come back at one moment. A retry library counts the
/// attempts of one call; here a stream may live for hours between them, and whether it was worth it decides.
/// </summary>
internal sealed class ReconnectDelay(LinkSettings settings, Random random)
{
    private int _fruitless;

    /// <param name="worthwhile">The stream that ended had answered something or lived long.</param>
    /// <param name="drained">The gateway asked to go elsewhere.</param>
    public TimeSpan Next(bool worthwhile, bool drained)
    {
        if (worthwhile)
        {
            _fruitless = 0;
            return drained && settings.Gateways.Count > 1 ? TimeSpan.Zero : Jittered(0);
        }
        _fruitless++;
        return _fruitless % settings.Gateways.Count == 0 ? Jittered(_fruitless / settings.Gateways.Count - 1) : TimeSpan.Zero;
    }

    private TimeSpan Jittered(int round)
    {
        // 2^20 times any first delay is past every cap.
        var bound = Math.Min(settings.FirstReconnectDelay.TotalMilliseconds * (1L << Math.Min(round, 20)), settings.LongestReconnectDelay.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(random.NextDouble() * bound);
    }
}
