using EligibilityGateway.Gateway.Storage;

namespace EligibilityGateway.Gateway.Keys.Counting;

/// <summary>
/// Counts what keys seal over all gateways and restarts: messages are reserved in Postgres, a block ahead, and used from memory, so that no
/// look-up waits for it. While Postgres is away they are counted here, and reserved once it is back.
/// </summary>
public sealed partial class KeyUseLedger : BackgroundService
{
    /// <summary>Half a block, which is ahead when the next one is reserved, is enough for half a minute of the most that a gateway seals.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    /// <summary>How often a gateway that seals little looks what the others have used.</summary>
    private static readonly TimeSpan LooksEvery = TimeSpan.FromHours(1);

    private readonly StorePools _pools;
    private readonly StoreHealth _health;
    private readonly TimeProvider _clock;
    private readonly ILogger<KeyUseLedger> _logger;
    private readonly CountedKey[] _keys;
    private long? _lookedAt;
    private bool _isFailing;

    /// <param name="pools">Where it reserves.</param>
    /// <param name="health">While Postgres is away nothing is asked.</param>
    /// <param name="keys">The keys that this process seals with, each with its ring.</param>
    /// <param name="clock">Of the machine.</param>
    /// <param name="logger">Hears of keys near their bound.</param>
    public KeyUseLedger(StorePools pools, StoreHealth health, IEnumerable<(string Ring, KeyUse Use)> keys, TimeProvider clock, ILogger<KeyUseLedger> logger)
    {
        _pools = pools;
        _health = health;
        _clock = clock;
        _logger = logger;
        _keys = [.. keys.Select(key => new CountedKey(key.Ring, key.Use))];
    }

    /// <summary>
    /// Reserves what is lacking, and tells of keys that are near their bound. What can't be reserved now is told once and tried again: sealing
    /// goes on.
    /// </summary>
    public async Task ReserveAsync(CancellationToken cancellation)
    {
        var now = _clock.GetTimestamp();
        var isLookDue = _lookedAt is not { } before || _clock.GetElapsedTime(before, now) >= LooksEvery;
        try
        {
            foreach (var key in _keys)
            {
                cancellation.ThrowIfCancellationRequested();
                var more = key.Lacking;
                if (more > 0 || isLookDue)
                    key.Reserved(more, await _pools.Others.AskAsync(Within, (connection, token) => KeyUseStore.ReserveAsync(connection, key.Ring, key.Use.KeyId, key.Use.KeyName, more, token)));
            }
            if (isLookDue) _lookedAt = now;
            _isFailing = false;
        }
        catch (Exception e) when (e is not OperationCanceledException && e is not OutOfMemoryException)
        {
            if (!_isFailing) LogLater(_logger, StoreFaults.KindOf(e));
            _isFailing = true;
        }
        foreach (var key in _keys) Tell(key);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(_isFailing ? AfterFailure : Every, _clock, stoppingToken);
            if (!_health.IsAway) await ReserveAsync(stoppingToken);
        }
    }

    private void Tell(CountedKey key)
    {
        var level = key.ToTell(_clock);
        if (level == KeyUseLevel.Far) return;
        var told = KeyUseLevels.Told(key.Ring, key.Use.KeyId, key.Use.KeyName, key.Counted);
        if (level == KeyUseLevel.Over) LogOver(_logger, told);
        else LogNear(_logger, told);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Told}")]
    private static partial void LogNear(ILogger logger, string told);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Told}")]
    private static partial void LogOver(ILogger logger, string told);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What keys seal can't be counted in Postgres now ({Kind}); it is counted here until then, and nothing waits for it.")]
    private static partial void LogLater(ILogger logger, string kind);
}
