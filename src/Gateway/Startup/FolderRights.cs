using System.Runtime.InteropServices;

namespace EligibilityGateway.Gateway.Startup;

/// <summary>Whether the process may write in a folder, found out without writing: .NET has no such question.</summary>
internal static partial class FolderRights
{
    /// <summary>Of access(2): write, and go in.</summary>
    private const int Write = 2, Enter = 1;

    /// <summary>Where the system does not tell, yes.</summary>
    public static bool MayWrite(string folder) => OperatingSystem.IsWindows() || Access(folder, Write | Enter) == 0;

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Access(string path, int mode);
}
