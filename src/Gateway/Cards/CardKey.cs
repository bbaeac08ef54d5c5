using System.Security.Cryptography;

namespace EligibilityGateway.Gateway.Cards;

/// <summary>
/// The key under which everything keeps a card: the first 16 bytes of the SHA-256 of its user-authentication certificate, in
/// network order.
/// </summary>
public static class CardKey
{
    private const int Length = 16;

    /// <summary>The key of the card with this certificate, given in DER.</summary>
    public static Guid Of(ReadOnlySpan<byte> certificate)
    {
        Span<byte> fingerprint = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(certificate, fingerprint);
        return OfFingerprint(fingerprint);
    }

    /// <summary>The key of the card whose certificate has this SHA-256.</summary>
    public static Guid OfFingerprint(ReadOnlySpan<byte> fingerprint) => new(fingerprint[..Length], bigEndian: true);
}
