using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Contracts;

namespace EligibilityGateway.Gateway.Terminals.Tls;

/// <summary>
/// Tells the operator which clients are refused and why: at a handshake, at a call. Ten a second are told one by one; of a flood the rest
/// is counted. Of a certificate that another authority issued only that authority is told: it may be a person's.
/// </summary>
internal sealed partial class RefusedClients(TimeProvider clock, ILogger<RefusedClients> logger) : IDisposable
{
    private const int MostASecond = 10;
    private const int MostOfIssuer = 200;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private ITimer? _end;
    private int _told;
    private long _others;

    /// <summary>One that an authority of the endpoint issued; named by what its certificate names.</summary>
    public void Tell(X509Certificate2 certificate, string why)
    {
        var name = TerminalIdentity.FromCertificate(certificate)?.ToUri() ?? (InsurerIdentity.FromCertificate(certificate) is { Count: > 0 } insurers ? $"insurers {string.Join(", ", insurers)}" : "nobody");
        Tell(why, $"{name}; its id is {ClientCertificate.IdOf(certificate)}");
    }

    /// <summary>One that none of the endpoint's authorities issued.</summary>
    public void TellStranger(X509Certificate2 certificate)
    {
        var issuer = WrittenText.Shown(certificate.Issuer);
        Tell("its certificate is of no authority of this endpoint, is not for clients, or has ended", $"its issuer as {(issuer.Length > MostOfIssuer ? issuer[..MostOfIssuer] : issuer)}");
    }

    public void Dispose()
    {
        lock (_gate) _end?.Dispose();
    }

    private void Tell(string why, string names)
    {
        lock (_gate)
        {
            if (_told++ >= MostASecond)
            {
                _others++;
                return;
            }
            _end ??= clock.CreateTimer(static self => ((RefusedClients)self!).EndSecond(), this, Second, Timeout.InfiniteTimeSpan);
        }
        LogRefused(logger, why, names);
    }

    private void EndSecond()
    {
        long others;
        lock (_gate)
        {
            others = _others;
            (_told, _others) = (0, 0);
            _end?.Dispose();
            _end = null;
        }
        if (others > 0) LogOthers(logger, others);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A client is refused: {Why}. Its certificate names {Names}.")]
    private static partial void LogRefused(ILogger logger, string why, string names);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} more clients were refused in that second.")]
    private static partial void LogOthers(ILogger logger, long count);
}
