using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EligibilityGateway.Gateway.Tests.Startup;

/// <summary>A folder to start a program in, and variables to start it with, that try to open ports of their own and to have it log all it can.</summary>
internal sealed class HostilePlace : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("eligibility-hostile-").FullName;

    public HostilePlace()
    {
        var ports = FreePorts(4);
        var settings = $$"""
            {
              "urls": "http://127.0.0.1:{{ports[0]}}",
              "Kestrel": { "Endpoints": { "Beside": { "Url": "http://127.0.0.1:{{ports[1]}}" } } },
              "Logging": { "LogLevel": { "Default": "Trace", "Microsoft": "Trace", "Grpc": "Trace" }, "Console": { "LogLevel": { "Default": "Trace", "Microsoft": "Trace" } } }
            }
            """;
        foreach (var name in (string[])["appsettings.json", "appsettings.Development.json", "appsettings.Production.json"]) File.WriteAllText(Path.Combine(_folder, name), settings);
        for (var i = 0; i < 50; i++) Directory.CreateDirectory(Path.Combine(_folder, "below", i.ToString(CultureInfo.InvariantCulture)));
        Variables =
        [
            $"ASPNETCORE_URLS=http://127.0.0.1:{ports[2]}", $"DOTNET_URLS=http://127.0.0.1:{ports[2]}", $"URLS=http://127.0.0.1:{ports[2]}", $"ASPNETCORE_HTTP_PORTS={ports[3]}", $"HTTP_PORTS={ports[3]}",
            $"Kestrel__Endpoints__Variable__Url=http://127.0.0.1:{ports[3]}", $"ASPNETCORE_Kestrel__Endpoints__Variable__Url=http://127.0.0.1:{ports[3]}",
            "ASPNETCORE_ENVIRONMENT=Development", "DOTNET_ENVIRONMENT=Development", "ASPNETCORE_DETAILEDERRORS=true", "ASPNETCORE_HOSTINGSTARTUPASSEMBLIES=No.Such.Assembly",
            $"ASPNETCORE_CONTENTROOT={_folder}", $"DOTNET_CONTENTROOT={_folder}", "ASPNETCORE_FORWARDEDHEADERS_ENABLED=true",
            "Logging__LogLevel__Default=Trace", "Logging__LogLevel__Microsoft=Trace", "Logging__Console__LogLevel__Default=Trace", "Logging__Console__LogLevel__Microsoft=Trace",
            "ASPNETCORE_Logging__LogLevel__Default=Trace", "DOTNET_Logging__LogLevel__Default=Trace",
        ];
    }

    public IReadOnlyList<string> Variables { get; }

    /// <summary>Words before a program's own, with which it is started there. The process id is printed first, as "pid N".</summary>
    public string[] Words => ["env", .. Variables, "/bin/sh", "-c", "cd \"$1\" && shift && echo \"pid $$\" && exec \"$@\"", "sh", _folder];

    public static int ProcessIdIn(string printed) =>
        int.Parse(printed.Split('\n').Single(line => line.StartsWith("pid ", StringComparison.Ordinal))[4..].Trim(), CultureInfo.InvariantCulture);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        foreach (var listener in listeners) listener.Start();
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners) listener.Dispose();
        return ports;
    }
}
