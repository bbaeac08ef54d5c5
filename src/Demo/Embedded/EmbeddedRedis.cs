using System.Net;
using System.Security.Cryptography;
using EligibilityGateway.Gateway.Storage;
using Garnet;
using Garnet.server;
using Garnet.server.Auth.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace EligibilityGateway.Demo.Embedded;

/// <summary>
/// Redis by Microsoft Garnet inside this process: a cache in bounded memory, on the loopback address, behind a random password.
/// Nothing of it is kept: losing it loses nothing.
/// </summary>
public sealed class EmbeddedRedis : IDisposable
{
    private const int PortAttempts = 5;
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(5);

    private readonly GarnetServer _server;

    private EmbeddedRedis(GarnetServer server, int port, string password)
    {
        _server = server;
        Port = port;
        ConnectionString = $"127.0.0.1:{port},password={password},abortConnect=false,connectTimeout=2000";
    }

    /// <summary>On 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>In the form of StackExchange.Redis.</summary>
    public string ConnectionString { get; }

    /// <param name="port">Null chooses a free one.</param>
    /// <exception cref="StorageException">The port is taken.</exception>
    public static EmbeddedRedis Start(int? port = null)
    {
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        for (var attempt = 1; ; attempt++)
        {
            var chosen = port ?? FreePort.Choose();
            if (port is not null && !FreePort.IsFree(chosen))
                throw new StorageException($"Port {chosen} on 127.0.0.1, meant for the embedded Redis, is taken: stop what listens there, or choose another.");
            GarnetServer? server = null;
            try
            {
                server = new GarnetServer(Options(chosen, password), NullLoggerFactory.Instance, cleanupDir: false);
                server.Start();
                return new EmbeddedRedis(server, chosen, password);
            }
            catch (Exception e)
            {
                server?.Dispose();
                if (port is not null || attempt == PortAttempts) throw new StorageException($"The embedded Redis can't listen on 127.0.0.1:{chosen}: {e.Message.ReplaceLineEndings(" ")}", e);
            }
        }
    }

    /// <summary>
    /// Stops it. Its own way to the end may wait for ever where a connection breaks at that moment (github.com/microsoft/garnet/pull/1631),
    /// and nothing of a cache is worth that: what has not ended in time ends with this process.
    /// </summary>
    public void Dispose()
    {
        var ending = new Thread(End) { IsBackground = true, Name = "end of the embedded Redis" };
        ending.Start();
        ending.Join(EndsWithin);
    }

    private void End()
    {
        try
        {
            _server.Dispose();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // It has ended, in whatever way.
        }
    }

    private static GarnetServerOptions Options(int port, string password) => new()
    {
        EndPoints = [new IPEndPoint(IPAddress.Loopback, port)],
        AuthSettings = new PasswordAuthenticationSettings(password),
        QuietMode = true,
        // Full pages are dropped, oldest first, as a cache should: there is no storage tier.
        LogMemorySize = "256m",
        PageSize = "4m",
        IndexMemorySize = "32m",
        EnableStorageTier = false,
        EnableAOF = false,
        DisablePubSub = false,
        EnableLua = false,
        EnableCluster = false,
    };
}
