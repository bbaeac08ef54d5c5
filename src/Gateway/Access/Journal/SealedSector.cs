using System.Security.Cryptography;

namespace EligibilityGateway.Gateway.Access.Journal;

/// <summary>A sector whose last 32 bytes prove the others.</summary>
internal static class SealedSector
{
    private const int SealedBytes = JournalFormat.SectorBytes - HMACSHA256.HashSizeInBytes;

    public static void Seal(Span<byte> sector, byte[] key) => HMACSHA256.HashData(key, sector[..SealedBytes], sector[SealedBytes..]);

    public static bool IsIntact(ReadOnlySpan<byte> sector, byte[] key)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, sector[..SealedBytes], expected);
        return CryptographicOperations.FixedTimeEquals(expected, sector[SealedBytes..]);
    }
}
