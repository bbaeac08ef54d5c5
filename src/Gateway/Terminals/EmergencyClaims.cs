using System.Collections.Concurrent;
using System.Globalization;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Keys;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Rules.Emergency;
using StackExchange.Redis;

namespace EligibilityGateway.Gateway.Terminals;

/// <summary>
/// How fast emergency summaries are opened on a terminal's word alone: a stolen ambulance terminal with a heap of certificates opens
/// them no faster than a crew could. Up to a rate (claim-rates.json) a claim goes through at once; above it claims wait for each other,
/// and each is marked for review and told in the log. None is refused: life first. All gateways draw on one list in Redis; while Redis is away
/// each counts alone.
/// </summary>
public sealed partial class EmergencyClaims(RedisCircuit redis, GatewayKeys keys, TimeProvider clock, ILogger<EmergencyClaims> logger) : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    /// <summary>Each time another gateway let one through in between.</summary>
    private const int MostTries = 10;

    /// <summary>So often one waits for what Redis says; then its gateway's own count decides. Whatever somebody writes into Redis, nobody waits for ever.</summary>
    private const int MostWaits = 3;

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
        // One after the other: nobody overtakes those who wait, and who comes behind one is above the rate as well.
        var waited = lane.IsAboveRate;
        await lane.EnterAsync(end);
        try
        {
            for (var waits = 0; await AskAsync(lane, rate, isRedisHeard: waits < MostWaits) is var wait && wait > TimeSpan.Zero; waits++)
            {
                waited = lane.IsAboveRate = true;
                if (lane.IsToldNow(clock)) LogAboveRate(logger, terminal.Id, scope, rate.MostAMinute, rate.ApartSeconds);
                await Task.Delay(wait, clock, end);
            }
            return waited;
        }
        finally
        {
            lane.IsAboveRate = false;
            lane.Leave();
        }
    }

    /// <summary>How long the next one has to wait; zero: it goes through, and is counted. To look and to count are one step.</summary>
    private async ValueTask<TimeSpan> AskAsync(Lane lane, ClaimRateRow rate, bool isRedisHeard)
    {
        // Redis may not have heard of all that this gateway has let through.
        if (lane.WaitOf(rate, clock) is var ownWait && ownWait > TimeSpan.Zero) return ownWait;
        for (var round = 0; isRedisHeard && round < MostTries; round++)
        {
            // The newest first, as many as may go through within the period.
            var (hasAnswered, passed) = await redis.AskAsync((RedisKey)lane.Name, static (database, name) => database.ListRangeAsync(name));
            if (!hasAnswered) break;
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            if (passed!.Length >= rate.MostAMinute && SinceOf(passed[rate.MostAMinute - 1], now) < Period)
            {
                var wait = TimeSpan.FromSeconds(rate.ApartSeconds) - SinceOf(passed[0], now);
                if (wait > TimeSpan.Zero) return wait;
            }
            var (hasTaken, isCounted) = await redis.AskAsync((lane.Name, passed, rate, now), static (database, what) => CountAsync(database, what.Name, what.passed, what.rate, what.now));
            if (hasTaken && !isCounted) continue;
            lane.Count(rate, clock);
            return TimeSpan.Zero;
        }
        // Without Redis, or with others ahead each time, this gateway's own count is what there is.
        lane.Count(rate, clock);
        return TimeSpan.Zero;
    }

    /// <summary>Where nobody has counted one in between.</summary>
    private static Task<bool> CountAsync(IDatabase database, string name, RedisValue[] passed, ClaimRateRow rate, long now)
    {
        var counting = database.CreateTransaction();
        counting.AddCondition(passed.Length == 0 ? Condition.KeyNotExists(name) : Condition.ListIndexEqual(name, 0, passed[0]));
        // No two are alike, not even of one millisecond.
        _ = counting.ListLeftPushAsync(name, string.Create(CultureInfo.InvariantCulture, $"{now} {Guid.NewGuid():N}"));
        _ = counting.ListTrimAsync(name, 0, rate.MostAMinute - 1);
        _ = counting.KeyExpireAsync(name, Period);
        return counting.ExecuteAsync();
    }

    /// <summary>How long ago that was; long ago where it says nothing that could be so. Another gateway's clock may be a little ahead.</summary>
    private static TimeSpan SinceOf(RedisValue passed, long now)
    {
        if ((string?)passed is not { } text || !long.TryParse(text.AsSpan(0, Math.Max(0, text.IndexOf(' ', StringComparison.Ordinal))), CultureInfo.InvariantCulture, out var moment)) return Period;
        return TimeSpan.FromMilliseconds(now - moment) is var since && since > -Skew ? since : Period;
    }

    /// <summary>Holds no code and no name of an institution.</summary>
    private string NameOf(ClaimScope scope, string whose) => "c" + keys.CacheNames.PseudonymOf($"claims {scope} {whose}");

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Terminal {Terminal} opens emergency summaries on claims, and its {Scope} is above {Most} a minute; they now go one by one, {Apart} s apart, and are marked for review. Is the terminal where it should be?")]
    private static partial void LogAboveRate(ILogger logger, Guid terminal, ClaimScope scope, int most, int apart);

    /// <summary>Those of one terminal, or of one institution.</summary>
    private sealed class Lane(string name) : IDisposable
    {
        private readonly SemaphoreSlim _turn = new(1, 1);
        // Used by whoever has entered.
        private readonly Queue<long> _passed = new();
        private long _newest;
        private bool _isAboveRate;
        private long _told;

        public string Name => name;

        /// <summary>One is waiting for its time.</summary>
        public bool IsAboveRate
        {
            get => Volatile.Read(ref _isAboveRate);
            set => Volatile.Write(ref _isAboveRate, value);
        }

        public Task EnterAsync(CancellationToken end) => _turn.WaitAsync(end);

        public void Leave() => _turn.Release();

        public void Dispose() => _turn.Dispose();

        /// <summary>Once a minute.</summary>
        public bool IsToldNow(TimeProvider clock)
        {
            var (now, told) = (clock.GetTimestamp(), Volatile.Read(ref _told));
            return (told == 0 || clock.GetElapsedTime(told, now) >= Period) && Interlocked.CompareExchange(ref _told, now, told) == told;
        }

        /// <summary>One goes through.</summary>
        public void Count(ClaimRateRow rate, TimeProvider clock)
        {
            _passed.Enqueue(_newest = clock.GetTimestamp());
            while (_passed.Count > rate.MostAMinute) _passed.Dequeue();
        }

        /// <summary>How long the next one has to wait, of what this gateway alone has let through.</summary>
        public TimeSpan WaitOf(ClaimRateRow rate, TimeProvider clock)
        {
            var now = clock.GetTimestamp();
            if (_passed.Count < rate.MostAMinute || clock.GetElapsedTime(_passed.Peek(), now) >= Period) return TimeSpan.Zero;
            return TimeSpan.FromSeconds(rate.ApartSeconds) - clock.GetElapsedTime(_newest, now);
        }
    }
}
