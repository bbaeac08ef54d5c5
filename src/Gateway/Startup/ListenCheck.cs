using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace EligibilityGateway.Gateway.Startup;

/// <summary>The addresses to listen at, looked at without taking them: a gateway may be about to, or run there already.</summary>
internal static class ListenCheck
{
    /// <param name="setting">The setting's name.</param>
    /// <param name="endPoint">Its value.</param>
    /// <param name="isGatewayRunning">Whether the same journal is in use, so that whoever listens there is the gateway.</param>
    /// <param name="report">Takes what is found.</param>
    public static void Look(string setting, IPEndPoint endPoint, bool isGatewayRunning, CheckReport report)
    {
        var isTaken = IsTaken(endPoint);
        if (isTaken && isGatewayRunning)
        {
            report.Note(setting, $"{endPoint} is in use, by the gateway that runs.");
            return;
        }
        report.Look(setting, () =>
        {
            if (isTaken) throw ReservedAddress.Refused(setting, endPoint, SocketError.AddressAlreadyInUse);
            RefuseForeign(setting, endPoint);
            return $"{endPoint} is free";
        });
    }

    /// <summary>Whether nobody can listen at both. Port 0 is always a free one.</summary>
    public static bool Meet(IPEndPoint one, IPEndPoint other) =>
        one.Port == other.Port && one.Port != 0 && (one.Address.Equals(other.Address) || IsAny(one.Address) || IsAny(other.Address));

    private static bool IsTaken(IPEndPoint endPoint) => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(other => Meet(other, endPoint));

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    /// <summary>Any free port of the address shows whether it is the machine's.</summary>
    private static void RefuseForeign(string setting, IPEndPoint endPoint)
    {
        try
        {
            using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(endPoint.Address, 0));
        }
        catch (SocketException e)
        {
            throw ReservedAddress.Refused(setting, endPoint, e.SocketErrorCode);
        }
    }
}
