using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;

namespace EligibilityGateway.ReaderAgent.Link;

/// <summary>Mutually authenticated TLS over HTTP/2 to a gateway. TLS keeps the machine's own clock, whatever the events' clock says.</summary>
internal sealed class GatewayTransport(TerminalCertificate terminal, LinkSettings settings)
{
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PingDeadline = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A channel of its own for each stream: a gRPC channel keeps a back-off of its own after a failure, which would add to the link's.
    /// </summary>
    public GrpcChannel Open(Uri gateway) => GrpcChannel.ForAddress(gateway, new GrpcChannelOptions
    {
        DisposeHttpClient = true,
        HttpHandler = new SocketsHttpHandler
        {
            ConnectTimeout = settings.ConnectDeadline,
            // A cable pulled out sends no reset: pings find it.
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            KeepAlivePingDelay = PingDelay,
            KeepAlivePingTimeout = PingDeadline,
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificateContext = terminal.Context,
                CertificateChainPolicy = TrustOnly(terminal.Trusted),
            },
        },
    });

    private static X509ChainPolicy TrustOnly(X509Certificate2Collection anchors)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(anchors);
        return policy;
    }
}
