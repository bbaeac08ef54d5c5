using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace EligibilityGateway.Gateway.Terminals.Tls;

/// <summary>
/// A connection does not outlive the certificate that it was made with: TLS looks at the dates once, and a connection may stay open for
/// months. By the machine's clock, as TLS goes.
/// </summary>
internal static class CertificateWatch
{
    /// <summary>What runs on the connection then has so long to hear why.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromMilliseconds(500);

    /// <summary>No timer of .NET runs for longer than 49 days.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(30);

    /// <summary>Until when it is one, by the machine's clock.</summary>
    public static DateTimeOffset EndOf(X509Certificate2 certificate) => new(certificate.NotAfter.ToUniversalTime());

    public static bool HasEnded(DateTimeOffset end) => end <= TimeProvider.System.GetUtcNow();

    /// <summary>Kestrel's connection middleware, behind TLS.</summary>
    public static ConnectionDelegate Watch(ConnectionDelegate next) => async connection =>
    {
        if (connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate is not { } certificate)
        {
            connection.Abort();
            return;
        }
        using var closed = new CancellationTokenSource();
        _ = CloseAtAsync(EndOf(certificate), connection, closed.Token);
        try
        {
            await next(connection);
        }
        finally
        {
            await closed.CancelAsync();
        }
    };

    /// <summary>Completes when the certificate has ended, or the token is cancelled; tells which.</summary>
    public static async Task<bool> HasEndedAsync(DateTimeOffset end, CancellationToken cancellation)
    {
        while (end - TimeProvider.System.GetUtcNow() is var left && left > TimeSpan.Zero)
        {
            // A timer may be a little early.
            var wait = left > LongestTimer ? LongestTimer : left + TimeSpan.FromMilliseconds(1);
            await Task.Delay(wait, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellation.IsCancellationRequested) return false;
        }
        return true;
    }

    private static async Task CloseAtAsync(DateTimeOffset end, ConnectionContext connection, CancellationToken closed)
    {
        if (!await HasEndedAsync(end, closed)) return;
        // No further calls; streams end with the reason meanwhile.
        connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        await Task.Delay(Farewell, closed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!closed.IsCancellationRequested) connection.Abort(new ConnectionAbortedException("The client's certificate has ended."));
    }
}
