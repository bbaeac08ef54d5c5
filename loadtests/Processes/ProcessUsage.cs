using System.Globalization;

namespace EligibilityGateway.LoadTests.Processes;

/// <summary>What a process has used, as the kernel counts it. Linux only.</summary>
/// <param name="Cpu">User and system time of all its threads, also those that have ended.</param>
/// <param name="ResidentBytes">Memory resident now (VmRSS).</param>
public readonly record struct ProcessUsage(TimeSpan Cpu, long ResidentBytes)
{
    /// <summary>USER_HZ, which is 100 on every Linux architecture that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    public static ProcessUsage Read(int processId)
    {
        // The second field, the name in parentheses, may itself hold spaces and parentheses.
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var user = long.Parse(fields[11], CultureInfo.InvariantCulture);
        var system = long.Parse(fields[12], CultureInfo.InvariantCulture);
        return new ProcessUsage(TimeSpan.FromSeconds((user + system) / TicksPerSecond), ReadResident(processId));
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
