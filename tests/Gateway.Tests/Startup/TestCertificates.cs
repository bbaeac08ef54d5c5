using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EligibilityGateway.Gateway.Tests.Startup;

/// <summary>Certificates of servers and of authorities for TLS, with whatever may be wrong about them, as files.</summary>
internal static class TestCertificates
{
    public const string ForServers = "1.3.6.1.5.5.7.3.1", ForClients = "1.3.6.1.5.5.7.3.2";

    /// <summary>Writes a certificate that signs itself, and its key.</summary>
    public static (string Certificate, string Key) Write(string folder, string name, DateTimeOffset from, DateTimeOffset until, string use = ForServers, bool isAuthority = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Make(key, name, from, until, use, isAuthority);
        var (certificateFile, keyFile) = (Path.Combine(folder, name + ".pem"), Path.Combine(folder, name + ".key"));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem() + "\n");
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem() + "\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return (certificateFile, keyFile);
    }

    private static X509Certificate2 Make(ECDsa key, string name, DateTimeOffset from, DateTimeOffset until, string use, bool isAuthority)
    {
        var request = new CertificateRequest($"CN={name}, O=A test's own", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        if (!isAuthority) request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(from, until);
    }
}
