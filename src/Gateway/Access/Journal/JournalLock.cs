using System.Globalization;
using System.Runtime.InteropServices;

namespace EligibilityGateway.Gateway.Access.Journal;

/// <summary>
/// The lock of a journal's folder, seen from outside. It is looked for and never tried: whoever tried it would hold it for a moment, in
/// which a gateway that starts would be refused.
/// </summary>
internal static partial class JournalLock
{
    /// <summary>The file that is locked.</summary>
    public const string FileName = "lock";

    /// <summary>Of statx(2): relative paths start at the working directory; the inode's number is asked for, and where it lies in the answer.</summary>
    private const int FromWorkingDirectory = -100, InodeNumber = 0x100, InodeOffset = 32, AnswerBytes = 256;

    /// <summary>Whether a process has the journal open. Where neither Linux nor Windows tells, no.</summary>
    public static bool IsHeld(string folder)
    {
        var file = Path.Combine(folder, FileName);
        if (!File.Exists(file)) return false;
        return OperatingSystem.IsWindows() ? IsClosedToOthers(file) : OperatingSystem.IsLinux() && IsLocked(file);
    }

    private static bool IsLocked(string file)
    {
        if (InodeOf(file) is not { } inode) return false;
        // A line ends in DEVICE:INODE START END.
        var held = string.Create(CultureInfo.InvariantCulture, $":{inode} ");
        return File.ReadLines("/proc/locks").Any(line => line.Contains("FLOCK", StringComparison.Ordinal) && line.Contains(held, StringComparison.Ordinal));
    }

    private static ulong? InodeOf(string file)
    {
        Span<byte> answer = stackalloc byte[AnswerBytes];
        try
        {
            return Stat(FromWorkingDirectory, file, 0, InodeNumber, ref MemoryMarshal.GetReference(answer)) == 0 ? MemoryMarshal.Read<ulong>(answer[InodeOffset..]) : null;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library from before 2018.
            return null;
        }
    }

    /// <summary>Opened so that everybody else may do anything with it, it can't be opened only where its holder shares it with nobody.</summary>
    private static bool IsClosedToOthers(string file)
    {
        try
        {
            using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Stat(int folder, string path, int flags, uint mask, ref byte answer);
}
