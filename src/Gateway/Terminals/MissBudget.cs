using System.Collections.Concurrent;
using System.Globalization;
using EligibilityGateway.Gateway.Keys;
using EligibilityGateway.Gateway.Storage;
using StackExchange.Redis;

namespace EligibilityGateway.Gateway.Terminals;

/// <summary>
/// How often a terminal, and its institution as a whole, may type numbers that match nobody in one period, an hour unless set
/// otherwise: who guesses numbers runs into it, who mistypes does not. A miss is reserved before anybody is looked for and given back on
/// a hit, so that however many guesses come at once, no more are answered. All gateways draw on one count in Redis, a tenth of a budget at
/// a time, so that a look-up rarely asks it; while Redis is away each counts alone. With a budget used up, one may try every half minute.
/// </summary>
public sealed partial class MissBudget(RedisCircuit redis, GatewayKeys keys, TerminalOptions options, TimeProvider clock, ILogger<MissBudget> logger)
{
    /// <summary>An institution has many terminals, and not all of them mistype at once.</summary>
    private const int InstitutionFactor = 10;

    /// <summary>Between two typed look-ups of who has missed too often.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(30);

    // Bounded by the number of terminals that typed within the period.
    private readonly ConcurrentDictionary<Guid, (Purse Own, Purse Institution)> _ofTerminals = new();
    private readonly ConcurrentDictionary<string, Purse> _ofInstitutions = new();

    // When a budget that is used up was last drawn on, for the time when Redis is away.
    private readonly ConcurrentDictionary<string, long> _lastTried = new();
    private long _period;

    /// <summary>
    /// Takes a miss from both budgets, before anybody is looked for. Null where the terminal, or its institution, has missed too often and
    /// has typed within the last half minute.
    /// </summary>
    /// <param name="terminal">Where it is typed.</param>
    /// <param name="weight">As how many a miss counts.</param>
    public async ValueTask<ReservedMiss?> ReserveAsync(Terminal terminal, int weight = 1)
    {
        var (own, institution) = PursesOf(terminal);
        if (!await own.TakeAsync(weight)) return await TryAgainAsync(own, terminal);
        if (await institution.TakeAsync(weight)) return new ReservedMiss(own, institution, weight);
        own.GiveBack(weight);
        return await TryAgainAsync(institution, terminal);
    }

    /// <summary>One gateway of all wins the half minute.</summary>
    private async ValueTask<ReservedMiss?> TryAgainAsync(Purse used, Terminal terminal)
    {
        if (used.IsUsedUpFirstNow()) LogUsedUp(logger, terminal.Id);
        var (hasAnswered, mayTry) = await redis.AskAsync("w" + used.Name, static (database, key) => database.StringSetAsync(key, 1, Delay, When.NotExists));
        if (!hasAnswered)
        {
            // Our own clock decides.
            var now = clock.GetTimestamp();
            var last = _lastTried.GetOrAdd(used.Name, now);
            mayTry = last == now || (clock.GetElapsedTime(last, now) >= Delay && _lastTried.TryUpdate(used.Name, now, last));
        }
        return mayTry ? ReservedMiss.Nothing : null;
    }

    private (Purse Own, Purse Institution) PursesOf(Terminal terminal)
    {
        var period = clock.GetUtcNow().Subtract(DateTimeOffset.UnixEpoch).Ticks / options.MissPeriod.Ticks;
        if (Interlocked.Exchange(ref _period, period) != period)
        {
            _ofTerminals.Clear();
            _ofInstitutions.Clear();
            _lastTried.Clear();
        }
        if (_ofTerminals.TryGetValue(terminal.Id, out var known)) return known;
        var institution = NameOf('i', terminal.Identity.Institution.ToString(), period);
        return _ofTerminals.GetOrAdd(terminal.Id, (
            new Purse(redis, NameOf('t', terminal.Id.ToString("N"), period), options.Misses, options.MissPeriod, clock),
            _ofInstitutions.GetOrAdd(institution, name => new Purse(redis, name, options.Misses * (long)InstitutionFactor, options.MissPeriod, clock))));
    }

    /// <summary>It holds the period, so that a budget begins anew with each; and no code or name of an institution.</summary>
    private string NameOf(char kind, string of, long period) =>
        string.Create(CultureInfo.InvariantCulture, $"m{kind}:{period}:{keys.CacheNames.PseudonymOf($"misses {kind} {of}")}");

