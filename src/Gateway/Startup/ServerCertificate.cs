using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Common;

namespace EligibilityGateway.Gateway.Startup;

/// <summary>The gateway's own certificate with its key, and what leads from it to its authority.</summary>
/// <param name="Certificate">With the key.</param>
/// <param name="Chain">All that the file holds, itself too.</param>
internal sealed record ServerCertificate(X509Certificate2 Certificate, X509Certificate2Collection Chain)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string AnyUse = "2.5.29.37.0";

    /// <param name="file">PEM of the certificate, of those that lead to its authority too.</param>
    /// <param name="keyFile">PEM of its key.</param>
    /// <param name="now">By the machine's clock, which TLS goes by.</param>
    /// <exception cref="SettingsException">No client would connect to it.</exception>
    public static ServerCertificate Read(string file, string keyFile, DateTimeOffset now)
    {
        var (pem, key) = (PemFile.Read("certificate", file), PemFile.Read("certificateKey", keyFile));
        var chain = ChainIn(pem, file);
        if (key.Contains("BEGIN ENCRYPTED", StringComparison.Ordinal))
            throw new SettingsException($"The server's key {keyFile} is locked with a password, which nobody types at a start: write it without one (openssl pkey -in {keyFile}), readable by the gateway alone.");
        if (KeyIn(key) is not { } publicKey)
            throw new SettingsException($"The file {keyFile} of \"certificateKey\" holds no private key (RSA or EC, in PEM): put the key of the server's certificate there.");
        if (!publicKey.AsSpan().SequenceEqual(chain[0].PublicKey.ExportSubjectPublicKeyInfo()))
            throw new SettingsException($"The key {keyFile} belongs to another certificate than {file}: name the two that were made together. The server's certificate must be the first of its file.");
        var certificate = X509Certificate2.CreateFromPem(pem, key);
        RefuseUnusable(certificate, file, now);
        return new ServerCertificate(certificate, chain);
    }

    private static X509Certificate2Collection ChainIn(string pem, string file)
    {
        var chain = new X509Certificate2Collection();
        try
        {
            chain.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            throw new SettingsException($"The file {file} of \"certificate\" holds a certificate that can't be read: copy it anew.");
        }
        return chain.Count > 0 ? chain : throw new SettingsException($"The file {file} of \"certificate\" holds no certificate in PEM: put the server's certificate there.");
    }

    /// <summary>The public half of the private key; null where there is none.</summary>
    private static byte[]? KeyIn(string pem)
    {
        using var rsa = RSA.Create();
        using var ec = ECDsa.Create();
        foreach (var key in (AsymmetricAlgorithm[])[rsa, ec])
        {
            try
            {
                key.ImportFromPem(pem);
                // A public key alone would be read too.
                _ = key.ExportPkcs8PrivateKey();
                return key.ExportSubjectPublicKeyInfo();
            }
            catch (Exception e) when (e is CryptographicException or ArgumentException)
            {
                // Of the other kind, or of none.
            }
        }
        return null;
    }

    private static void RefuseUnusable(X509Certificate2 certificate, string file, DateTimeOffset now)
    {
        if (certificate.NotAfter.ToUniversalTime() <= now)
            throw new SettingsException($"The server's certificate {file} ended on {CertificateEnd.DayOf(certificate)}: put a new one there.");
        if (certificate.NotBefore.ToUniversalTime() > now)
            throw new SettingsException($"The server's certificate {file} holds only from {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd HH:mm}Z on: wait, or set the machine's clock right.");
        if (certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault() is { } uses
            && !uses.EnhancedKeyUsages.Cast<Oid>().Any(use => use.Value is ServerAuthentication or AnyUse))
            throw new SettingsException($"The server's certificate {file} is not for servers (its extended key usage lacks serverAuth): use one that is.");
    }
}
