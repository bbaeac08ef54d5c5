using System.Diagnostics;
using System.Text.Json;

namespace EligibilityGateway.ReaderAgent.Tests.Simulate;

/// <summary>The real program, fed line by line.</summary>
internal sealed class AgentProcess : IDisposable
{
    // Its own output folder: the copy beside the tests lacks what the tests' framework brings along.
    private static readonly string Program = Path.Combine(
        AppContext.BaseDirectory.Replace(Path.Combine("tests", "ReaderAgent.Tests"), Path.Combine("src", "ReaderAgent"), StringComparison.Ordinal), "reader-agent.dll");

    private readonly Process _process;

    public AgentProcess(TemporaryFolder folder, IEnumerable<Uri> gateways, params string[] more)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Program);
        start.ArgumentList.Add("simulate");
        foreach (var gateway in gateways)
        {
            start.ArgumentList.Add("--gateway");
            start.ArgumentList.Add(gateway.ToString());
        }
        string[] rest =
        [
            "--certificate", folder["terminal.crt.pem"], "--key", folder["terminal.key.pem"], "--trust", folder["trust.pem"],
            "--cards", folder["cards"], "--spool", folder["spool"], "--lang", "en", .. more,
        ];
        foreach (var argument in rest) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        Errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>All that it wrote to standard error, when it has ended.</summary>
    public Task<string> Errors { get; }

    public void Say(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>The next line of standard output.</summary>
    public async Task<JsonElement> NextAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync().Soon();
        Assert.NotNull(line);
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }

    /// <summary>Ends its input and returns its exit code.</summary>
    public async Task<int> EndAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().Soon();
        return _process.ExitCode;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().Soon();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
