using System.Net;
using System.Net.Sockets;
using EligibilityGateway.Common;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace EligibilityGateway.Gateway.Startup;

/// <summary>
/// An address that is the gateway's from before its checks on, and at which it listens once it serves. So a port that is taken is told
/// at once, on one line, where the server would first write a page of its own about it.
/// </summary>
internal sealed class ReservedAddress : IDisposable
{
    private readonly Socket _socket;

    private ReservedAddress(Socket socket) => _socket = socket;

    /// <summary>With the real port.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <param name="setting">The setting's name, for the error.</param>
    /// <param name="endPoint">Its value.</param>
    /// <exception cref="SettingsException">It can't be listened at.</exception>
    public static ReservedAddress Take(string setting, IPEndPoint endPoint)
    {
        try
        {
            return new ReservedAddress(SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint));
        }
        catch (SocketException e)
        {
            throw Refused(setting, endPoint, e.SocketErrorCode);
        }
    }

    /// <summary>Why nobody can listen there.</summary>
    public static SettingsException Refused(string setting, IPEndPoint endPoint, SocketError error) => new(error switch
    {
        SocketError.AddressAlreadyInUse => $"The port {endPoint.Port} of \"{setting}\" is taken: choose another, or stop what listens there.",
        SocketError.AccessDenied => $"This user may not listen at port {endPoint.Port} of \"{setting}\": choose one from 1024 on, or grant the right (CAP_NET_BIND_SERVICE).",
        SocketError.AddressNotAvailable => $"The address {endPoint.Address} of \"{setting}\" is none of this machine's: name one that is, or 0.0.0.0 for all.",
        _ => $"Nobody can listen at {endPoint} of \"{setting}\" on this machine: choose another address.",
    });

    /// <summary>Has the server listen here.</summary>
    public void HandTo(SocketTransportOptions sockets) => sockets.CreateBoundListenSocket = _ => _socket;

    public void Dispose() => _socket.Dispose();
}
