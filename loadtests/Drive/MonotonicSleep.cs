using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EligibilityGateway.LoadTests.Drive;

/// <summary>
/// Sleeps until a timestamp of <see cref="Stopwatch"/>, which on Linux is CLOCK_MONOTONIC in nanoseconds. Thread.Sleep counts in
/// milliseconds: at 1,000 requests a second it would turn a Poisson process into bursts.
/// </summary>
internal static partial class MonotonicSleep
{
    private const int ClockMonotonic = 1;
    private const int AbsoluteTime = 1;
    private const int Interrupted = 4;

    public static void Until(long timestamp)
    {
        var time = new TimeSpec { Seconds = (nint)(timestamp / Stopwatch.Frequency), Nanoseconds = (nint)(timestamp % Stopwatch.Frequency) };
        while (ClockNanosleep(ClockMonotonic, AbsoluteTime, in time, 0) == Interrupted)
        {
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int ClockNanosleep(int clock, int flags, in TimeSpec until, nint remaining);

    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
