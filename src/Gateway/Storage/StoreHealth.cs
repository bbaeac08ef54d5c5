namespace EligibilityGateway.Gateway.Storage;

/// <summary>
/// Whether Postgres is away. Only what proves it may say so: a probe that gets no answer in time, or no commit in much longer, on a
/// connection of its own, or a store that refuses records. Busy is not away: whoever had to wait, or whose connection broke, asks here,
/// and waits on where the probe passes. While Postgres is away nobody waits for it: reads are skipped and records go to the journal.
/// <see cref="StoreWatch"/> tries five times a second, under load and at rest, and ends it.
/// </summary>
public sealed partial class StoreHealth : IAsyncDisposable
{
    private readonly StoreProbe _probe;
    private readonly StoreWaits _waits;
    private readonly TimeProvider _clock;
    private readonly ILogger<StoreHealth> _logger;
    private readonly StorePools _pools;
    private readonly Lock _gate = new();
    private Task<bool>? _looking;
    private volatile Outage? _outage;
    private int _generation;

    public StoreHealth(StorePools pools, StoreWaits waits, TimeProvider clock, ILogger<StoreHealth> logger)
    {
        _pools = pools;
        _probe = new StoreProbe(pools.Probe, waits, Renew);
        _waits = waits;
        _clock = clock;
        _logger = logger;
    }

    public bool IsAway => _outage is not null;

    /// <summary>Since when it is away; null while it is in reach.</summary>
    public DateTimeOffset? AwaySince => _outage?.Since;

    /// <summary>Postgres is there and refused a record for its own reasons: only a record that it takes ends that.</summary>
    public bool IsRefusing => _outage is { Refuses: true };

    /// <summary>
    /// Counts how often all connections were found dead with Postgres in reach, as they are when a firewall forgot them: what was opened
    /// in an earlier generation is not used again.
    /// </summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>
    /// Whether Postgres is away, found out now: for whoever could not have what it needed in time. Those who ask at the same time share
    /// one probe.
    /// </summary>
    public Task<bool> LookAsync()
    {
        if (IsAway) return Task.FromResult(true);
        lock (_gate)
        {
            if (_looking is { IsCompleted: false }) return _looking;
            return _looking = LookNowAsync();
        }
    }

    /// <summary>
    /// Waits for something of the store: for the patience, and then on as long as Postgres is in reach, up to the longest that anybody
    /// waits. What is not waited for any more must end, and give its connection back, by itself.
    /// </summary>
    /// <param name="call">What is waited for.</param>
    /// <param name="isOnConnection">It is a statement on one connection, and its caller tries another one where that died.</param>
    public async ValueTask<StoreWait> WaitAsync(Task call, bool isOnConnection = false)
    {
        var generation = Generation;
        for (var waited = TimeSpan.Zero; !await call.EndsWithinAsync(_waits.Patience);)
        {
            waited += _waits.Patience;
            var isAway = await LookAsync();
            if (call.IsCompleted) break;
            var hasDied = isOnConnection && generation != Generation;
            if (!isAway && !hasDied && waited < _waits.Longest) continue;
            call.Leave();
            return isAway ? StoreWait.Away : hasDied ? StoreWait.Died : StoreWait.Late;
        }
        return StoreWait.Ended;
    }

    /// <summary>Postgres refused what every record needs: it is there, but of no use.</summary>
    /// <param name="why">The refusal, for the log.</param>
    public void Refuses(Exception why) => Begin(new Outage(_clock.GetUtcNow(), Refuses: true), StoreFaults.KindOf(why));

    /// <summary>Tries whether it is back; one that refused records is so only once it took one.</summary>
    public async Task TryBackAsync()
    {
        if (await _probe.FindFaultAsync(entirely: true) is null && !IsRefusing) Back();
    }

    /// <summary>Postgres took a record: it is in reach, whatever was thought.</summary>
    public void Back()
    {
        if (Interlocked.Exchange(ref _outage, null) is { } ended) LogBack(_logger, (_clock.GetUtcNow() - ended.Since).TotalSeconds);
    }

    public ValueTask DisposeAsync() => _probe.DisposeAsync();

    private async Task<bool> LookNowAsync()
    {
        if (await _probe.FindFaultAsync(entirely: false) is { } fault) Begin(new Outage(_clock.GetUtcNow(), Refuses: false), fault);
        return IsAway;
    }

    private void Renew()
    {
        Interlocked.Increment(ref _generation);
        _pools.Clear();
        LogDied(_logger);
    }

    private void Begin(Outage outage, string cause)
    {
        if (Interlocked.CompareExchange(ref _outage, outage, null) is null) LogAway(_logger, cause);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Postgres is out of reach ({Cause}): answers are unconfirmed and recorded in the journal until it is back.")]
    private static partial void LogAway(ILogger logger, string cause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connections to Postgres were dead, and Postgres is in reach (it restarted, or a firewall forgot them): others are opened.")]
    private static partial void LogDied(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Postgres is back after {Seconds:0.0} s: answers are proved again.")]
    private static partial void LogBack(ILogger logger, double seconds);

    private sealed record Outage(DateTimeOffset Since, bool Refuses);
}

/// <summary>How a wait for the store ended.</summary>
public enum StoreWait
{
    /// <summary>What was waited for has ended, well or not.</summary>
    Ended,

    /// <summary>Postgres is away.</summary>
    Away,

    /// <summary>Postgres is in reach, and it took too long.</summary>
    Late,

    /// <summary>Postgres is in reach, and the connection died: a fresh one may do.</summary>
    Died,
}
