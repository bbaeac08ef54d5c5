using System.Diagnostics;
using System.Text;
using EligibilityGateway.Gateway.Settings;

namespace EligibilityGateway.Gateway.Tests.Access;

/// <summary>
/// <c>gateway serve</c> as a process of its own, which can be killed with no chance to say goodbye, or told to stop. A shell stands
/// guard: it kills the gateway when its own input ends, so that a test process that dies leaves nothing behind.
/// </summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private const string Guardian =
        """
        exec 3<&0 4>&2 2>/dev/null
        "$@" </dev/null 2>&4 3<&- 4>&- &
        gateway=$!
        { while read -r signal; do kill -s "$signal" $gateway; done; kill -KILL $gateway; } <&3 >/dev/null &
        reader=$!
        exec 3<&- </dev/null
        wait $gateway
        code=$?
        kill -KILL $reader
        exit $code
        """;

    /// <summary>Long enough for a busy machine; only a hang reaches it.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private const string Serving = "serving ", Ready = "ready ";

    private readonly Process _guardian;
    private readonly string _addresses;
    private readonly Task<string> _printed;
    private readonly Task<string> _complained;

    private GatewayProcess(Process guardian, string addresses, Task<string> printed, Task<string> complained)
    {
        _guardian = guardian;
        _addresses = addresses;
        _printed = printed;
        _complained = complained;
    }

    public Uri Address => AddressOf(Serving);

    /// <summary>Of a gateway that has such an endpoint.</summary>
    public Uri InsurerFeedAddress => AddressOf("insurers ");

    /// <summary>Of a gateway that tells balancers of this machine whether it serves.</summary>
    public Uri ReadyAddress => AddressOf(Ready);

    /// <summary>All that it, or a tracer that it runs under, printed until it served.</summary>
    public string Printed => _addresses;

    /// <summary>Starts it, if need be under a tracer, and waits until it serves.</summary>
    public static Task<GatewayProcess> StartAsync(GatewaySettings settings, params string[] tracer) => StartAsync(Serving, settings, tracer);

    /// <summary>Starts it and waits until balancers may ask it, which is before it serves.</summary>
    public static Task<GatewayProcess> StartWarmingAsync(GatewaySettings settings) => StartAsync(Ready, settings);

    private static async Task<GatewayProcess> StartAsync(string awaited, GatewaySettings settings, params string[] tracer)
    {
        var file = settings.Journal + ".settings.json";
        settings.Save(file);
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        // A process that lives for seconds does not earn back what it costs to watch and optimise its own code.
        start.Environment["DOTNET_TieredPGO"] = "0";
        string[] gateway = ["dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "gateway.dll"), "serve", "--config", file];
        foreach (var argument in (string[])["-c", Guardian, "guardian", .. tracer, .. gateway]) start.ArgumentList.Add(argument);
        var guardian = Process.Start(start)!;
        try
        {
            using var limit = new CancellationTokenSource(Deadline);
            // Both are read all the while: a gateway that says much would wait for its reader.
            var complained = guardian.StandardError.ReadToEndAsync(CancellationToken.None);
            var addresses = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            var printed = ReadAsync(guardian.StandardOutput, awaited, addresses);
            if (await Task.WhenAny(addresses.Task, printed).WaitAsync(limit.Token) == addresses.Task)
                return new GatewayProcess(guardian, await addresses.Task, printed, complained);
            throw new InvalidOperationException($"The gateway ended before it served: {await printed}{await complained}");
        }
        catch
        {
            guardian.StandardInput.Close();
            guardian.Dispose();
            throw;
        }
    }

    /// <summary>SIGTERM, as a supervisor sends it.</summary>
    public async Task TerminateAsync()
    {
        await _guardian.StandardInput.WriteLineAsync("TERM");
        await _guardian.StandardInput.FlushAsync();
    }

    /// <summary>All that it said on its standard error, once it has ended.</summary>
    public Task<string> ComplainedAsync() => _complained;

    /// <summary>Waits until it has ended by itself; its exit code.</summary>
    public async Task<int> EndAsync()
    {
        using var limit = new CancellationTokenSource(Deadline);
        await _guardian.WaitForExitAsync(limit.Token);
        return _guardian.ExitCode;
    }

    /// <summary>kill -9; returns all that it had said on its standard output and error, once it and its tracer are gone.</summary>
    public async Task<(string Printed, string Complained)> KillAsync()
    {
        using var limit = new CancellationTokenSource(Deadline);
        _guardian.StandardInput.Close();
        var said = (await _printed.WaitAsync(limit.Token), await _complained.WaitAsync(limit.Token));
        await _guardian.WaitForExitAsync(limit.Token);
        return said;
    }

    public async ValueTask DisposeAsync()
    {
        using (_guardian) await KillAsync();
    }

    private Uri AddressOf(string kind) =>
        new(_addresses.Split('\n').Single(line => line.StartsWith(kind, StringComparison.Ordinal))[kind.Length..].TrimEnd());

    private static async Task<string> ReadAsync(StreamReader output, string awaited, TaskCompletionSource<string> addresses)
    {
        var lines = new StringBuilder();
        while (await output.ReadLineAsync() is { } line)
        {
            lines.AppendLine(line);
            // Where it listens besides is said before.
            if (line.StartsWith(awaited, StringComparison.Ordinal)) addresses.TrySetResult(lines.ToString());
        }
        return lines.ToString();
    }
}
