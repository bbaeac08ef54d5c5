using System.Security.Cryptography;
using System.Text;
using EligibilityGateway.Gateway.Keys;

namespace EligibilityGateway.Gateway.Access.Journal;

/// <summary>The key of one segment for one purpose, drawn from the journal's ring.</summary>
/// <remarks>
/// No ring key encrypts anything itself: each segment has its own key, drawn from the ring's key and the segment's random id by
/// HKDF-SHA256. So a segment's entries open in no other segment, and random 96-bit nonces are safe without any state shared between
/// gateways or restarts: a segment of 8 MiB holds fewer than 2^18 entries, which makes a repeated nonce less likely than 2^-60,
/// however many segments there ever are. A counter as nonce would repeat after a crash that lost the unsynced tail.
/// </remarks>
internal static class SegmentKey
{
    /// <exception cref="ArgumentException">The ring does not hold that key.</exception>
    public static byte[] Derive(KeyRing keys, byte id, ReadOnlySpan<byte> segmentId, string purpose)
    {
        if (!keys.TryGet(id, out var key)) throw new ArgumentException($"The ring has no key {id}.", nameof(id));
        var derived = new byte[KeyRing.KeyLength];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, segmentId, Encoding.ASCII.GetBytes("gateway journal v1 " + purpose));
        return derived;
    }
}
