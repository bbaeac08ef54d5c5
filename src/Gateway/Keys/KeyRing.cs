using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace EligibilityGateway.Gateway.Keys;

/// <summary>
/// Keys of 32 bytes for one use, each with an id of one byte: the active one makes new things, the others still read old ones, so
/// that a key can be rotated without a pause. Immutable.
/// </summary>
public sealed class KeyRing
{
    public const int KeyLength = 32;

    public const int PseudonymLength = 16;

    private readonly FrozenDictionary<byte, byte[]> _keys;

    /// <exception cref="ArgumentException">A key is not 32 bytes long, or the active one is missing.</exception>
    public KeyRing(byte activeId, IReadOnlyDictionary<byte, byte[]> keys)
    {
        foreach (var (id, key) in keys)
            if (key.Length != KeyLength) throw new ArgumentException($"Key {id} has {key.Length} bytes; a key has {KeyLength}.", nameof(keys));
        if (!keys.ContainsKey(activeId)) throw new ArgumentException($"The active key {activeId} is not among the keys.", nameof(activeId));
        ActiveId = activeId;
        _keys = keys.ToFrozenDictionary();
    }

    public byte ActiveId { get; }

    public ReadOnlySpan<byte> Active => _keys[ActiveId];

    public IEnumerable<byte> Ids => _keys.Keys;

    public bool Holds(byte id) => _keys.ContainsKey(id);

    /// <summary>A name that tells nothing of what it stands for to who lacks the active key: the first 16 bytes of an HMAC-SHA256.</summary>
    public void WritePseudonym(ReadOnlySpan<byte> of, Span<byte> pseudonym)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(Active, of, mac);
        mac[..PseudonymLength].CopyTo(pseudonym);
    }

    /// <summary>The same of an ASCII text, in hexadecimal digits.</summary>
    public string PseudonymOf(string of)
    {
        Span<byte> pseudonym = stackalloc byte[PseudonymLength];
        WritePseudonym(Encoding.ASCII.GetBytes(of), pseudonym);
        return Convert.ToHexStringLower(pseudonym);
    }

    /// <summary>The key of that id; false where there is none.</summary>
    public bool TryGet(byte id, out byte[] key)
    {
        var found = _keys.TryGetValue(id, out var value);
        key = value ?? [];
        return found;
    }
}
