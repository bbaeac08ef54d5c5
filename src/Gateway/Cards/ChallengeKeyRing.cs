using System.Collections.Immutable;
using System.Globalization;

namespace EligibilityGateway.Gateway.Cards;

/// <summary>
/// The keys that the gateways of one operator share for making and checking challenges. One is active and makes new challenges; the
/// others still check those made before. To rotate: add the new key everywhere, then make it active everywhere, then, once the old
/// challenges have ended, take the old one out. Immutable.
/// </summary>
public sealed class ChallengeKeyRing
{
    /// <summary>Length of a key in bytes: the block of security that HMAC-SHA256 can give.</summary>
    public const int KeyLength = 32;

    private readonly ImmutableArray<byte[]?> _keys;

    private ChallengeKeyRing(byte activeId, ImmutableArray<byte[]?> keys)
    {
        ActiveId = activeId;
        _keys = keys;
    }

    /// <summary>Id of the key that makes new challenges.</summary>
    public byte ActiveId { get; }

    /// <summary>Whether any of the keys stands in public source: fit for demonstrations and load tests only.</summary>
    public bool HoldsPublishedTestKey
    {
        get
        {
            foreach (var key in _keys)
                if (key is not null && PublishedTestKeys.IsPublishedTestKey(key)) return true;
            return false;
        }
    }

    /// <summary>The key ring of demonstrations and load tests.</summary>
    public static ChallengeKeyRing ForDemonstration() => Parse("1", new Dictionary<string, string> { ["1"] = PublishedTestKeys.Demo });

    /// <summary>Reads a key ring as configuration writes it.</summary>
    /// <param name="activeId">Id of the active key, "0" to "255".</param>
    /// <param name="keys">Id, "0" to "255", to key, 32 bytes in base64.</param>
    /// <exception cref="FormatException">An id or a key is of the wrong form, or the active key is missing. The message names the id, never the key.</exception>
    public static ChallengeKeyRing Parse(string activeId, IReadOnlyDictionary<string, string> keys)
    {
        var byId = new byte[]?[byte.MaxValue + 1];
        foreach (var (idText, keyText) in keys)
        {
            var id = ParseId(idText);
            if (byId[id] is not null) throw new FormatException($"Challenge key {id} is given twice.");
            byId[id] = ParseKey(id, keyText);
        }
        var active = ParseId(activeId);
        if (byId[active] is null) throw new FormatException($"The active challenge key is {active}, and the ring holds no key of that id.");
        return new ChallengeKeyRing(active, ImmutableArray.Create(byId));
    }

    /// <summary>The key of that id; empty where the ring has none.</summary>
    internal ReadOnlySpan<byte> KeyOf(byte id) => _keys[id];

    private static byte ParseId(string text) =>
        byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new FormatException($"A challenge key's id is a number from 0 to 255, not \"{text}\".");

    private static byte[] ParseKey(byte id, string text)
    {
        var key = new byte[KeyLength];
        if (!Convert.TryFromBase64String(text, key, out var length) || length != KeyLength)
            throw new FormatException($"Challenge key {id} is not {KeyLength} bytes in base64. Make one with: openssl rand -base64 {KeyLength}");
        if (key.AsSpan().ContainsAnyExcept(key[0])) return key;
        throw new FormatException($"Challenge key {id} repeats one byte. Make one with: openssl rand -base64 {KeyLength}");
    }
}
