using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Contracts;

namespace EligibilityGateway.ReaderAgent.Tests.Peer;

/// <summary>One authority with a gateway's and a terminal's certificate, made for a test.</summary>
internal sealed class PeerPki : IDisposable
{
    private readonly ECDsa _authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public PeerPki()
    {
        var request = new CertificateRequest("CN=Test authority", _authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        Authority = request.CreateSelfSigned(Begin, End);
    }

    public static TerminalIdentity Reception { get; } = new(InstitutionCode.Parse("0110113719"), TerminalRole.Reception, "desk-1", ProofClaims.Face | ProofClaims.Sight);

    public X509Certificate2 Authority { get; }

    private static DateTimeOffset Begin => DateTimeOffset.UtcNow.AddDays(-1);

    private static DateTimeOffset End => DateTimeOffset.UtcNow.AddDays(1);

    public X509Certificate2 IssueGateway()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        return Issue("CN=gateway", names, "1.3.6.1.5.5.7.3.1");
    }

    public X509Certificate2 IssueTerminal(string uri)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(uri));
        return Issue("CN=terminal", names, "1.3.6.1.5.5.7.3.2");
    }

    /// <summary>Writes the PEM files that the command line takes: terminal.crt.pem, terminal.key.pem, trust.pem.</summary>
    public void WriteTerminal(TemporaryFolder folder, TerminalIdentity? identity = null)
    {
        using var terminal = IssueTerminal((identity ?? Reception).ToUri());
        File.WriteAllText(folder["terminal.crt.pem"], terminal.ExportCertificatePem());
        File.WriteAllText(folder["terminal.key.pem"], terminal.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(folder["trust.pem"], Authority.ExportCertificatePem());
    }

    public void Dispose()
    {
        Authority.Dispose();
        _authorityKey.Dispose();
    }

    private X509Certificate2 Issue(string subject, SubjectAlternativeNameBuilder names, string use)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        using var certificate = request.Create(Authority, Begin, End.AddHours(-1), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }
}
