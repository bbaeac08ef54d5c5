using System.Security.Cryptography;
using EligibilityGateway.Gateway.Keys;

namespace EligibilityGateway.Gateway.Access;

/// <summary>What the MAC of an access record tells whoever reads it.</summary>
public enum RecordMacState
{
    /// <summary>A gateway made the record, and it is as it was made.</summary>
    Right,

    /// <summary>Neither is so.</summary>
    Wrong,

    /// <summary>The record has none: it was there before records had one.</summary>
    Missing,

    /// <summary>Its key is not in the ring.</summary>
    KeyUnknown,
}

/// <summary>
/// The MACs of access records: key id, then the HMAC-SHA256 of salt (16 bytes) and canonical form. The database does not have the key, so
/// who writes to it alone makes no record that is told to be right.
/// </summary>
public sealed class RecordMacs(KeyRing keys)
{
    private const int Length = 1 + HMACSHA256.HashSizeInBytes;

    /// <summary>The MAC of a record, 33 bytes.</summary>
    public byte[] Of(byte[] salt, byte[] canonical)
    {
        var mac = new byte[Length];
        mac[0] = keys.ActiveId;
        Compute(keys.Active, salt, canonical, mac.AsSpan(1));
        return mac;
    }

    /// <summary>What a record's MAC tells.</summary>
    /// <param name="salt">As it was read.</param>
    /// <param name="canonical">As it was read.</param>
    /// <param name="mac">Null where the record has none.</param>
    public RecordMacState Check(byte[] salt, byte[] canonical, byte[]? mac)
    {
        if (mac is null) return RecordMacState.Missing;
        if (mac.Length != Length) return RecordMacState.Wrong;
        if (!keys.TryGet(mac[0], out var key)) return RecordMacState.KeyUnknown;
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Compute(key, salt, canonical, expected);
        return CryptographicOperations.FixedTimeEquals(expected, mac.AsSpan(1)) ? RecordMacState.Right : RecordMacState.Wrong;
    }

    private static void Compute(ReadOnlySpan<byte> key, byte[] salt, byte[] canonical, Span<byte> mac)
    {
        // Salts are of one length, so that no two pairs are the same bytes in a row.
        byte[] both = [.. salt, .. canonical];
        HMACSHA256.HashData(key, both, mac);
    }
}
