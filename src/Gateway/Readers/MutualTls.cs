using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace EligibilityGateway.Gateway.Readers;

/// <summary>
/// The gateway's TLS: it ends here, since the client's certificate is its identity. A certificate must be issued by one of the
/// endpoint's authorities for client authentication and be in its dates by the machine's clock; whether the operator knows the client
/// is asked at each call.
/// </summary>
internal static class MutualTls
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    public static void Configure(HttpsConnectionAdapterOptions https, X509Certificate2 server, X509Certificate2Collection serverChain, X509Certificate2Collection authorities)
    {
        https.ServerCertificate = server;
        https.ServerCertificateChain = serverChain;
        https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        https.ClientCertificateValidation = (certificate, _, _) => IsIssuedBy(authorities, certificate);
        // A resumed session would skip the validation above, and with ECDSA keys a full handshake costs little.
        https.OnAuthenticate = (_, options) => options.AllowTlsResume = false;
    }

    private static bool IsIssuedBy(X509Certificate2Collection authorities, X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new(ClientAuthentication));
        return chain.Build(certificate);
    }
}
