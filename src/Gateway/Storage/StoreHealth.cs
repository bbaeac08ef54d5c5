namespace EligibilityGateway.Gateway.Storage;

/// <summary>
/// Whether Postgres is in reach, as seen by those who just tried. While it is away nobody waits for it: reads are skipped and
/// records go to the journal; the drain tries again and says when it is back.
/// </summary>
public sealed class StoreHealth
{
    private volatile bool _away;

    public bool IsAway => _away;

    public void Away() => _away = true;

    public void Back() => _away = false;
}
