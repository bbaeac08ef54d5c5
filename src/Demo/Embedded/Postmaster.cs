using System.Diagnostics;
using System.Globalization;
using EligibilityGateway.Gateway.Storage;

namespace EligibilityGateway.Demo.Embedded;

/// <summary>
/// A running PostgreSQL server that does not outlive us, not even by kill -9. A guardian shell starts it and reads its own standard
/// input, a pipe from us, to the end; when that comes, because we closed it or are gone, it shuts the server down.
/// </summary>
internal sealed class Postmaster : IAsyncDisposable
{
    /// <summary>Recovery after a crash under load takes its time: at most one checkpoint's distance of WAL (2 GB).</summary>
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(3);

    /// <summary>A shutdown in order writes one checkpoint.</summary>
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan QuitDeadline = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    // Guardian and server get a session of their own where there is setsid: Ctrl-C at a terminal is for us, who then stop it in order,
    // and whoever kills our whole process group leaves the guardian to do so.
    private const string SessionScript =
        """
        if command -v setsid >/dev/null; then exec setsid /bin/sh "$@"; fi
        exec /bin/sh "$@"
        """;

    // The reader is a process apart from the shell that waits, so that either may be killed without the server being left behind.
    private const string GuardianScript =
        """
        trap '' HUP INT TERM
        log=$1; shift
        exec 3<&0 2>>"$log"
        "$@" </dev/null >>"$log" 3<&- &
        postmaster=$!
        echo $postmaster
        exec >/dev/null
        { while read -r _; do :; done; kill -INT $postmaster 2>/dev/null; } <&3 &
        reader=$!
        exec 3<&- </dev/null
        wait $postmaster
        code=$?
        kill -KILL $reader 2>/dev/null
        exit $code
        """;

    private readonly Process? _guardian;
    private readonly PostgresBinaries _binaries;
    private readonly ClusterUser _user;
    private readonly ClusterFolder _folder;

    private Postmaster(PostgresBinaries binaries, ClusterUser user, ClusterFolder folder, Process? guardian, int processId)
    {
        _binaries = binaries;
        _user = user;
        _folder = folder;
        _guardian = guardian;
        ProcessId = processId;
    }

    /// <summary>Of the server.</summary>
    public int ProcessId { get; }

    /// <summary>Of the guardian; null on Windows, where the server is stopped by pg_ctl.</summary>
    public int? GuardianProcessId => _guardian?.Id;

