namespace EligibilityGateway.Gateway.Storage;

/// <summary>
/// Whether Postgres is in reach, as seen by those who just tried. While it is away nobody waits for it: reads are skipped and
/// records go to the journal; the drain tries again and says when it is back.
/// </summary>
public sealed class StoreHealth
{
    private volatile bool _away;

    public bool IsAway => _away;

    /// <summary>Raised once each time the store goes away.</summary>
    public event Action? WentAway;

    public void Away()
    {
        if (_away) return;
        _away = true;
        WentAway?.Invoke();
    }

    public void Back() => _away = false;
}
