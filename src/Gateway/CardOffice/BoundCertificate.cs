using EligibilityGateway.Gateway.Cards;

namespace EligibilityGateway.Gateway.CardOffice;

/// <summary>What a card's user-authentication certificate says, after it was verified in full: chain, dates, key.</summary>
/// <param name="Fingerprint">SHA-256 of the certificate, 32 bytes.</param>
/// <param name="Serial">Serial number, big-endian, without leading zeros.</param>
/// <param name="Anchor">SHA-256 of the trust anchor's certificate that the chain led to, 32 bytes.</param>
/// <param name="Modulus">RSA-2048 modulus, big-endian, 256 bytes.</param>
/// <param name="Exponent">RSA public exponent.</param>
/// <param name="NotBefore">Start of validity.</param>
/// <param name="NotAfter">End of validity.</param>
/// <param name="Carrier">Plastic or phone.</param>
public sealed record BoundCertificate(
    byte[] Fingerprint,
    byte[] Serial,
    byte[] Anchor,
    byte[] Modulus,
    int Exponent,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    CardCarrier Carrier)
{
    /// <summary>The store's key of the card: the first 16 bytes of the fingerprint.</summary>
    public Guid CardKey => KeyOf(Fingerprint);

    /// <summary>The store's key of the card with this fingerprint.</summary>
    public static Guid KeyOf(ReadOnlySpan<byte> fingerprint) => new(fingerprint[..16], bigEndian: true);
}