    /// <summary>Starts it and waits until it takes connections.</summary>
    /// <exception cref="PostmasterRefusedException">It ended instead; the message is its own.</exception>
    public static async Task<Postmaster> StartAsync(PostgresBinaries binaries, ClusterUser user, ClusterFolder folder, CancellationToken cancellation)
    {
        folder.PrepareLog();
        var logStart = new FileInfo(folder.Log).Length;
        var started = OperatingSystem.IsWindows()
            ? await StartPlainlyAsync(binaries, user, folder, logStart, cancellation)
            : await StartGuardedAsync(binaries, user, folder, cancellation);
        try
        {
            await started.WaitUntilReadyAsync(logStart, cancellation);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Ends what an earlier process left: a server that is still stopping, or one whose guardian was killed too. The caller holds the
    /// folder's lock, so nobody else wants it. A dead server's postmaster.pid stays, since PostgreSQL looks in it for stray backends;
    /// one that names a process of somebody else's, who got the number since, is removed.
    /// </summary>
    public static async Task EndLeftoverAsync(PostgresBinaries binaries, ClusterUser user, ClusterFolder folder, CancellationToken cancellation)
    {
        if (await PostmasterFile.ReadAsync(folder.Data, cancellation) is not { } file) return;
        if (await PostmasterFile.IsServerAsync(file.ProcessId, folder.Data, cancellation))
            await new Postmaster(binaries, user, folder, guardian: null, file.ProcessId).DisposeAsync();
        else
            PostmasterFile.RemoveIfAlive(file.ProcessId, folder.Data);
    }

    /// <summary>Shuts the server down in order; one that doesn't within a minute is stopped at once, which loses nothing committed.</summary>
    public async ValueTask DisposeAsync()
    {
        using (_guardian)
        {
            if (OperatingSystem.IsWindows())
            {
                var stop = _user.Command(_binaries.PgCtl, ["stop", "-m", "fast", "-D", _folder.Data]);
                await ChildProgram.RunAsync(stop, StopDeadline, CancellationToken.None);
                return;
            }

            if (_guardian is { HasExited: false })
                _guardian.StandardInput.Close();
            else if (await IsRunningAsync())
                _ = Posix.Signal(ProcessId, Posix.Interrupt);

            if (!await EndsWithinAsync(StopDeadline))
            {
                _ = Posix.Signal(ProcessId, Posix.Quit);
                if (!await EndsWithinAsync(QuitDeadline))
                    throw new StorageException($"The PostgreSQL server of {_folder.Data} (process {ProcessId}) does not stop: kill it, then start again.");
            }

            if (_guardian is null) return;
            using var limit = new CancellationTokenSource(QuitDeadline);
            await _guardian.WaitForExitAsync(limit.Token);
        }
    }

    private static async Task<Postmaster> StartGuardedAsync(
        PostgresBinaries binaries, ClusterUser user, ClusterFolder folder, CancellationToken cancellation)
    {
        var start = user.Command("/bin/sh", ["-c", SessionScript, "session", "-c", GuardianScript, "guardian", folder.Log, binaries.Postgres, .. Arguments(folder)]);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        var guardian = ChildProgram.Start(start);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(StartDeadline);
            var line = await guardian.StandardOutput.ReadLineAsync(limit.Token);
            if (!int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var processId))
                throw new StorageException($"The guardian of {folder.Data} could not start PostgreSQL: see {folder.Log}.");
            return new Postmaster(binaries, user, folder, guardian, processId);
        }
        catch
        {
            guardian.StandardInput.Close();
            guardian.Dispose();
            throw;
        }
    }

    /// <summary>On Windows pg_ctl lays down an administrator's rights, and nothing ties the server to us but the next start.</summary>
    private static async Task<Postmaster> StartPlainlyAsync(
        PostgresBinaries binaries, ClusterUser user, ClusterFolder folder, long logStart, CancellationToken cancellation)
    {
        var options = string.Join(' ', Arguments(folder).Skip(2).Select(argument => $"\"{argument}\""));
        var start = user.Command(binaries.PgCtl, ["start", "-w", "-D", folder.Data, "-l", folder.Log, "-o", options]);
        var result = await ChildProgram.RunAsync(start, StartDeadline, cancellation);
        if (result.ExitCode != 0 || await PostmasterFile.ReadAsync(folder.Data, cancellation) is not { } file)
            throw new PostmasterRefusedException(PostmasterLog.FirstFault(folder.Log, logStart));
        return new Postmaster(binaries, user, folder, guardian: null, file.ProcessId);
    }

    private static string[] Arguments(ClusterFolder folder) =>
        ["-D", folder.Data, $"--config_file={folder.Configuration}", $"--hba_file={folder.HostRules}"];

    private async Task WaitUntilReadyAsync(long logStart, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            if (await PostmasterFile.ReadAsync(_folder.Data, cancellation) is { IsReady: true } file && file.ProcessId == ProcessId) return;
            if (_guardian is { HasExited: true }) throw new PostmasterRefusedException(PostmasterLog.FirstFault(_folder.Log, logStart));
            if (Stopwatch.GetElapsedTime(began) > StartDeadline)
                throw new StorageException($"PostgreSQL in {_folder.Data} does not take connections after {StartDeadline.TotalMinutes:0} minutes: see {_folder.Log}.");
            await Task.Delay(Poll, cancellation);
        }
    }

    private async Task<bool> EndsWithinAsync(TimeSpan deadline)
    {
        var began = Stopwatch.GetTimestamp();
        while (await IsRunningAsync())
        {
            if (Stopwatch.GetElapsedTime(began) > deadline) return false;
            await Task.Delay(Poll);
        }
        return true;
    }

    private Task<bool> IsRunningAsync() => PostmasterFile.IsServerAsync(ProcessId, _folder.Data, CancellationToken.None);
}
