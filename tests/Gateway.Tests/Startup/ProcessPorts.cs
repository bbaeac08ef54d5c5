using System.Globalization;

namespace EligibilityGateway.Gateway.Tests.Startup;

/// <summary>What a process of this machine holds open, as Linux tells of it in /proc.</summary>
internal static class ProcessPorts
{
    private const string Listening = "0A";

    /// <summary>The ports at which the process listens for TCP, in order.</summary>
    public static IReadOnlyList<int> ListenedAtBy(int processId)
    {
        var sockets = Directory.EnumerateFiles($"/proc/{processId}/fd").Select(fd => new FileInfo(fd).LinkTarget ?? "")
            .Where(target => target.StartsWith("socket:[", StringComparison.Ordinal)).Select(target => target[8..^1]).ToHashSet();
        return
        [
            .. ((string[])["tcp", "tcp6"]).SelectMany(table => File.ReadLines($"/proc/{processId}/net/{table}").Skip(1))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(fields => fields[3] == Listening && sockets.Contains(fields[9]))
                .Select(fields => int.Parse(fields[1][(fields[1].IndexOf(':', StringComparison.Ordinal) + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture))
                .Order(),
        ];
    }

    /// <summary>How many files and folders the process watches.</summary>
    public static int WatchesOf(int processId) => Directory.EnumerateFiles($"/proc/{processId}/fdinfo")
        .SelectMany(File.ReadLines).Count(line => line.StartsWith("inotify ", StringComparison.Ordinal));
}
