using System.Security.Cryptography;

namespace EligibilityGateway.Gateway.Cards;

/// <summary>Card signatures checked with the platform's RSA type: where libcrypto 3 is not at hand (Windows, macOS).</summary>
internal static class PlatformRsa
{
    /// <summary>For input that <see cref="CardSignature.CanVerify"/> lets through.</summary>
    public static bool Verify(ReadOnlySpan<byte> modulus, int exponent, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        Span<byte> exponentBytes = [(byte)(exponent >> 24), (byte)(exponent >> 16), (byte)(exponent >> 8), (byte)exponent];
        try
        {
            using var rsa = RSA.Create(new RSAParameters { Modulus = modulus.ToArray(), Exponent = exponentBytes.TrimStart((byte)0).ToArray() });
            return rsa.VerifyHash(digest, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        catch (CryptographicException)
        {
            // Platforms differ in which odd keys they refuse to import. What can't be checked isn't signed.
            return false;
        }
    }
}
