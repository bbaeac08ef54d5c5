namespace EligibilityGateway.Rules.Facts;

/// <summary>What a card's certificate says, after it was verified in full. Bytes are big-endian without leading zeros.</summary>
/// <param name="CardKey">First 16 bytes of the certificate's SHA-256, in network order.</param>
/// <param name="Fingerprint">SHA-256 of the certificate, 32 bytes.</param>
/// <param name="Serial">Serial number, 1 to 20 bytes.</param>
/// <param name="Anchor">SHA-256 of the certificate of the configured authority that issued it, 32 bytes. Serial numbers are unique within one of these.</param>
/// <param name="Modulus">RSA-2048 modulus, 256 bytes.</param>
/// <param name="Exponent">RSA public exponent.</param>
/// <param name="NotBefore">Start of validity.</param>
/// <param name="NotAfter">End of validity, inclusive.</param>
public sealed record CertificateFacts(
    Guid CardKey,
    byte[] Fingerprint,
    byte[] Serial,
    byte[] Anchor,
    byte[] Modulus,
    int Exponent,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter);
