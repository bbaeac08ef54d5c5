namespace EligibilityGateway.Gateway.Keys.Counting;

/// <summary>A key that this gateway seals with, and what is known of its use at all gateways.</summary>
/// <param name="ring">Its ring.</param>
/// <param name="use">Its use in this process.</param>
internal sealed class CountedKey(string ring, KeyUse use)
{
    /// <summary>How often it is said again that a key is near its bound.</summary>
    private static readonly TimeSpan ToldEvery = TimeSpan.FromDays(1);

    private long _reservedHere;
    private long _reserved;
    private KeyUseLevel _told;
    private long _toldAt;

    public string Ring => ring;

    public KeyUse Use => use;

    /// <summary>What must be reserved now; zero while there is enough ahead.</summary>
    public long Lacking => KeyUse.Lacking(use.Messages, _reservedHere);

    /// <summary>What all gateways have reserved, and what this one used beyond it while it could reserve nothing.</summary>
    public long Counted => _reserved + Math.Max(0, use.Messages - _reservedHere);

    /// <param name="more">By this gateway.</param>
    /// <param name="all">By all, with it.</param>
    public void Reserved(long more, long all)
    {
        _reservedHere += more;
        _reserved = all;
    }

    /// <summary>What the operator should hear now: once at each level, and each day after.</summary>
    public KeyUseLevel ToTell(TimeProvider clock)
    {
        var level = KeyUseLevels.Of(Counted);
        var now = clock.GetTimestamp();
        if (level == KeyUseLevel.Far || (level == _told && clock.GetElapsedTime(_toldAt, now) < ToldEvery)) return KeyUseLevel.Far;
        (_told, _toldAt) = (level, now);
        return level;
    }
}
