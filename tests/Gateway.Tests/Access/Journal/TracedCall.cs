namespace EligibilityGateway.Gateway.Tests.Access.Journal;

/// <summary>One system call of a trace.</summary>
/// <param name="Thread">Who called.</param>
/// <param name="Name">As <c>pwrite64</c>.</param>
/// <param name="Path">The file, pipe or socket behind the first argument.</param>
/// <param name="Arguments">The arguments behind it, as strace prints them.</param>
/// <param name="Result">What it returned; null if it never did.</param>
/// <param name="Began">Line of the trace at which it had begun.</param>
/// <param name="Ended">Line at which it had returned.</param>
internal sealed record TracedCall(int Thread, string Name, string Path, string Arguments, long? Result, int Began, int Ended)
{
    public bool IsWrite => Name is "write" or "writev" or "pwrite64" or "pwritev" or "pwritev2" or "sendmsg" or "sendto";

    public bool IsSync => Name is "fsync" or "fdatasync";

    /// <summary>The bytes of the file that a <c>pwrite64</c> wrote: where it began, and how many of them the system took.</summary>
    public (long Offset, long Length) Range() =>
        Name == "pwrite64" && Result is { } length
            ? (long.Parse(Arguments[(Arguments.LastIndexOf(',') + 1)..].Trim(), System.Globalization.CultureInfo.InvariantCulture), length)
            : throw new InvalidOperationException($"{Name} at line {Began} names no range of bytes.");
}
