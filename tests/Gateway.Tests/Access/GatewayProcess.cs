using System.Diagnostics;

namespace EligibilityGateway.Gateway.Tests.Access;

/// <summary>
/// <c>gateway serve</c> as a process of its own, which can be killed with no chance to say goodbye. A shell stands guard: it kills the
/// gateway when its own input ends, so that a test process that dies leaves nothing behind.
/// </summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private const string Guardian =
        """
        exec 3<&0 4>&2 2>/dev/null
        "$@" </dev/null 2>&4 3<&- 4>&- &
        gateway=$!
        { while read -r _; do :; done; kill -KILL $gateway; } <&3 >/dev/null &
        reader=$!
        exec 3<&- </dev/null
        wait $gateway
        kill -KILL $reader
        """;

    /// <summary>Long enough for a busy machine; only a hang reaches it.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly Process _guardian;

    private GatewayProcess(Process guardian, Uri address)
    {
        _guardian = guardian;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>Starts it, if need be under a tracer, and waits until it serves.</summary>
    public static async Task<GatewayProcess> StartAsync(GatewaySettings settings, params string[] tracer)
    {
        var file = settings.Journal + ".settings.json";
        settings.Save(file);
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true };
        // A process that lives for seconds does not earn back what it costs to watch and optimise its own code.
        start.Environment["DOTNET_TieredPGO"] = "0";
        string[] gateway = ["dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "gateway.dll"), "serve", "--config", file];
        foreach (var argument in (string[])["-c", Guardian, "guardian", .. tracer, .. gateway]) start.ArgumentList.Add(argument);
        var guardian = Process.Start(start)!;
        try
        {
            using var limit = new CancellationTokenSource(Deadline);
            var output = new List<string>();
            while (await guardian.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                output.Add(line);
                if (line.StartsWith("serving ", StringComparison.Ordinal)) return new GatewayProcess(guardian, new Uri(line["serving ".Length..]));
            }
            throw new InvalidOperationException("The gateway ended before it served: " + string.Join('\n', output));
        }
        catch
        {
            guardian.StandardInput.Close();
            guardian.Dispose();
            throw;
        }
    }

    /// <summary>kill -9; returns what it had printed since it served, once it and its tracer are gone.</summary>
    public async Task<string> KillAsync()
    {
        using var limit = new CancellationTokenSource(Deadline);
        _guardian.StandardInput.Close();
        var output = await _guardian.StandardOutput.ReadToEndAsync(limit.Token);
        await _guardian.WaitForExitAsync(limit.Token);
        return output;
    }

    public async ValueTask DisposeAsync()
    {
        using (_guardian) await KillAsync();
    }
}
