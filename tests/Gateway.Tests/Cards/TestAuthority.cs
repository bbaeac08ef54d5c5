using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EligibilityGateway.Gateway.Tests.Cards;

/// <summary>A certification authority of a test's own, with whatever may be wrong about it, and what it issues.</summary>
internal sealed class TestAuthority
{
    /// <summary>The name that all generations of the JPKI root share.</summary>
    public const string SharedName = "OU=JPKI for user authentication, O=JPKI-TEST, C=JP";

    private static readonly DateTimeOffset From = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Until = new(2040, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private TestAuthority(X509Certificate2 certificate) => Certificate = certificate;

    public X509Certificate2 Certificate { get; }

    public string Pem => Certificate.ExportCertificatePem() + "\n";

    public byte[] Fingerprint => Certificate.GetCertHash(HashAlgorithmName.SHA256);

    /// <summary>A root. Without key identifiers nothing but the signature tells which of several of one name has signed.</summary>
    public static TestAuthority Root(string name = SharedName, int keyBits = 2048, DateTimeOffset? until = null)
    {
        var key = RSA.Create(keyBits);
        return new TestAuthority(Request(key, name, pathLength: null, uses: X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign).CreateSelfSigned(From, until ?? Until));
    }

    /// <summary>An authority below this one.</summary>
    public TestAuthority Subordinate(string name, int? pathLength = null, X509KeyUsageFlags uses = X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign)
    {
        var key = RSA.Create(2048);
        using var certificate = Request(key, name, pathLength, uses).Create(Certificate, From, Until, [1, .. RandomNumberGenerator.GetBytes(8)]);
        return new TestAuthority(certificate.CopyWithPrivateKey(key));
    }

    /// <summary>A card's certificate in DER.</summary>
    public byte[] Card(
        AsymmetricAlgorithm? key = null,
        X509KeyUsageFlags? uses = X509KeyUsageFlags.DigitalSignature,
        bool isAuthority = false,
        HashAlgorithmName? hash = null,
        RSASignaturePadding? padding = null,
        byte[]? serial = null,
        X509Extension? extra = null,
        DateTimeOffset? from = null,
        DateTimeOffset? until = null)
    {
        key ??= Keys.Card;
        var name = new X500DistinguishedName("CN=0123ABCD, C=JP");
        var request = key is RSA rsa
            ? new CertificateRequest(name, rsa, hash ?? HashAlgorithmName.SHA256, padding ?? RSASignaturePadding.Pkcs1)
            : new CertificateRequest(name, (ECDsa)key, hash ?? HashAlgorithmName.SHA256);
        if (uses is { } flags) request.CertificateExtensions.Add(new X509KeyUsageExtension(flags, critical: true));
        if (isAuthority) request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        if (extra is not null) request.CertificateExtensions.Add(extra);
        using var issuerKey = Certificate.GetRSAPrivateKey()!;
        using var certificate = request.Create(
            Certificate.SubjectName, X509SignatureGenerator.CreateForRSA(issuerKey, padding ?? RSASignaturePadding.Pkcs1), from ?? From, until ?? Until, serial ?? [1, .. RandomNumberGenerator.GetBytes(8)]);
        return certificate.RawData;
    }

    /// <summary>A signed revocation list in DER.</summary>
    public byte[] RevocationList(DateTimeOffset thisUpdate, DateTimeOffset nextUpdate, params byte[][] serials)
    {
        var builder = new CertificateRevocationListBuilder();
        foreach (var serial in serials) builder.AddEntry(serial, thisUpdate);
        using var issuerKey = Certificate.GetRSAPrivateKey()!;
        return builder.Build(
            Certificate.SubjectName, X509SignatureGenerator.CreateForRSA(issuerKey, RSASignaturePadding.Pkcs1), 1, nextUpdate, HashAlgorithmName.SHA256,
            new X509AuthorityKeyIdentifierExtension([0x30, 0x00]), thisUpdate);
    }

    private static CertificateRequest Request(RSA key, string name, int? pathLength, X509KeyUsageFlags uses)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, pathLength is not null, pathLength ?? 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(uses, critical: true));
        return request;
    }

    /// <summary>Made once: generating RSA keys takes long.</summary>
    private static class Keys
    {
        public static readonly RSA Card = RSA.Create(2048);
    }
}
