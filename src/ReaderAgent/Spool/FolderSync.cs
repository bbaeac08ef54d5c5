using System.Runtime.InteropServices;
using System.Text;

namespace EligibilityGateway.ReaderAgent.Spool;

/// <summary>
/// Makes a folder's entries durable. A file's own fsync does not cover its name (fsync(2)); .NET has no call for folders. On Windows
/// the file system's journal keeps renames in order, and there is nothing to call.
/// </summary>
internal static class FolderSync
{
    private const int OpenReadOnly = 0;

    /// <exception cref="IOException">The folder can't be opened or synced.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var descriptor = Open(Encoding.UTF8.GetBytes(folder + '\0'), OpenReadOnly);
        if (descriptor < 0) throw new IOException($"The spool's folder can't be opened (errno {Marshal.GetLastPInvokeError()}).");
        try
        {
            if (Fsync(descriptor) < 0) throw new IOException($"The spool's folder can't be synced (errno {Marshal.GetLastPInvokeError()}).");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fsync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
