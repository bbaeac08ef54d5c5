using System.Diagnostics;

namespace EligibilityGateway.Gateway.Tests.Operator.Decide;

/// <summary><c>gateway decide --json</c> as a process of its own, started by a shell with its redirections and pipes.</summary>
internal sealed class DecideProcess : IAsyncDisposable
{
    /// <summary>The command as the shell's scripts here name it.</summary>
    public const string Decide = "dotnet exec \"$0\" decide --json --lang en";

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly CancellationTokenSource _limit;

    private DecideProcess(Process process, CancellationTokenSource limit) =>
        (_process, _limit, _errors) = (process, limit, process.StandardError.ReadToEndAsync(limit.Token));

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    public static DecideProcess Start(string script = $"exec {Decide}")
    {
        var start = new ProcessStartInfo("sh", ["-c", script, Path.Combine(AppContext.BaseDirectory, "gateway.dll")]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        // Only a hang reaches it.
        return new DecideProcess(Process.Start(start)!, new CancellationTokenSource(TimeSpan.FromMinutes(1)));
    }

    /// <summary>Writes the line, for ever, until nobody reads it any more.</summary>
    public async Task WriteUntilClosedAsync(byte[] line)
    {
        try
        {
            while (true) await Input.WriteAsync(line, _limit.Token);
        }
        catch (IOException)
        {
        }
    }

    /// <summary>Takes the answers to the input, and closes it.</summary>
    public async Task<byte[]> AnswersToAsync(byte[] lines)
    {
        using var answers = new MemoryStream();
        var reading = Output.CopyToAsync(answers, _limit.Token);
        await Input.WriteAsync(lines, _limit.Token);
        Input.Close();
        await reading;
        return answers.ToArray();
    }

    public async Task<string> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync(_limit.Token) ?? "";

    public void Terminate() => Process.Start("kill", ["-TERM", $"{_process.Id}"]).Dispose();

    public async Task<(int ExitCode, string Errors)> EndAsync()
    {
        await _process.WaitForExitAsync(_limit.Token);
        return (_process.ExitCode, await _errors);
    }

    /// <summary>It ended with exit code 1 and one line that says why.</summary>
    public async Task AssertRefusedAsync(string because)
    {
        var (exitCode, errors) = await EndAsync();
        Assert.StartsWith("gateway: ", errors, StringComparison.Ordinal);
        Assert.Contains(because, errors, StringComparison.Ordinal);
        Assert.Equal((1, errors.Length - 1), (exitCode, errors.IndexOf('\n', StringComparison.Ordinal)));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
        _limit.Dispose();
    }
}
