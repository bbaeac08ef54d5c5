using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EligibilityGateway.Contracts;

/// <summary>What client certificates of terminals and insurers have in common.</summary>
public static class ClientCertificate
{
    private const string SubjectAlternativeName = "2.5.29.17";

    /// <summary>The certificate's name in the registers: the first 16 bytes of its SHA-256.</summary>
    public static Guid IdOf(X509Certificate2 certificate)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(certificate.RawDataMemory.Span, hash);
        return new Guid(hash[..16], bigEndian: true);
    }

    /// <summary>The URIs that begin so among the certificate's alternative names.</summary>
    internal static IEnumerable<string> UrisOf(X509Certificate2 certificate, string prefix) =>
        from extension in certificate.Extensions
        where extension.Oid?.Value == SubjectAlternativeName
        from uri in SubjectAlternativeUris.Read(extension.RawData)
        where uri.StartsWith(prefix, StringComparison.Ordinal)
        select uri;
}
