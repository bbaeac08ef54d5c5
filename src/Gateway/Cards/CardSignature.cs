namespace EligibilityGateway.Gateway.Cards;

/// <summary>
/// The signature of a card: RSA-2048, PKCS#1 v1.5, over a SHA-256 digest. A first tap of the day meets a key that no cache holds, and
/// with the platform's RSA type importing the key costs six times the arithmetic (183 us against 31 us), so libcrypto is called
/// directly where it is there.
/// </summary>
public static class CardSignature
{
    /// <summary>Length of a modulus and of a signature in bytes.</summary>
    public const int Length = 256;

    /// <summary>Length of a digest in bytes.</summary>
    public const int DigestLength = 32;

    // FIPS 186-5, 5.1: the exponent is odd and above 2^16.
    private const int MinExponent = 65537;

    /// <summary>Whether this is a public key that a card may have: a modulus of exactly 2,048 bits, odd; an exponent odd and above 2^16.</summary>
    public static bool IsUsableKey(ReadOnlySpan<byte> modulus, int exponent) =>
        modulus.Length == Length && (modulus[0] & 0x80) != 0 && (modulus[^1] & 1) != 0 && exponent >= MinExponent && (exponent & 1) != 0;

    /// <summary>Whether the key's holder signed the digest. False for whatever isn't exactly that; thread-safe.</summary>
    /// <param name="modulus">Big-endian, 256 bytes.</param>
    /// <param name="exponent">Public exponent.</param>
    /// <param name="digest">SHA-256, 32 bytes.</param>
    /// <param name="signature">Big-endian, 256 bytes.</param>
    public static bool Verify(ReadOnlySpan<byte> modulus, int exponent, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        if (!CanVerify(modulus, exponent, digest, signature)) return false;
        return LibcryptoRsa.IsThere
            ? LibcryptoRsa.Verify(modulus, exponent, digest, signature)
            : PlatformRsa.Verify(modulus, exponent, digest, signature);
    }

    /// <summary>Whether there is anything to calculate: the lengths and the key are right, and the signature is a number below the modulus (RFC 8017, 5.2.2).</summary>
    internal static bool CanVerify(ReadOnlySpan<byte> modulus, int exponent, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature) =>
        digest.Length == DigestLength && signature.Length == Length && IsUsableKey(modulus, exponent) && signature.SequenceCompareTo(modulus) < 0;
}
