using System.Diagnostics;
using System.Globalization;
using EligibilityGateway.Gateway.Access.Journal;

namespace EligibilityGateway.Gateway.Tests.Access.Journal;

/// <summary>Another process with a journal (tests/JournalProbe), bare or under strace.</summary>
internal sealed class JournalProbe : IDisposable
{
    /// <summary>Long enough for a busy machine; only a hang reaches it.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource _deadline = new(Deadline);
    private readonly Process _process;

    private JournalProbe(Process process) => _process = process;

    public static JournalProbe Start(string folder, int segments, int entries, int length, int writers, params string[] strace)
    {
        var start = new ProcessStartInfo { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] command = ["dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "journal-probe.dll"), folder];
        int[] numbers = [segments, entries, length, writers];
        string[] line = [.. strace, .. command, .. numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))];
        start.FileName = line[0];
        foreach (var argument in line[1..]) start.ArgumentList.Add(argument);
        return new JournalProbe(Process.Start(start)!);
    }

    /// <summary>The next line of its standard output; null at its end.</summary>
    public ValueTask<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync(_deadline.Token);

    public async Task<(int ExitCode, string[] Output, string Errors)> EndAsync()
    {
        var errors = _process.StandardError.ReadToEndAsync(_deadline.Token);
        var output = await _process.StandardOutput.ReadToEndAsync(_deadline.Token);
        await _process.WaitForExitAsync(_deadline.Token);
        return (_process.ExitCode, output.Split('\n', StringSplitOptions.RemoveEmptyEntries), await errors);
    }

    /// <summary>kill -9, and the lines that it had written by then.</summary>
    public async Task<string[]> KillAsync()
    {
        _process.Kill();
        return (await EndAsync()).Output;
    }

    /// <summary>Number and position of the entry that a line acknowledges; null for any other line, and for one that was cut off.</summary>
    public static (int Number, JournalPosition Position)? Acknowledged(string line) =>
        line.Split(' ') is ["Durable", var number, var position] && position.Split(':') is [var segment, var index]
            ? (int.Parse(number, CultureInfo.InvariantCulture),
                new(long.Parse(segment, CultureInfo.InvariantCulture), int.Parse(index, CultureInfo.InvariantCulture)))
            : null;

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
        _deadline.Dispose();
    }
}
