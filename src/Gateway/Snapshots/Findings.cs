using BitFaster.Caching;
using BitFaster.Caching.Lru;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Snapshots;

/// <summary>
/// What we know of a subject: from the process's own memory, else Redis, else Postgres. The first two are guesses; whoever finds
/// that one has been overtaken asks for <see cref="ReadAgainAsync"/>.
/// </summary>
public sealed class Findings(GatewaySettings settings, RedisFindings redis, StoreReader store, StoreHealth health)
{
    private readonly ICache<Subject, Finding> _process = new ConcurrentLruBuilder<Subject, Finding>().WithCapacity(settings.CacheCapacity).Build();

    /// <summary>The nearest finding; its <see cref="Found.Finding"/> is null only while the store is out of reach.</summary>
    public ValueTask<Found> FindAsync(Subject subject, CancellationToken cancellation) =>
        _process.TryGet(subject, out var finding)
            ? new ValueTask<Found>(new Found(finding, Source.Process))
            : FindElsewhereAsync(subject, cancellation);

    /// <summary>What Postgres holds now; null while it is out of reach.</summary>
    public async ValueTask<Found> ReadAgainAsync(Subject subject, CancellationToken cancellation)
    {
        if (await ReadStoreAsync(subject, cancellation) is not { } finding) return new Found(null, Source.Store);
        _process.AddOrUpdate(subject, finding);
        redis.Put(subject, finding);
        return new Found(finding, Source.Store);
    }

    private async ValueTask<Found> FindElsewhereAsync(Subject subject, CancellationToken cancellation)
    {
        if (await redis.GetAsync(subject, cancellation) is { } cached)
        {
            _process.AddOrUpdate(subject, cached);
            return new Found(cached, Source.Redis);
        }
        return await ReadAgainAsync(subject, cancellation);
    }

    private async ValueTask<Finding?> ReadStoreAsync(Subject subject, CancellationToken cancellation)
    {
        if (health.IsAway) return null;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(settings.StorePatience);
        try
        {
            // WaitAsync: a connection that hangs does not always hear of its token in time.
            return await store.ReadAsync(subject, deadline.Token).WaitAsync(settings.StorePatience, cancellation);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            health.Away(e);
            return null;
        }
    }
}
