using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace EligibilityGateway.Gateway.Terminals.Tls;

/// <summary>
/// The gateway's TLS: it ends here, since the client's certificate is its identity. A certificate must be issued by one of the
/// endpoint's authorities for client authentication, with keys and signatures that nobody forges, and be in its dates by the machine's
/// clock; whether the operator knows the client is asked at each call.
/// </summary>
internal static class MutualTls
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    // NIST SP 800-57 part 1 rev. 5, table 2: 112 bits of strength and more.
    private const int FewestRsaBits = 2048, FewestCurveBits = 256;

    // RSA (PKCS #1 v1.5) and ECDSA, each with SHA-256, 384 and 512.
    private static readonly HashSet<string> Signatures =
    [
        "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13",
        "1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4",
    ];

    public static void Configure(
        HttpsConnectionAdapterOptions https, X509Certificate2 server, X509Certificate2Collection serverChain, X509Certificate2Collection authorities, bool allowTls12,
        RefusedClients refused)
    {
        https.ServerCertificate = server;
        https.ServerCertificateChain = serverChain;
        https.SslProtocols = allowTls12 ? SslProtocols.Tls12 | SslProtocols.Tls13 : SslProtocols.Tls13;
        https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        https.ClientCertificateValidation = (certificate, _, _) => MayComeIn(authorities, certificate, refused);
        // A resumed session would skip the validation above, and with ECDSA keys a full handshake costs little.
        https.OnAuthenticate = (_, options) => options.AllowTlsResume = false;
    }

    private static bool MayComeIn(X509Certificate2Collection authorities, X509Certificate2 certificate, RefusedClients refused)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new(ClientAuthentication));
        if (!chain.Build(certificate))
        {
            refused.TellStranger(certificate);
            return false;
        }
        var fault = !MaySign(certificate) ? "its certificate's key may not sign"
            : !chain.ChainElements.All(element => IsStrong(element.Certificate, isRoot: element == chain.ChainElements[^1])) ? "its certificate, or one that leads to it, has a weak key or signature"
            : null;
        if (fault is not null) refused.Tell(certificate, fault);
        return fault is null;
    }

    /// <summary>A client signs the handshake with its key.</summary>
    private static bool MaySign(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509KeyUsageExtension>().All(usage => usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature));

    /// <summary>A root is trusted for what it is: nobody looks at its signature.</summary>
    internal static bool IsStrong(X509Certificate2 certificate, bool isRoot)
    {
        if (!isRoot && !HasStrongSignature(certificate)) return false;
        using var rsa = certificate.GetRSAPublicKey();
        if (rsa is not null) return rsa.KeySize >= FewestRsaBits;
        using var ec = certificate.GetECDsaPublicKey();
        return ec?.KeySize >= FewestCurveBits;
    }

    private static bool HasStrongSignature(X509Certificate2 certificate) =>
        certificate.SignatureAlgorithm.Value is { } algorithm && Signatures.Contains(algorithm);
}