    [LoggerMessage(Level = LogLevel.Warning, Message = "Terminal {Terminal}, or its institution, has typed numbers that match nobody too often of late; it now has to wait between look-ups.")]
    private static partial void LogUsedUp(ILogger logger, Guid terminal);

    /// <summary>What this gateway holds of one budget of one period.</summary>
    internal sealed class Purse(RedisCircuit redis, string name, long budget, TimeSpan period, TimeProvider clock)
    {
        private const int Gateways = 10;

        /// <summary>A budget that was used up is asked for again after this: another gateway may have given some back.</summary>
        private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);

        private readonly long _advance = Math.Max(1, budget / Gateways);
        private readonly Lock _gate = new();
        private Task? _drawing;
        private long _held;
        private long _drawn;
        private long _emptySince;
        private int _told;

        public string Name => name;

        /// <summary>Once in the period.</summary>
        public bool IsUsedUpFirstNow() => Interlocked.Exchange(ref _told, 1) == 0;

        public async ValueTask<bool> TakeAsync(int weight)
        {
            while (true)
            {
                Task drawing;
                lock (_gate)
                {
                    if (TryTake(weight)) return true;
                    if (_emptySince != 0 && clock.GetElapsedTime(_emptySince) < AskAgainAfter) return false;
                    // One draws for all who wait.
                    drawing = _drawing ??= DrawMoreAsync(Math.Max(weight, _advance));
                }
                await drawing;
            }
        }

        /// <summary>No more than a tenth of the budget stays here.</summary>
        public void GiveBack(int weight)
        {
            long surplus;
            lock (_gate)
            {
                _held += weight;
                surplus = Math.Max(0, _held - _advance);
                _held -= surplus;
                _drawn -= surplus;
            }
            if (surplus > 0 && redis.IsUsable) redis.Database.StringDecrement(name, surplus, CommandFlags.FireAndForget);
        }

        private bool TryTake(int weight)
        {
            if (_held < weight) return false;
            _held -= weight;
            return true;
        }

        private async Task DrawMoreAsync(long wish)
        {
            await Task.Yield();
            var drawn = 0L;
            try
            {
                drawn = await DrawAsync(wish);
            }
            finally
            {
                lock (_gate)
                {
                    _held += drawn;
                    _drawn += drawn;
                    _emptySince = drawn < wish ? clock.GetTimestamp() : 0;
                    _drawing = null;
                }
            }
        }

        /// <summary>As much of the wish as is left. What was raised too far is taken back: meanwhile others may get too little, never too much.</summary>
        private async ValueTask<long> DrawAsync(long wish)
        {
            Task<long>? counting = null;
            var (hasAnswered, used) = await redis.AskAsync(wish, (database, raised) =>
            {
                counting = database.StringIncrementAsync(name, raised);
                database.KeyExpire(name, period, CommandFlags.FireAndForget);
                return counting;
            });
            if (!hasAnswered)
            {
                // What Redis counts all the same, only later, nobody has: it goes back. Where it is away this gateway has the budget to itself.
                _ = counting?.ContinueWith(
                    _ => redis.Database.StringDecrement(name, wish, CommandFlags.FireAndForget),
                    CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                return Math.Clamp(budget - _drawn, 0, wish);
            }
            var tooMuch = Math.Clamp(used - budget, 0, wish);
            if (tooMuch > 0) redis.Database.StringDecrement(name, tooMuch, CommandFlags.FireAndForget);
            return wish - tooMuch;
        }
    }
}

/// <summary>A miss that was taken from the budgets in advance. It goes back unless it is spent.</summary>
public sealed class ReservedMiss : IDisposable
{
    private readonly MissBudget.Purse? _own, _institution;
    private readonly int _weight;
    private bool _isSpent;

    internal ReservedMiss(MissBudget.Purse own, MissBudget.Purse institution, int weight) => (_own, _institution, _weight) = (own, institution, weight);

    private ReservedMiss()
    {
    }

    /// <summary>The one try in half a minute of who has missed too often: nothing is left to take.</summary>
    internal static ReservedMiss Nothing { get; } = new();

    /// <summary>Nobody was found, and the terminal may have heard so.</summary>
    public void Spend() => _isSpent = true;

    public void Dispose()
    {
        if (_isSpent) return;
        _own?.GiveBack(_weight);
        _institution?.GiveBack(_weight);
    }
}
