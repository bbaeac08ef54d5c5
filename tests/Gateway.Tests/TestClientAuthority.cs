using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EligibilityGateway.Gateway.Tests;

/// <summary>An authority for clients' certificates with whatever may be wrong about them.</summary>
internal sealed class TestClientAuthority : IDisposable
{
    private readonly X509Certificate2 _authority;

    public TestClientAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=A test's own authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-1), DateTimeOffset.UtcNow.AddYears(1));
    }

    /// <summary>As a gateway's settings name it.</summary>
    public string WriteTo(string folder)
    {
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(folder).FullName, "authority.pem"), _authority.ExportCertificatePem() + "\n");
        return folder;
    }

    public X509Certificate2 Issue(string uri, DateTimeOffset? ends = null, X509KeyUsageFlags? usages = null, HashAlgorithmName? hash = null, int? rsaBits = null, ECCurve? curve = null)
    {
        if (rsaBits is { } bits)
        {
            using var rsa = RSA.Create(bits);
            using var certificate = Sign(new CertificateRequest("CN=client", rsa, hash ?? HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
            return certificate.CopyWithPrivateKey(rsa);
        }
        using var key = ECDsa.Create(curve ?? ECCurve.NamedCurves.nistP256);
        using var ofKey = Sign(new CertificateRequest("CN=client", key, hash ?? HashAlgorithmName.SHA256));
        return ofKey.CopyWithPrivateKey(key);

        X509Certificate2 Sign(CertificateRequest request)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddUri(new Uri(uri));
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], true));
            if (usages is { } flags) request.CertificateExtensions.Add(new X509KeyUsageExtension(flags, true));
            using var signing = _authority.GetECDsaPrivateKey()!;
            X509SignatureGenerator generator = hash == HashAlgorithmName.SHA1 ? new Sha1Signatures(signing) : X509SignatureGenerator.CreateForECDsa(signing);
            return request.Create(
                _authority.SubjectName, generator, DateTimeOffset.UtcNow.AddDays(-1), ends ?? DateTimeOffset.UtcNow.AddDays(90), Guid.NewGuid().ToByteArray());
        }
    }

    public void Dispose() => _authority.Dispose();

    /// <summary>.NET signs no certificate over SHA-1 any more.</summary>
    private sealed class Sha1Signatures(ECDsa key) : X509SignatureGenerator
    {
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => [0x30, 0x09, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x01];

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => key.SignData(data, HashAlgorithmName.SHA1, DSASignatureFormat.Rfc3279DerSequence);

        protected override PublicKey BuildPublicKey() => new(key);
    }
}
