using System.Net;
using System.Net.Sockets;
using Npgsql;
using StackExchange.Redis;

namespace EligibilityGateway.Gateway.Storage;

/// <summary>
/// The way to a store: who stands on it would read patients' data and passwords, or answer in the store's place. So it leads over TLS with a
/// server whose certificate is verified, or does not leave the machine.
/// </summary>
internal static class StoreWay
{
    /// <summary>The driver's variable that names whom to trust, where the connection string does not.</summary>
    private const string RootCertificateVariable = "PGSSLROOTCERT";

    /// <summary>Whether a connection string of Postgres leads only where nobody else can listen.</summary>
    public static bool IsSafe(NpgsqlConnectionStringBuilder to) => IsVerified(to) || Hosts(to).All(IsOnThisMachine);

    /// <summary>The same of Redis. Nothing that can be written in its connection string turns the verification of a certificate off.</summary>
    public static bool IsSafe(ConfigurationOptions to) => to.Ssl || to.EndPoints.All(IsOnThisMachine);

    /// <summary>What to do about Postgres, as a part of a sentence.</summary>
    public const string PostgresRemedy = "add SSL Mode=VerifyFull, and Root Certificate=FILE where its authority is one of your own";

    /// <summary>
    /// Npgsql looks at the certificate only with these two; Require encrypts for whoever answers. Without an authority that is named, VerifyCA
    /// would take anybody's certificate that any authority of the system has signed.
    /// </summary>
    private static bool IsVerified(NpgsqlConnectionStringBuilder to) => to.SslMode switch
    {
        SslMode.VerifyFull => true,
        SslMode.VerifyCA => to.RootCertificate is { Length: > 0 } || Environment.GetEnvironmentVariable(RootCertificateVariable) is { Length: > 0 },
        _ => false,
    };

    private static string[] Hosts(NpgsqlConnectionStringBuilder to) => (to.Host ?? "").Split(',', StringSplitOptions.TrimEntries);

    /// <summary>A socket's folder, a loopback address, or localhost; each with or without a port.</summary>
    private static bool IsOnThisMachine(string host)
    {
        if (host.StartsWith('/') || host.StartsWith('@')) return true;
        if (IPEndPoint.TryParse(host, out var endPoint)) return IsLoopback(endPoint.Address);
        return host.Split(':')[0].Equals("localhost", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsOnThisMachine(EndPoint endPoint) => endPoint switch
    {
        UnixDomainSocketEndPoint => true,
        IPEndPoint ip => IsLoopback(ip.Address),
        DnsEndPoint dns => IsOnThisMachine(dns.Host),
        _ => false,
    };

    private static bool IsLoopback(IPAddress address) => IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
