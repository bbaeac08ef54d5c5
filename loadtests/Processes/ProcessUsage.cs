using System.Globalization;

namespace EligibilityGateway.LoadTests.Processes;

/// <summary>What a process has used, as the kernel counts it. Linux only.</summary>
/// <param name="Cpu">User and system time of all its threads, also those that have ended.</param>
/// <param name="ResidentBytes">Memory resident now (VmRSS).</param>
public readonly record struct ProcessUsage(TimeSpan Cpu, long ResidentBytes)
{
    /// <summary>USER_HZ, which is 100 on every Linux architecture that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    // Fields of /proc/N/stat, counted from the one after the name (proc(5) counts them from 1, and the name is the second).
    private const int Parent = 4 - 3;
    private const int UserTime = 14 - 3;
    private const int SystemTime = 15 - 3;
    private const int ChildrensUserTime = 16 - 3;
    private const int ChildrensSystemTime = 17 - 3;

    public static ProcessUsage Read(int processId)
    {
        var stat = ReadStat(processId);
        return new ProcessUsage(Time(stat[UserTime] + stat[SystemTime]), ReadResident(processId));
    }

    /// <summary>
    /// CPU of a process and of all that it started, such as Postgres with a process for each connection. Those that have ended are in
    /// the figures of whoever waited for them.
    /// </summary>
    public static TimeSpan CpuOfTree(int root)
    {
        var stats = new Dictionary<int, long[]>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)) continue;
            if (TryReadStat(id) is { } stat) stats[id] = stat;
        }
        var ticks = 0L;
        var counted = new HashSet<int>();
        var next = new Stack<int>([root]);
        while (next.TryPop(out var id))
        {
            // A number may be given again while we look: nobody counts twice.
            if (!counted.Add(id) || !stats.TryGetValue(id, out var stat)) continue;
            ticks += stat[UserTime] + stat[SystemTime] + stat[ChildrensUserTime] + stat[ChildrensSystemTime];
            foreach (var (child, its) in stats)
                if (its[Parent] == id) next.Push(child);
        }
        return Time(ticks);
    }

    private static TimeSpan Time(long ticks) => TimeSpan.FromSeconds(ticks / TicksPerSecond);

    private static long[] ReadStat(int processId)
    {
        // The second field, the name in parentheses, may itself hold spaces and parentheses; the third is a letter.
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return [0, .. fields.Skip(1).Take(ChildrensSystemTime).Select(field => long.Parse(field, CultureInfo.InvariantCulture))];
    }

    private static long[]? TryReadStat(int processId)
    {
        try
        {
            return ReadStat(processId);
        }
        catch (IOException)
        {
            // It has ended since it was listed.
            return null;
        }
    }

    private static long ReadResident(int processId)
    {
        foreach (var line in File.ReadLines($"/proc/{processId}/status"))
        {
            if (!line.StartsWith("VmRSS:", StringComparison.Ordinal)) continue;
            return long.Parse(line["VmRSS:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
        }
        return 0;
    }
}
