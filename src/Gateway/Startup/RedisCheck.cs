using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EligibilityGateway.Common;
using EligibilityGateway.Gateway.Storage;
using StackExchange.Redis;

namespace EligibilityGateway.Gateway.Startup;

/// <summary>
/// Redis, on a connection of its own. A gateway that serves goes on without Redis; one that starts can't tell a Redis that is away from
/// one that is misspelt, with which every look-up would be a miss for good.
/// </summary>
internal static class RedisCheck
{
    private const int PatienceMilliseconds = 3_000;

    /// <summary>The option of <c>serve</c> for a start in an outage.</summary>
    public const string WithoutRedis = "--without-redis";

    /// <summary>Where it answers.</summary>
    /// <param name="redis">The setting.</param>
    /// <param name="mayBePlain">Whether it may lead outside this machine without TLS.</param>
    /// <param name="mayBeAway">Whether the operator knows that it does not answer now. A wrong password is one all the same.</param>
    /// <exception cref="SettingsException">It refuses, or does not answer.</exception>
    public static async Task<string> LookAsync(string redis, bool mayBePlain, bool mayBeAway)
    {
        var options = Parse(redis);
        if (!mayBePlain && !StoreWay.IsSafe(options))
        {
            throw new SettingsException(
                "\"redis\" in the settings leads outside this machine without TLS, so that whoever is on the way may read its password, or answer in its place: add ssl=true there; or set \"plainStores\" to true where the network itself is protected.");
        }
        try
        {
            await using var connection = await ConnectionMultiplexer.ConnectAsync(options);
            await connection.GetDatabase().PingAsync();
            return $"{Where(options)} answers";
        }
        catch (Exception e) when (e is RedisConnectionException or RedisTimeoutException or RedisServerException or TimeoutException)
        {
            if (e is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure })
                throw new SettingsException($"Redis at {Where(options)} refuses the password or the user of \"redis\" in the settings, or asks for one: correct password= (and user=) there.");
            if (e is RedisServerException)
                throw new SettingsException($"Redis at {Where(options)} answers, but not to this user, or not now: look at its log, and at the rights of the user in \"redis\" of the settings.");
            if (mayBeAway) return $"{Where(options)} does not answer now, which {WithoutRedis} allows";
            throw new SettingsException(
                $"Redis at {Where(options)}, as \"redis\" in the settings says, does not answer: {await ReasonAsync(options)}. Start it, correct the setting, or start without it for now by `gateway serve {WithoutRedis}`.");
        }
    }

    /// <summary>The setting, read for one attempt to connect.</summary>
    private static ConfigurationOptions Parse(string redis)
    {
        ConfigurationOptions options;
        try
        {
            options = ConfigurationOptions.Parse(redis);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // The message of the exception may quote what was given.
            throw None();
        }
        // An address of another form, a URL for example, may hold a password, and is not to be repeated below.
        if (options.EndPoints.Count == 0 || options.EndPoints.OfType<DnsEndPoint>().Any(dns => Uri.CheckHostName(dns.Host) == UriHostNameType.Unknown)) throw None();
        (options.AbortOnConnectFail, options.ConnectRetry, options.ConnectTimeout) = (true, 1, PatienceMilliseconds);
        options.AsyncTimeout = options.SyncTimeout = PatienceMilliseconds;
        return options;

        static SettingsException None() => new("\"redis\" in the settings is no connection string: write it as HOST:PORT,password=…, with ssl=true where it speaks TLS.");
    }

    /// <summary>Why the first of its addresses does not answer. The library says of all causes that it could not connect.</summary>
    private static async Task<string> ReasonAsync(ConfigurationOptions options)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var patience = new CancellationTokenSource(PatienceMilliseconds);
        try
        {
            await socket.ConnectAsync(options.EndPoints[0], patience.Token);
            return options.Ssl ? "something listens there, but no Redis that speaks TLS" : "something listens there, but no Redis (or one that speaks TLS, which ssl=true is for)";
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode switch
            {
                SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "the host is not found",
                SocketError.ConnectionRefused => "nothing listens at that host and port",
                SocketError.HostUnreachable or SocketError.NetworkUnreachable => "no way leads to that host",
                _ => "it can't be connected to",
            };
        }
        catch (OperationCanceledException)
        {
            return "it can't be connected to in time";
        }
    }

    private static string Where(ConfigurationOptions options) => string.Join(" and ", options.EndPoints.Select(Name));

    private static string Name(EndPoint endPoint) => endPoint is DnsEndPoint dns ? string.Create(CultureInfo.InvariantCulture, $"{dns.Host}:{dns.Port}") : $"{endPoint}";
}
