using System.Collections.Immutable;
using System.Globalization;
using EligibilityGateway.Gateway.Storage;
using StackExchange.Redis;

namespace EligibilityGateway.Gateway.Readers;

/// <summary>
/// Which budgets of misses are used up in this period (<c>missPeriod</c>, an hour), at whichever gateway. Kept in the process, so that a typed look-up asks nobody:
/// Redis holds the set that all gateways share, which is read once a second, however many look-ups there are.
/// </summary>
public sealed class OverdrawnBudgets(RedisCircuit redis, GatewaySettings settings, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(1);

    // Replaced whole. Names hold their period, so that one of an earlier period says nothing of this one.
    private ImmutableHashSet<string> _names = [];
    private long _periodOfNames;

    /// <summary>True when no budget is used up, which is nearly always.</summary>
    public bool AreNone => _names.IsEmpty;

    /// <summary>Which period it is, counted from 1970.</summary>
    public long PeriodNow => clock.GetUtcNow().Subtract(DateTimeOffset.UnixEpoch).Ticks / settings.MissPeriod.Ticks;

    public bool Contains(string name) => _names.Contains(name);

    /// <summary>Known here at once, at the other gateways within a second.</summary>
    public void Add(string name)
    {
        ImmutableInterlocked.Update(ref _names, static (names, added) => names.Add(added), name);
        if (!redis.IsUsable) return;
        var shared = NameOf(PeriodNow);
        redis.Database.SetAdd(shared, name, CommandFlags.FireAndForget);
        redis.Database.KeyExpire(shared, settings.MissPeriod, CommandFlags.FireAndForget);
    }

    /// <summary>Learns what the other gateways have found.</summary>
    public async Task ReadAsync()
    {
        var period = PeriodNow;
        if (Interlocked.Exchange(ref _periodOfNames, period) != period) ImmutableInterlocked.Update(ref _names, static names => names.Clear());
        // Where Redis is away what is known here stands.
        var (_, members) = await redis.AskAsync(NameOf(period), static (database, name) => database.SetMembersAsync(name));
        foreach (var name in members ?? []) ImmutableInterlocked.Update(ref _names, static (names, added) => names.Add(added), name.ToString());
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(ReadEvery);
        try
        {
            do await ReadAsync();
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }

    private static string NameOf(long period) => string.Create(CultureInfo.InvariantCulture, $"mo:{period}");
}
