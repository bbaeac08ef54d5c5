namespace EligibilityGateway.Demo.Embedded;

/// <summary>Reads what PostgreSQL wrote to its log.</summary>
internal static class PostmasterLog
{
    private static readonly string[] Faults = ["FATAL:", "PANIC:", "could not bind", "could not create any TCP/IP sockets"];

    /// <summary>The first line after the offset that tells of a fault, without time and process.</summary>
    public static string FirstFault(string log, long offset)
    {
        using var stream = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = Math.Min(offset, stream.Length);
        using var reader = new StreamReader(stream);
        string? last = null;
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0) last = line;
            if (Array.Find(Faults, fault => line.Contains(fault, StringComparison.Ordinal)) is { } found)
                return line[line.IndexOf(found, StringComparison.Ordinal)..];
        }
        return last ?? "it ended without a word";
    }
}
