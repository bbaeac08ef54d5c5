using BitFaster.Caching;
using BitFaster.Caching.Lru;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Storage;

namespace EligibilityGateway.Gateway.Snapshots;

/// <summary>
/// What we know of a subject: from the process's own memory, else Redis, else Postgres. The first two are guesses; whoever finds
/// that one has been overtaken asks for <see cref="ReadAgainAsync"/>.
/// </summary>
public sealed class Findings(FindingsOptions options, RedisFindings redis, Fills fills)
{
    private readonly ICache<Subject, Finding> _process = new ConcurrentLruBuilder<Subject, Finding>().WithCapacity(options.Capacity).Build();

    /// <summary>The nearest finding.</summary>
    public ValueTask<Found> FindAsync(Subject subject) =>
        _process.TryGet(subject, out var finding)
            ? new ValueTask<Found>(new Found(finding, Source.Process))
            : FindElsewhereAsync(subject);

    /// <summary>Puts a finding into the process's own memory: a guess like any other there.</summary>
    internal void Remember(Subject subject, Finding finding) => _process.AddOrUpdate(subject, finding);

    /// <summary>What Postgres holds now.</summary>
    public ValueTask<Found> ReadAgainAsync(Subject subject) => ReadStoreAsync(subject, now: true);

    private async ValueTask<Found> FindElsewhereAsync(Subject subject)
    {
        if (await redis.GetAsync(subject) is not { } cached) return await ReadStoreAsync(subject, now: false);
        _process.AddOrUpdate(subject, cached);
        return new Found(cached, Source.Redis);
    }

    private async ValueTask<Found> ReadStoreAsync(Subject subject, bool now)
    {
        var asked = await fills.ReadAsync(subject, now);
        if (asked is not { State: AskedState.Answered, Answer: { } finding }) return new Found(null, Source.Store, IsLate: asked.State == AskedState.Late);
        _process.AddOrUpdate(subject, finding);
        redis.Put(subject, finding);
        return new Found(finding, Source.Store);
    }
}
