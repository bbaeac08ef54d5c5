using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Contracts;

namespace EligibilityGateway.Demo.Pki;

/// <summary>
/// The demo's authority for TLS: the gateway's server certificate and the terminals' client certificates, all ECDSA P-256. Dates are
/// the machine's, as TLS is.
/// </summary>
public sealed class TerminalAuthority : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(3650);
    private static readonly TimeSpan CertificateLife = TimeSpan.FromDays(365);

    // What ends sooner is made anew: a demo left running overnight must not end in the middle.
    private static readonly TimeSpan Reserve = TimeSpan.FromDays(30);

    // Machines' clocks differ.
    private static readonly TimeSpan Backdating = TimeSpan.FromHours(1);

    private readonly X509Certificate2 _authority;
    private readonly string _terminalsFolder;
    private readonly TimeProvider _clock;

    private TerminalAuthority(X509Certificate2 authority, string certificatePath, string terminalsFolder, TimeProvider clock)
    {
        _authority = authority;
        CertificatePath = certificatePath;
        _terminalsFolder = terminalsFolder;
        _clock = clock;
    }

    /// <summary>The authority's certificate: what the gateway trusts for terminals, and terminals for the gateway.</summary>
    public string CertificatePath { get; }

    /// <summary>Where the terminals' certificates and keys are: NAME.crt.pem and NAME.key.pem.</summary>
    public string TerminalsFolder => _terminalsFolder;

    /// <summary>The authority in that folder; made where it is missing or unusable.</summary>
    public static TerminalAuthority Open(string folder, TimeProvider clock)
    {
        var certificateFolder = Path.Combine(folder, "terminal-authorities");
        var files = new PemPair(Path.Combine(certificateFolder, "terminal-authority.crt.pem"), Path.Combine(folder, "terminal-authority.key.pem"));
        var authority = files.Read();
        if (authority is null || EndsSoon(authority, clock))
        {
            authority?.Dispose();
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest(DemoName.Authority("Demo terminal authority", "Eligibility Gateway"), key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
            var now = clock.GetUtcNow();
            authority = request.CreateSelfSigned(now - Backdating, now + AuthorityLife);
            files.Write(authority, key);
        }
        return new TerminalAuthority(authority, files.CertificatePath, Path.Combine(folder, "terminals"), clock);
    }

    /// <summary>The certificate and key files of a gateway on this machine (localhost, 127.0.0.1, ::1); made where they are missing or unusable.</summary>
    public (string CertificatePath, string KeyPath) GatewayFiles()
    {
        var files = PemPair.In(Path.GetDirectoryName(_terminalsFolder)!, "gateway");
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        Ensure(files, "localhost", names, ServerAuthentication);
        return (files.CertificatePath, files.KeyPath);
    }

    /// <summary>The certificate and key files of a terminal, under a name for the files; made where they are missing, unusable or another terminal's.</summary>
    public (string CertificatePath, string KeyPath) TerminalFiles(string fileName, TerminalIdentity terminal)
    {
        var files = PemPair.In(_terminalsFolder, fileName);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(terminal.ToUri()));
        Ensure(files, terminal.Name, names, ClientAuthentication);
        return (files.CertificatePath, files.KeyPath);
    }

    /// <summary>A terminal's certificate with its key, in memory alone: for load tests with many terminals.</summary>
    public X509Certificate2 IssueTerminal(TerminalIdentity terminal)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(terminal.ToUri()));
        return Issue(terminal.Name, names);
    }

    /// <summary>A certificate with its key of an insurers' client that may hand in the changes of these insurers, in memory alone.</summary>
    public X509Certificate2 IssueInsurer(params InsurerNumber[] insurers)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var insurer in insurers) names.AddUri(new Uri(InsurerIdentity.ToUri(insurer)));
        return Issue("insurer", names);
    }

    public void Dispose() => _authority.Dispose();

    private X509Certificate2 Issue(string commonName, SubjectAlternativeNameBuilder names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Issue(key, commonName, names.Build(), ClientAuthentication);
        return certificate.CopyWithPrivateKey(key);
    }

    private static bool EndsSoon(X509Certificate2 certificate, TimeProvider clock) => certificate.NotAfter.ToUniversalTime() < clock.GetUtcNow() + Reserve;

    private void Ensure(PemPair files, string commonName, SubjectAlternativeNameBuilder names, string use)
    {
        var extension = names.Build();
        using (var present = files.Read())
        {
            if (present is not null && !EndsSoon(present, _clock) && IsOurs(present)
                && present.Extensions["2.5.29.17"] is { } presentNames && presentNames.RawData.AsSpan().SequenceEqual(extension.RawData)) return;
        }
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Issue(key, commonName, extension, use);
        files.Write(certificate, key);
    }

    private X509Certificate2 Issue(ECDsa key, string commonName, X509Extension names, string use)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(commonName);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        request.CertificateExtensions.Add(names);
        var now = _clock.GetUtcNow();
        return request.Create(_authority, now - Backdating, now + CertificateLife, SerialNumbers.New());
    }

    private bool IsOurs(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = _clock.GetUtcNow().UtcDateTime;
        return chain.Build(certificate);
    }
}
