using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EligibilityGateway.Gateway.Keys;
using EligibilityGateway.Gateway.Storage;
using StackExchange.Redis;

namespace EligibilityGateway.Gateway.Readers;

/// <summary>
/// How often a terminal, and its institution as a whole, may type numbers that match nobody in one period, an hour unless set
/// otherwise: who guesses numbers runs into it, who mistypes does not. All gateways share the count through Redis; while Redis is away
/// each keeps its own. Only a miss costs a round trip, and a look-up of who has missed too often: one of those may try every half minute.
/// </summary>
public sealed partial class MissBudget(
    RedisCircuit redis, OverdrawnBudgets overdrawn, GatewayKeys keys, GatewaySettings settings, TimeProvider clock, ILogger<MissBudget> logger)
{
    /// <summary>An institution has many terminals, and not all of them mistype at once.</summary>
    private const int InstitutionFactor = 10;

    /// <summary>Between two typed look-ups of who has missed too often.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(30);

    // This gateway's own count, for the time when Redis is away. Bounded by the number of terminals that missed within the period.
    private readonly ConcurrentDictionary<string, long> _own = new();

    // When a budget that is used up was last drawn on, for the same time.
    private readonly ConcurrentDictionary<string, long> _lastTried = new();
    private long _period;

    /// <summary>False where the terminal, or its institution, has missed too often and has typed within the last half minute.</summary>
    public ValueTask<bool> MayTypeAsync(Terminal terminal)
    {
        if (overdrawn.AreNone) return new ValueTask<bool>(true);
        var (own, institution) = NamesOf(terminal);
        var used = overdrawn.Contains(own) ? own : overdrawn.Contains(institution) ? institution : null;
        return used is null ? new ValueTask<bool>(true) : TryAgainAsync(used);
    }

    /// <summary>One typed look-up found nobody; it counts before that is answered.</summary>
    /// <param name="terminal">Where it was typed.</param>
    /// <param name="weight">As how many it counts.</param>
    public async ValueTask CountAsync(Terminal terminal, int weight = 1)
    {
        var (own, institution) = NamesOf(terminal);
        await Task.WhenAll(
            AddAsync(own, settings.MissBudget, weight, terminal.Id),
            AddAsync(institution, settings.MissBudget * InstitutionFactor, weight, terminal.Id));
    }

    /// <summary>One gateway of all wins the half minute.</summary>
    private async ValueTask<bool> TryAgainAsync(string name)
    {
        var (hasAnswered, mayTry) = await redis.AskAsync("w" + name, static (database, key) => database.StringSetAsync(key, 1, Delay, When.NotExists));
        if (hasAnswered) return mayTry;
        // Our own clock decides.
        var now = clock.GetTimestamp();
        var last = _lastTried.GetOrAdd(name, now);
        return last == now || (clock.GetElapsedTime(last, now) >= Delay && _lastTried.TryUpdate(name, now, last));
    }

    private async Task AddAsync(string name, long budget, int weight, Guid terminal)
    {
        var count = _own.AddOrUpdate(name, weight, (_, before) => before + weight);
        // Where Redis is away our own count stands.
        var (hasAnswered, shared) = await redis.AskAsync((Name: name, Weight: weight, Period: settings.MissPeriod), static (database, of) =>
        {
            var counting = database.StringIncrementAsync(of.Name, of.Weight);
            database.KeyExpire(of.Name, of.Period, CommandFlags.FireAndForget);
            return counting;
        });
        if (hasAnswered) count = shared;
        if (count >= budget) overdrawn.Add(name);
        if (count >= budget && count - weight < budget) LogOverdrawn(logger, terminal);
    }

    /// <summary>Names hold the period, so that a budget begins anew with each; and no code or name of an institution.</summary>
    private (string Own, string Institution) NamesOf(Terminal terminal)
    {
        var period = overdrawn.PeriodNow;
        if (Interlocked.Exchange(ref _period, period) != period)
        {
            _own.Clear();
            _lastTried.Clear();
        }
        return (Name('t', terminal.Id.ToString("N")), Name('i', terminal.Identity.Institution.ToString()));

        string Name(char kind, string of)
        {
            Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
            HMACSHA256.HashData(keys.CacheNames.Active, Encoding.ASCII.GetBytes($"misses {kind} {of}"), mac);
            return string.Create(CultureInfo.InvariantCulture, $"m{kind}:{period}:{Convert.ToHexStringLower(mac[..16])}");
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Terminal {Terminal}, or its institution, has typed numbers that match nobody too often of late; it now has to wait between look-ups.")]
    private static partial void LogOverdrawn(ILogger logger, Guid terminal);
}
