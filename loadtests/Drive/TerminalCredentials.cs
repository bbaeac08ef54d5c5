using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace EligibilityGateway.LoadTests.Drive;

/// <summary>What a terminal shows, and the only server certificate that it accepts.</summary>
public sealed record TerminalCredentials(X509Certificate2 Client, X509Certificate2 Server)
{
    /// <summary>TLS for HTTP/2 with that server.</summary>
    public SslClientAuthenticationOptions TlsTo(Uri server) => new()
    {
        TargetHost = server.Host,
        ApplicationProtocols = [SslApplicationProtocol.Http2],
        ClientCertificates = [Client],
        LocalCertificateSelectionCallback = (_, _, _, _, _) => Client,
        RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(Server.RawDataMemory.Span),
    };

    /// <summary>For HTTP clients that are not measured themselves.</summary>
    public SocketsHttpHandler HandlerFor(Uri server) => new() { SslOptions = TlsTo(server), PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan };
}
