using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EligibilityGateway.ReaderAgent.Tests.Simulate;

/// <summary>What a gateway checks of a card's signature.</summary>
internal static class SignatureCheck
{
    public static bool Fits(byte[] certificate, byte[] digest, byte[] signature)
    {
        using var parsed = X509CertificateLoader.LoadCertificate(certificate);
        using var key = parsed.GetRSAPublicKey()!;
        return key.VerifyHash(digest, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }
}
