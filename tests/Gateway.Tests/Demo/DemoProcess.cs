using System.Diagnostics;
using System.Text;
using EligibilityGateway.Demo.Embedded;

namespace EligibilityGateway.Gateway.Tests.Demo;

/// <summary><c>demo</c> as a process of its own, at the head of a process group of its own, as a shell starts it.</summary>
internal sealed class DemoProcess : IDisposable
{
    public const int Interrupt = Posix.Interrupt;
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>Long enough for a busy machine; only a hang reaches it.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    // Its own output folder, from where it finds the reader agent's.
    private static readonly string Program = ProgramPath.Of("demo");

    private readonly Process _process;
    private readonly string _folder;
    private readonly Task<string> _errors;
    private readonly CancellationTokenSource _limit = new(Deadline);
    private readonly StringBuilder _output = new();

    private DemoProcess(Process process, string folder)
    {
        _process = process;
        _folder = folder;
        _errors = process.StandardError.ReadToEndAsync(_limit.Token);
    }

    /// <summary>Starts it on a folder, with a free port where none is named.</summary>
    public static DemoProcess Start(string folder, params string[] more)
    {
        // Called by a process that leads no group, setsid becomes the program: the id is the program's and the group's.
        var start = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var argument in (string[])["dotnet", Program, "--data", folder, .. more.Contains("--port") ? more : [.. more, "--port", "0"]]) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new DemoProcess(process, folder);
    }

    /// <summary>Reads on to a line that has the text in it.</summary>
    public async Task<string> UntilAsync(string text)
    {
        while (await _process.StandardOutput.ReadLineAsync(_limit.Token) is { } line)
        {
            _output.AppendLine(line);
            if (line.Contains(text, StringComparison.Ordinal)) return line;
        }
        throw new InvalidOperationException($"It ended before \"{text}\": {_output}{await _errors}");
    }

    /// <summary>Sends the whole group a signal: Ctrl-C at a terminal does no other.</summary>
    public void Signal(int signal) => Assert.Equal(0, Posix.Signal(-_process.Id, signal));

    /// <summary>Its exit code and all that it printed, once it and all that it started are gone.</summary>
    public async Task<DemoEnd> EndAsync()
    {
        try
        {
            var some = new char[4096];
            while (await _process.StandardOutput.ReadAsync(some, _limit.Token) is > 0 and var read) _output.Append(some, 0, read);
            await _process.WaitForExitAsync(_limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"It does not end. There are still:\n{string.Join('\n', ProcessesOf(_folder))}\nIt said:\n{_output}");
        }
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        try
        {
            // After a kill its children need a moment to notice.
            while (ProcessesOf(_folder).Any()) await look.WaitForNextTickAsync(_limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Left behind: {string.Join('\n', ProcessesOf(_folder))}");
        }
        return new DemoEnd(_process.ExitCode, _output.ToString(), await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _ = Posix.Signal(-_process.Id, Kill);
        _process.Dispose();
        _limit.Dispose();
    }

    /// <summary>Command lines of processes that were told of the folder: the demonstration, its agents, the server and its guardian all are.</summary>
    private static IEnumerable<string> ProcessesOf(string folder)
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)))
        {
            string commandLine;
            try
            {
                commandLine = File.ReadAllText(Path.Combine(process, "cmdline"));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }
            if (commandLine.Contains(folder, StringComparison.Ordinal)) yield return commandLine.Replace('\0', ' ');
        }
    }
}
