using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Emergency;
using EligibilityGateway.Gateway.Keys;
using EligibilityGateway.Gateway.Storage;

namespace EligibilityGateway.Gateway.Readers;

/// <summary>
/// How fast emergency summaries are opened on a terminal's word alone: a stolen ambulance terminal with a heap of certificates opens
/// them no faster than a crew could. Up to a rate (claim-rates.json) a claim goes through at once; above it claims wait for each other,
/// and each is marked for review and told in the log. None is refused: life first. All gateways draw on one list in Redis; while Redis is away
/// each counts alone.
/// </summary>
public sealed partial class EmergencyClaims(RedisCircuit redis, GatewayKeys keys, TimeProvider clock, ILogger<EmergencyClaims> logger) : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Looks and acts in one step, by Redis's clock: 0 and on the list, or the milliseconds to wait. The list holds when the last
    /// claims went through, the newest first, as many as may within the period.
    /// </summary>
    private const string Script = """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local first = redis.call('LINDEX', KEYS[1], ARGV[1] - 1)
        if first and now - first < ARGV[2] + 0 then
          local wait = redis.call('LINDEX', KEYS[1], 0) + ARGV[3] - now
          if wait > 0 then return wait end
        end
        redis.call('LPUSH', KEYS[1], now)
        redis.call('LTRIM', KEYS[1], 0, ARGV[1] - 1)
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        return 0
        """;

    // As many entries as emergency terminals that came, and their institutions.
    private readonly ConcurrentDictionary<string, Lane> _lanes = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Whether a look-up opens a summary on a claim: only the PIN proves the holder, and who cannot consent gave no word.</summary>
    public static bool IsOne(Terminal terminal, LookUp lookUp) =>
        terminal.IsEmergency(lookUp.Purpose) && lookUp.Card is { } card && (card.Proof != Proof.Pin || lookUp.Emergency is { CannotConsent: true });

    /// <summary>
    /// Waits for the turn of a claim. Says whether it had to, which is marked for review; null where nobody waits for the answer any
    /// more, or the gateway stops.
    /// </summary>
    public async ValueTask<bool?> TurnAsync(Terminal terminal, CancellationToken ended)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ended, _stopping.Token);
        try
        {
            var day = JapanTime.DateOf(clock.GetUtcNow());
            // Its own first: a terminal's flood takes no more of its institution's than a terminal may.
            var waited = await PassAsync(ClaimScope.Terminal, terminal.Id.ToString("N"), terminal, day, end.Token);
            return await PassAsync(ClaimScope.Institution, terminal.Identity.Institution.ToString(), terminal, day, end.Token) || waited;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Those who wait hear that they shall ask elsewhere.</summary>
    public void Stop() => _stopping.Cancel();

    public void Dispose()
    {
        _stopping.Dispose();
        foreach (var lane in _lanes.Values) lane.Dispose();
    }

    private async ValueTask<bool> PassAsync(ClaimScope scope, string whose, Terminal terminal, DateOnly day, CancellationToken end)
    {
        if (ClaimRatePolicy.Of(scope, day) is not { } rate) return false;
        var lane = _lanes.GetOrAdd(NameOf(scope, whose), static name => new Lane(name));
        // Nobody overtakes those who wait.
        if (lane.IsFree && await AskAsync(lane, rate) == TimeSpan.Zero) return false;
        if (lane.IsToldNow(clock)) LogAboveRate(logger, terminal.Id, scope, rate.MostAMinute, rate.ApartSeconds);
        await lane.EnterAsync(end);
        try
        {
            while (await AskAsync(lane, rate) is var wait && wait > TimeSpan.Zero) await Task.Delay(wait, clock, end);
        }
        finally
        {
            lane.Leave();
        }
        return true;
    }

    /// <summary>Zero: it goes through, and is counted.</summary>
    private async ValueTask<TimeSpan> AskAsync(Lane lane, ClaimRateRow rate)
    {
        var (hasAnswered, wait) = await redis.AskAsync((lane.Name, rate), static async (database, asked) =>
            (long)await database.ScriptEvaluateAsync(
                Script, [asked.Name], [asked.rate.MostAMinute, (long)Period.TotalMilliseconds, asked.rate.ApartSeconds * 1000L]));
        if (!hasAnswered) return lane.Take(rate, clock);
        if (wait == 0) lane.Count(rate, clock);
        return TimeSpan.FromMilliseconds(wait);
    }

    /// <summary>Holds no code and no name of an institution.</summary>
    private string NameOf(ClaimScope scope, string whose)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(keys.CacheNames.Active, Encoding.ASCII.GetBytes($"claims {scope} {whose}"), mac);
        return "c" + Convert.ToHexStringLower(mac[..16]);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Terminal {Terminal} opens emergency summaries on claims, and its {Scope} is above {Most} a minute; they now go one by one, {Apart} s apart, and are marked for review. Is the terminal where it should be?")]
    private static partial void LogAboveRate(ILogger logger, Guid terminal, ClaimScope scope, int most, int apart);

    /// <summary>Those of one terminal, or of one institution.</summary>
    private sealed class Lane(string name) : IDisposable
    {
        private readonly SemaphoreSlim _turn = new(1, 1);
        private readonly Lock _gate = new();
        private readonly Queue<long> _passed = new();
        private long _newest;
        private long _told;

        public string Name => name;

        public bool IsFree => _turn.CurrentCount > 0;

        public Task EnterAsync(CancellationToken end) => _turn.WaitAsync(end);

        public void Leave() => _turn.Release();

        public void Dispose() => _turn.Dispose();

        /// <summary>Once a minute.</summary>
        public bool IsToldNow(TimeProvider clock)
        {
            var (now, told) = (clock.GetTimestamp(), Volatile.Read(ref _told));
            return (told == 0 || clock.GetElapsedTime(told, now) >= Period) && Interlocked.CompareExchange(ref _told, now, told) == told;
        }

        /// <summary>One went through.</summary>
        public void Count(ClaimRateRow rate, TimeProvider clock)
        {
            lock (_gate) Add(rate, clock.GetTimestamp());
        }

        /// <summary>What Redis would say, of what this gateway alone has let through.</summary>
        public TimeSpan Take(ClaimRateRow rate, TimeProvider clock)
        {
            lock (_gate)
            {
                var now = clock.GetTimestamp();
                if (_passed.Count >= rate.MostAMinute && clock.GetElapsedTime(_passed.Peek(), now) < Period)
                {
                    var wait = TimeSpan.FromSeconds(rate.ApartSeconds) - clock.GetElapsedTime(_newest, now);
                    if (wait > TimeSpan.Zero) return wait;
                }
                Add(rate, now);
                return TimeSpan.Zero;
            }
        }

        private void Add(ClaimRateRow rate, long now)
        {
            _passed.Enqueue(now);
            while (_passed.Count > rate.MostAMinute) _passed.Dequeue();
            _newest = now;
        }
    }
}
