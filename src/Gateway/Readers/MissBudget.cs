using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EligibilityGateway.Gateway.Keys;
using StackExchange.Redis;

namespace EligibilityGateway.Gateway.Readers;

/// <summary>
/// How often a terminal, and its institution as a whole, may type numbers that match nobody in an hour: who guesses numbers runs into
/// it, who mistypes does not. All gateways share the count through Redis; while Redis is away each keeps its own.
/// </summary>
public sealed partial class MissBudget(IConnectionMultiplexer redis, GatewayKeys keys, GatewaySettings settings, TimeProvider clock, ILogger<MissBudget> logger)
{
    /// <summary>An institution has many terminals, and not all of them mistype at once.</summary>
    private const int InstitutionFactor = 10;

    private static readonly TimeSpan Window = TimeSpan.FromHours(1);
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    // Bounded by the number of terminals that missed within the hour; emptied with each new hour.
    private readonly ConcurrentDictionary<string, long> _known = new();
    private long _hour;

    /// <summary>How long the terminal must wait before it may type again; null where it need not.</summary>
    public async ValueTask<TimeSpan?> DelayAsync(Terminal terminal, CancellationToken cancellation)
    {
        var (own, institution) = NamesOf(terminal);
        await ReadAsync(own, cancellation);
        await ReadAsync(institution, cancellation);
        var overdrawn = _known.GetValueOrDefault(own) >= settings.MissBudget || _known.GetValueOrDefault(institution) >= settings.MissBudget * InstitutionFactor;
        return overdrawn ? Delay : null;
    }

    /// <summary>One typed look-up found nobody.</summary>
    public void Count(Terminal terminal)
    {
        var (own, institution) = NamesOf(terminal);
        _ = AddAsync(own, settings.MissBudget, terminal.Id);
        _ = AddAsync(institution, settings.MissBudget * InstitutionFactor, terminal.Id);
    }

    private async Task ReadAsync(string name, CancellationToken cancellation)
    {
        if (!redis.IsConnected) return;
        try
        {
            var shared = await redis.GetDatabase().StringGetAsync(name).WaitAsync(Patience, cancellation);
            if (shared.TryParse(out long count)) Raise(name, count);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            // Our own count stands.
        }
    }

    private async Task AddAsync(string name, long budget, Guid terminal)
    {
        var count = _known.AddOrUpdate(name, 1, static (_, before) => before + 1);
        try
        {
            if (redis.IsConnected)
            {
                count = await redis.GetDatabase().StringIncrementAsync(name).WaitAsync(Patience);
                if (count == 1) await redis.GetDatabase().KeyExpireAsync(name, Window).WaitAsync(Patience);
                Raise(name, count);
            }
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            // Our own count stands.
        }
        if (count == budget) LogOverdrawn(logger, terminal);
    }

    private void Raise(string name, long count) => _known.AddOrUpdate(name, count, (_, before) => Math.Max(before, count));

    /// <summary>Names hold the hour, so that a budget begins anew with each; and no code or name of an institution.</summary>
    private (string Own, string Institution) NamesOf(Terminal terminal)
    {
        var hour = clock.GetUtcNow().ToUnixTimeSeconds() / (long)Window.TotalSeconds;
        if (Interlocked.Exchange(ref _hour, hour) != hour) _known.Clear();
        return (Name('t', terminal.Id.ToString("N")), Name('i', terminal.Identity.Institution.ToString()));

        string Name(char kind, string of)
        {
            Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
            HMACSHA256.HashData(keys.CacheNames.Active, Encoding.ASCII.GetBytes($"misses {kind} {of}"), mac);
            return string.Create(CultureInfo.InvariantCulture, $"m{kind}:{hour}:{Convert.ToHexStringLower(mac[..16])}");
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Terminal {Terminal}, or its institution, has typed numbers that match nobody too often this hour; it now has to wait between look-ups.")]
    private static partial void LogOverdrawn(ILogger logger, Guid terminal);
}
