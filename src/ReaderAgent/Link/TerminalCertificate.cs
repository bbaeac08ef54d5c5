using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Contracts;

namespace EligibilityGateway.ReaderAgent.Link;

/// <summary>The terminal's own certificate and key, and whom it trusts.</summary>
internal sealed class TerminalCertificate : IDisposable
{
    private readonly X509Certificate2 _certificate;

    private TerminalCertificate(X509Certificate2 certificate, X509Certificate2Collection intermediates, X509Certificate2Collection trusted, TerminalIdentity identity)
    {
        _certificate = certificate;
        Trusted = trusted;
        Identity = identity;
        Context = SslStreamCertificateContext.Create(certificate, intermediates, offline: true);
    }

    /// <summary>Who this terminal is; its signatures and its rights hang on it.</summary>
    public TerminalIdentity Identity { get; }

    public X509Certificate2Collection Trusted { get; }

    public SslStreamCertificateContext Context { get; }

    /// <summary>Reads PEM files; the certificate's may go on with intermediates.</summary>
    /// <exception cref="TerminalCertificateException">One of them is missing or not what it should be.</exception>
    public static TerminalCertificate Load(string certificatePath, string keyPath, string trustPath)
    {
        try
        {
            var trusted = new X509Certificate2Collection();
            trusted.ImportFromPemFile(trustPath);
            if (trusted.Count == 0) throw new TerminalCertificateException($"{trustPath} holds no certificate.");
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certificatePath);
            var certificate = WithKey(certificatePath, keyPath);
            if (TerminalIdentity.FromCertificate(certificate, out var fault) is { } identity)
                return new TerminalCertificate(certificate, [.. chain.Skip(1)], trusted, identity);
            certificate.Dispose();
            throw new TerminalCertificateException($"{certificatePath} names no terminal: {fault}. It needs one URI among its alternative names, {TerminalIdentity.Form}.");
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new TerminalCertificateException($"The terminal's certificate can't be used: {e.Message}");
        }
    }

    public void Dispose() => _certificate.Dispose();

    private static X509Certificate2 WithKey(string certificatePath, string keyPath)
    {
        var certificate = X509Certificate2.CreateFromPemFile(certificatePath, keyPath);
        if (!OperatingSystem.IsWindows()) return certificate;
        // Windows' TLS can't use a key that lives in memory alone.
        using (certificate) return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
