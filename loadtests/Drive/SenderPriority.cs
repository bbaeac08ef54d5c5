using System.Runtime.InteropServices;

namespace EligibilityGateway.LoadTests.Drive;

/// <summary>
/// Lets the sending thread go before others where the system allows it (Linux: to root). The terminals of a country are no part of the gateway's
/// machine: what is sent must not wait for a processor that the gateway keeps busy.
/// </summary>
internal static partial class SenderPriority
{
    private const int Process = 0;
    private const int CallingThread = 0;
    private const int Preferred = -10;

    /// <summary>For the thread that calls. Where it is refused, more is sent late, and the figures say so.</summary>
    public static void Take() => _ = SetPriority(Process, CallingThread, Preferred);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int priority);
}
