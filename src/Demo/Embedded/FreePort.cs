using System.Net;
using System.Net.Sockets;

namespace EligibilityGateway.Demo.Embedded;

/// <summary>Ports on the loopback address. Between looking and listening another program may be quicker: the caller tries again.</summary>
internal static class FreePort
{
    public static int Choose()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
