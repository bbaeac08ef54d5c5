using System.Runtime.InteropServices;

namespace EligibilityGateway.Demo.Embedded;

/// <summary>The two system calls that .NET has no method for.</summary>
internal static partial class Posix
{
    /// <summary>Stop at once, without a checkpoint; what was committed is recovered at the next start.</summary>
    public const int Quit = 3;

    /// <summary>Shut down in order, without waiting for clients.</summary>
    public const int Interrupt = 2;

    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Signal(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int ChangeOwner(string path, uint user, uint group);
}
