using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EligibilityGateway.Common.Files;

/// <summary>
/// Brings to the disk what was written, or says that it could not. The C library's own calls, since RandomAccess.FlushToDisk
/// of .NET returns as if nothing were wrong where fsync failed (seen with EIO on .NET 10), and since .NET opens no folders.
/// </summary>
public static partial class DiskSync
{
    private const int ReadOnly = 0;

    /// <summary>F_FULLFSYNC: on macOS fsync alone leaves the bytes in the drive's cache.</summary>
    private const int FullSync = 51;

    /// <summary>EINTR: a signal came in between, and nothing is said about the disk.</summary>
    private const int Interrupted = 4;

    /// <exception cref="IOException">The disk refused; nobody knows what of the unsynced part it holds.</exception>
    public static void File(SafeFileHandle file)
    {
        if (OperatingSystem.IsWindows())
        {
            RandomAccess.FlushToDisk(file);
            return;
        }
        int result;
        do result = OperatingSystem.IsMacOS() ? Control(file, FullSync) : Sync(file);
        while (result < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        if (result < 0) throw Failure("A file");
    }

    /// <summary>Makes the names in a folder durable: a new file's sync confirms its bytes, not that the folder knows it.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public static void Folder(string path)
    {
        // Windows writes names through by itself.
        if (OperatingSystem.IsWindows()) return;
        using var folder = Open(path, ReadOnly);
        if (folder.IsInvalid || Sync(folder) != 0) throw Failure($"The folder {path}");
    }

    private static IOException Failure(string what) => new($"{what} can't be synced: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(SafeFileHandle file, int command);
}
