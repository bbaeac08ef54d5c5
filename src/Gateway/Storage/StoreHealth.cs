using Npgsql;

namespace EligibilityGateway.Gateway.Storage;

/// <summary>
/// Whether Postgres is in reach, as seen by those who just tried. While it is away nobody waits for it: reads are skipped and
/// records go to the journal; the drain tries again and says when it is back.
/// </summary>
public sealed class StoreHealth
{
    /// <summary>In ticks of UTC; 0 while it is in reach.</summary>
    private long _awaySince;
    private int _connectionsBroke;

    public bool IsAway => Volatile.Read(ref _awaySince) != 0;

    /// <summary>Since when it is away, by the machine's clock; null while it is in reach.</summary>
    public DateTimeOffset? AwaySince => Volatile.Read(ref _awaySince) is var ticks and not 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <param name="why">What whoever tried ran into.</param>
    public void Away(Exception why)
    {
        if (why is NpgsqlException { InnerException: not TimeoutException }) Volatile.Write(ref _connectionsBroke, 1);
        Interlocked.CompareExchange(ref _awaySince, TimeProvider.System.GetUtcNow().Ticks, 0);
    }

    /// <summary>
    /// Whether connections broke since the last call, so that others in the pool are broken too. Mere slowness breaks none, and to make
    /// all of them anew would load a slow store further.
    /// </summary>
    public bool TakeConnectionsBroke() => Interlocked.Exchange(ref _connectionsBroke, 0) == 1;

    public void Back() => Volatile.Write(ref _awaySince, 0);
}
