using System.Diagnostics;
using System.Globalization;

namespace EligibilityGateway.Demo.Embedded;

/// <summary>What PostgreSQL keeps in postmaster.pid: line 1 its process, line 8 how far it is.</summary>
internal readonly record struct PostmasterFile(int ProcessId, bool IsReady)
{
    /// <summary>Null where there is none, or it is just being written.</summary>
    public static async Task<PostmasterFile?> ReadAsync(string data, CancellationToken cancellation)
    {
        try
        {
            var lines = await File.ReadAllLinesAsync(PathIn(data), cancellation);
            if (lines.Length == 0 || !int.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var processId)) return null;
            return new PostmasterFile(processId, lines.Length >= 8 && lines[7].StartsWith("ready", StringComparison.Ordinal));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Whether that process is a living PostgreSQL server on that data folder. Process numbers are used again.</summary>
    public static async Task<bool> IsServerAsync(int processId, string data, CancellationToken cancellation)
    {
        if (OperatingSystem.IsLinux())
        {
            // A server's working directory is its data folder; a dead process that nobody has waited for yet has none.
            try
            {
                return new FileInfo($"/proc/{processId}/cwd").LinkTarget == data;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
        if (OperatingSystem.IsWindows())
        {
            try
            {
                using var process = Process.GetProcessById(processId);
                return process.ProcessName == "postgres";
            }
            catch (ArgumentException)
            {
                return false;
            }
        }
        var ps = await ChildProgram.RunAsync(ClusterUser.Self.Command("ps", ["-p", $"{processId}", "-o", "command="]), TimeSpan.FromSeconds(10), cancellation);
        return ps.ExitCode == 0 && ps.Output.Contains(data, StringComparison.Ordinal);
    }

    /// <summary>Removes the file where its process lives, which the caller knows to be none of ours: PostgreSQL would take it for a server.</summary>
    public static void RemoveIfAlive(int processId, string data)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            File.Delete(PathIn(data));
        }
        catch (ArgumentException)
        {
            // Nobody has that number: PostgreSQL clears the file away itself.
        }
    }

    private static string PathIn(string data) => Path.Combine(data, "postmaster.pid");
}
