using System.Diagnostics;
using System.Globalization;

namespace EligibilityGateway.LoadTests.Processes;

/// <summary>
/// A process that ends with this one, however this one ends: a shell starts it and waits for its own input, a pipe from here, to
/// close. (PR_SET_PDEATHSIG goes by the parent's thread and so can't be used from .NET.)
/// </summary>
public sealed class GuardedProcess : IAsyncDisposable
{
    // The pipe is the process's own input too: one that reads it hears of the end even where its guard was killed. The first line of
    // output is the process id. The watcher ends the process when the pipe closes; the shell ends the watcher when the process has
    // ended by itself, so that no id is signalled that belongs to somebody else by then.
    private const string Guard = """
        exec 3<&0
        "$@" <&3 3<&- &
        child=$!
        echo "$child"
        ( trap - TERM; read -r _ <&3; kill -TERM "$child"; n=0
          while kill -0 "$child" 2>/dev/null && [ $n -lt 100 ]; do sleep 0.1; n=$((n+1)); done
          kill -KILL "$child" ) >/dev/null 2>&1 &
        watcher=$!
        wait "$child"
        status=$?
        kill "$watcher" 2>/dev/null
        exit $status
        """;

    private const int LinesKept = 30;

    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(15);

    private readonly Process _shell;
    private readonly string _name;
    private readonly Queue<string> _lastLines = new();
    private readonly StreamWriter? _log;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<int> _id = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (string Text, TaskCompletionSource<string> Seen)? _awaited;

    private GuardedProcess(string name, Process shell, string? logFile)
    {
        _name = name;
        _shell = shell;
        if (logFile is not null) _log = new StreamWriter(logFile) { AutoFlush = true };
    }

    /// <summary>Of the process itself, not of its guard.</summary>
    public int Id => _id.Task.Result;

    public ProcessUsage Usage => ProcessUsage.Read(Id);

    /// <summary>Starts a program.</summary>
    /// <param name="name">How people call it.</param>
    /// <param name="command">Program and arguments.</param>
    /// <param name="awaitedLine">A part of the line of output that says it is ready; null for none.</param>
    /// <param name="deadline">Longest time until then.</param>
    /// <param name="cancellation">Ends the wait, and the process.</param>
    /// <param name="logFile">Where its output is kept; null for nowhere.</param>
    /// <exception cref="MeasurementException">It ended, or did not become ready in time.</exception>
    public static async Task<GuardedProcess> StartAsync(
        string name, IReadOnlyList<string> command, string? awaitedLine, TimeSpan deadline, CancellationToken cancellation, string? logFile = null)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-c", Guard, "guard", .. command]) start.ArgumentList.Add(argument);
        var shell = new Process { StartInfo = start, EnableRaisingEvents = true };
        var guarded = new GuardedProcess(name, shell, logFile);
        TaskCompletionSource<string> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (awaitedLine is not null) guarded._awaited = (awaitedLine, seen);
        shell.OutputDataReceived += (_, line) => guarded.Take(line.Data);
        shell.ErrorDataReceived += (_, line) => guarded.Take(line.Data);
        shell.Exited += (_, _) => guarded.Ended(seen);
        shell.Start();
        shell.BeginOutputReadLine();
        shell.BeginErrorReadLine();
        try
        {
            await guarded._id.Task.WaitAsync(deadline, cancellation);
            guarded.ReadyLine = awaitedLine is null ? "" : await seen.Task.WaitAsync(deadline, cancellation);
            return guarded;
        }
        catch (TimeoutException)
        {
            await guarded.DisposeAsync();
            throw new MeasurementException($"{name} was not ready within {deadline.TotalSeconds:0} s. {guarded.LastLines}");
        }
        catch
        {
            await guarded.DisposeAsync();
            throw;
        }
    }

    /// <summary>The line that said it is ready.</summary>
    public string ReadyLine { get; private set; } = "";

    public bool HasEnded => _shell.HasExited;

    /// <summary>The last lines of output, for a message to people.</summary>
    public string LastLines
    {
        get
        {
            lock (_gate) return string.Join(Environment.NewLine, _lastLines);
        }
    }

    private void Take(string? line)
    {
        if (line is null) return;
        if (!_id.Task.IsCompleted && int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            _id.TrySetResult(id);
            return;
        }
        lock (_gate)
        {
            _log?.WriteLine(line);
            _lastLines.Enqueue(line);
            if (_lastLines.Count > LinesKept) _lastLines.Dequeue();
        }
        if (_awaited is { } awaited && line.Contains(awaited.Text, StringComparison.Ordinal)) awaited.Seen.TrySetResult(line);
    }

    private void Ended(TaskCompletionSource<string> seen)
    {
        // Without a time-out it also waits for the last of the output, which says why.
        _shell.WaitForExit();
        var failure = new MeasurementException($"{_name} ended with {_shell.ExitCode}. {LastLines}");
        _id.TrySetException(failure);
        seen.TrySetException(failure);
    }

    /// <summary>Asks the process to end, then makes it.</summary>
    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync().WaitAsync(EndDeadline).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _shell.Dispose();
        lock (_gate) _log?.Dispose();
    }
}
