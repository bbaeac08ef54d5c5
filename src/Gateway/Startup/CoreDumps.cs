using System.Runtime.InteropServices;
using EligibilityGateway.Common;

namespace EligibilityGateway.Gateway.Startup;

/// <summary>A crash leaves no image of the memory on a disk: patients' data, keys and passwords are in it.</summary>
internal static partial class CoreDumps
{
    /// <summary>RLIMIT_CORE, of Linux and macOS.</summary>
    private const int CoreFileSize = 4;

    /// <summary>One byte, not none: Linux hands a dump to a collecting program whatever the limit is, but for this one (core(5)).</summary>
    private const ulong Least = 1;

    private static readonly string[] RuntimesOwn = ["DOTNET_DbgEnableMiniDump", "COMPlus_DbgEnableMiniDump"];

    /// <summary>From now on, for this process and those that it starts.</summary>
    /// <exception cref="SettingsException">The runtime was told by a variable to write one.</exception>
    public static void Forbid()
    {
        if (Array.Find(RuntimesOwn, name => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value && value != "0") is { } variable)
            throw new SettingsException($"The variable {variable} makes the runtime write the memory to a disk at a crash, and patients' data with it: take it away.");
        if (OperatingSystem.IsWindows()) return;
        var limit = new Limit(Least, Least);
        // A limit that is lower already can't be raised, and need not be.
        _ = SetLimit(CoreFileSize, ref limit);
    }

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetLimit(int resource, ref Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit(ulong now, ulong most)
    {
        public ulong Now = now;
        public ulong Most = most;
    }
}
