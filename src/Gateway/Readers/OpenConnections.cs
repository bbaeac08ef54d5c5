using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace EligibilityGateway.Gateway.Readers;

/// <summary>The connections that are open now, so that a revoked terminal's can be cut at once, whatever runs on them.</summary>
public sealed class OpenConnections
{
    private readonly ConcurrentDictionary<string, (Guid Terminal, ConnectionContext Connection)> _open = new();

    /// <summary>Kestrel's connection middleware, behind TLS.</summary>
    public ConnectionDelegate Watch(ConnectionDelegate next) => async connection =>
    {
        if (connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate is not { } certificate)
        {
            connection.Abort();
            return;
        }
        _open[connection.ConnectionId] = (AdmittedTerminals.IdOf(certificate), connection);
        try
        {
            await next(connection);
        }
        finally
        {
            _open.TryRemove(connection.ConnectionId, out _);
        }
    };

    /// <summary>Terminals that are connected now.</summary>
    public Guid[] Terminals() => [.. _open.Values.Select(o => o.Terminal).Distinct()];

    /// <summary>Those that the terminal has open now.</summary>
    public ConnectionContext[] Of(Guid terminal) => [.. _open.Values.Where(o => o.Terminal == terminal).Select(o => o.Connection)];

    /// <summary>Takes no further calls on the connections, and closes each once what runs on it has ended and is sent.</summary>
    public static void Close(IEnumerable<ConnectionContext> connections)
    {
        foreach (var connection in connections) connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
    }

    /// <summary>Ends what is still open, whatever runs on it.</summary>
    public static void Cut(IEnumerable<ConnectionContext> connections)
    {
        foreach (var connection in connections) connection.Abort(new ConnectionAbortedException("The terminal was revoked."));
    }
}
