using System.Collections.Concurrent;
using EligibilityGateway.Contracts;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace EligibilityGateway.Gateway.Terminals;

/// <summary>
/// The connections that are open now, so that a revoked terminal's can be cut at once, whatever runs on them, and none takes more than its
/// share of them.
/// </summary>
public sealed partial class OpenConnections(TerminalOptions options, ILogger<OpenConnections> logger)
{
    /// <summary>How long what runs on a connection that gives way may take.</summary>
    private static readonly TimeSpan GivesWayWithin = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, OpenConnection> _open = new();
    private readonly Lock _gate = new();

    // Of each terminal, the oldest first; and how many of each institution.
    private readonly Dictionary<Guid, List<OpenConnection>> _ofTerminal = [];
    private readonly Dictionary<InstitutionCode, int> _ofInstitution = [];

    /// <summary>Kestrel's connection middleware, behind TLS.</summary>
    public ConnectionDelegate Watch(ConnectionDelegate next) => async connection =>
    {
        if (connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate is not { } certificate)
        {
            connection.Abort();
            return;
        }
        var opened = new OpenConnection(
            AdmittedTerminals.IdOf(certificate), TerminalIdentity.FromCertificate(certificate)?.Institution ?? default, connection);
        if (!TryAdd(opened))
        {
            LogTooMany(logger, opened.Terminal);
            connection.Abort(new ConnectionAbortedException("The institution has too many connections open."));
            return;
        }
        try
        {
            await next(connection);
        }
        finally
        {
            Remove(opened);
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

    /// <summary>
    /// One connection more of a terminal than it may have makes its oldest one give way: that may be one whose line broke unnoticed, and a
    /// terminal on a bad line must not be kept out by those. Of an institution's terminals the newcomer waits.
    /// </summary>
    private bool TryAdd(OpenConnection opened)
    {
        OpenConnection? givesWay = null;
        lock (_gate)
        {
            var ofTerminal = _ofTerminal.GetValueOrDefault(opened.Terminal);
            if (ofTerminal?.Count >= options.Connections) givesWay = ofTerminal[0];
            else if (_ofInstitution.GetValueOrDefault(opened.Institution) >= options.InstitutionConnections) return false;
            if (givesWay is not null) Remove(givesWay);
            if (!_ofTerminal.TryGetValue(opened.Terminal, out ofTerminal)) _ofTerminal.Add(opened.Terminal, ofTerminal = []);
            ofTerminal.Add(opened);
            _ofInstitution[opened.Institution] = _ofInstitution.GetValueOrDefault(opened.Institution) + 1;
            _open[opened.Connection.ConnectionId] = opened;
        }
        if (givesWay is not null) _ = GiveWayAsync(givesWay.Connection);
        return true;
    }

    private void Remove(OpenConnection closed)
    {
        if (!_open.TryRemove(closed.Connection.ConnectionId, out _)) return;
        lock (_gate)
        {
            var ofTerminal = _ofTerminal[closed.Terminal];
            ofTerminal.Remove(closed);
            if (ofTerminal.Count == 0) _ofTerminal.Remove(closed.Terminal);
            if (--_ofInstitution[closed.Institution] == 0) _ofInstitution.Remove(closed.Institution);
        }
    }

    private static async Task GiveWayAsync(ConnectionContext connection)
    {
        Close([connection]);
        await Task.Delay(GivesWayWithin);
        connection.Abort(new ConnectionAbortedException("The terminal has too many connections open: its oldest gives way."));
    }

    /// <summary>Ends what is still open, whatever runs on it.</summary>
    public static void Cut(IEnumerable<ConnectionContext> connections)
    {
        foreach (var connection in connections) connection.Abort(new ConnectionAbortedException("The terminal was revoked."));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A connection of terminal {Terminal} is refused: its institution has as many open as it may.")]
    private static partial void LogTooMany(ILogger logger, Guid terminal);

    private sealed record OpenConnection(Guid Terminal, InstitutionCode Institution, ConnectionContext Connection);
}
