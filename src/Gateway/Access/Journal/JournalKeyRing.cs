using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace EligibilityGateway.Gateway.Access.Journal;

/// <summary>
/// The journal's AES-256 keys by their id. New segments are written with the current key; those written with an older one stay
/// readable as long as the ring holds it.
/// </summary>
/// <remarks>
/// No ring key encrypts anything itself: each segment has its own key, drawn from the ring's key and the segment's random id by
/// HKDF-SHA256. So a segment's entries open in no other segment, and random 96-bit nonces are safe without any state shared between
/// gateways or restarts: a segment of 8 MiB holds fewer than 2^18 entries, which makes a repeated nonce less likely than 2^-60,
/// however many segments there ever are. A counter as nonce would repeat after a crash that lost the unsynced tail.
/// </remarks>
public sealed class JournalKeyRing
{
    private const int KeyBytes = 32;

    private readonly FrozenDictionary<byte, byte[]> _keys;

    /// <exception cref="ArgumentException">A key that is not 32 bytes long, or no key with the current id.</exception>
    public JournalKeyRing(byte currentId, IReadOnlyDictionary<byte, byte[]> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.Values.Any(key => key is not { Length: KeyBytes }))
            throw new ArgumentException($"A journal key has {KeyBytes} bytes.", nameof(keys));
        if (!keys.ContainsKey(currentId))
            throw new ArgumentException($"The key ring does not hold its current key {currentId}.", nameof(currentId));
        CurrentId = currentId;
        _keys = keys.ToFrozenDictionary(key => key.Key, key => (byte[])key.Value.Clone());
    }

    /// <summary>The id of the key with which new segments are written.</summary>
    public byte CurrentId { get; }

    internal bool Holds(byte id) => _keys.ContainsKey(id);

    /// <summary>The key for one purpose in one segment. The ring must hold <paramref name="id"/>.</summary>
    internal byte[] Derive(byte id, ReadOnlySpan<byte> segmentId, string purpose)
    {
        var derived = new byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _keys[id], derived, segmentId, Encoding.ASCII.GetBytes("gateway journal v1 " + purpose));
        return derived;
    }
}
