using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EligibilityGateway.LoadTests.Processes;

/// <summary>Debian's redis-server as a process of its own, so that the gateway's CPU is the gateway's. Keeps nothing on disk.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(20);

    private readonly GuardedProcess _process;

    private RedisServer(GuardedProcess process, int port)
    {
        _process = process;
        Port = port;
    }

    /// <summary>On 127.0.0.1.</summary>
    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    public ProcessUsage Usage => _process.Usage;

    /// <exception cref="MeasurementException">It is not installed or does not start.</exception>
    public static async Task<RedisServer> StartAsync(CancellationToken cancellation)
    {
        var program = Find() ?? throw new MeasurementException("redis-server is not on the PATH: install it, on Debian by \"apt-get install redis-server\".");
        var port = FreePort();
        var process = await GuardedProcess.StartAsync(
            "redis-server",
            [program, "--bind", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture), "--save", "", "--appendonly", "no", "--dir", Path.GetTempPath()],
            "Ready to accept connections",
            StartDeadline,
            cancellation);
        return new RedisServer(process, port);
    }

    private static string? Find()
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            var candidate = Path.Combine(folder, "redis-server");
            if (folder.Length > 0 && File.Exists(candidate)) return candidate;
        }
        return null;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
