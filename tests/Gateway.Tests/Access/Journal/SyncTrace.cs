using System.Globalization;
using System.Text.RegularExpressions;

namespace EligibilityGateway.Gateway.Tests.Access.Journal;

/// <summary>
/// The system calls of a process, as <c>strace -f -y -o FILE</c> wrote them, and the question that a journal must answer with yes: was
/// what an acknowledgement speaks of synced before it left? Killing a process can't tell, since the page cache survives it.
/// </summary>
internal sealed partial class SyncTrace
{
    /// <summary>Options with which strace must run; <c>-o FILE</c> and the command come behind them.</summary>
    public static readonly string[] StraceOptions =
        ["-f", "-y", "-s", "64", "-e", "trace=write,writev,pwrite64,pwritev,pwritev2,sendmsg,sendto,fsync,fdatasync"];

    private SyncTrace(IReadOnlyList<TracedCall> calls) => Calls = calls;

    /// <summary>In the order in which they returned; those that never returned come last.</summary>
    public IReadOnlyList<TracedCall> Calls { get; }

    public static SyncTrace Parse(IEnumerable<string> lines)
    {
        var calls = new List<TracedCall>();
        var unfinished = new Dictionary<int, TracedCall>();
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (ResumedLine().Match(line) is { Success: true } resumed)
            {
                if (!unfinished.Remove(Thread(resumed), out var began) || began.Name != resumed.Groups["name"].Value)
                    throw new FormatException($"Line {number} of the trace resumes a call that did not begin: {line}");
                calls.Add(began with { Result = Result(resumed), Ended = number });
            }
            else if (CallLine().Match(line) is { Success: true } whole)
            {
                var call = new TracedCall(
                    Thread(whole), whole.Groups["name"].Value, whole.Groups["path"].Value,
                    whole.Groups["arguments"].Value, Result(whole), number, number);
                if (!whole.Groups["unfinished"].Success) calls.Add(call);
                else if (!unfinished.TryAdd(call.Thread, call with { Ended = int.MaxValue }))
                    throw new FormatException($"Line {number} of the trace begins a call within another: {line}");
            }
            else if (!NoCallLine().IsMatch(line))
            {
                throw new FormatException($"Line {number} of the trace is not understood: {line}");
            }
        }
        calls.AddRange(unfinished.Values);
        return new SyncTrace(calls);
    }

    /// <summary>The same trace without the calls that match, to see whether a check notices.</summary>
    public SyncTrace Without(Func<TracedCall, bool> removed) => new([.. Calls.Where(call => !removed(call))]);

    /// <summary>
    /// Why what an acknowledgement speaks of was not safe when it left; null if it was. Safe: the last matching write before it returned,
    /// then a sync of the same file began, and returned success before the acknowledgement began.
    /// </summary>
    public string? WhyUnsafe(TracedCall acknowledgement, Func<TracedCall, bool> isItsWrite)
    {
        var write = Calls.LastOrDefault(call => call.IsWrite && call.Ended < acknowledgement.Began && call.Result > 0 && isItsWrite(call));
        if (write is null) return $"No write before the acknowledgement at line {acknowledgement.Began}.";
        var isSynced = Calls.Any(call => call.IsSync && call.Path == write.Path && call.Result == 0
            && call.Began > write.Ended && call.Ended < acknowledgement.Began);
        return isSynced
            ? null
            : $"The write at line {write.Began} to {write.Path} was not synced before the acknowledgement at line {acknowledgement.Began}.";
    }

    private static int Thread(Match match) => int.Parse(match.Groups["thread"].Value, CultureInfo.InvariantCulture);

    private static long? Result(Match match) =>
        long.TryParse(match.Groups["result"].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var result) ? result : null;

    /// <summary><c>71 pwrite64(9&lt;/a/b&gt;, "…"..., 100, 512) = 100</c>, or up to <c>&lt;unfinished ...&gt;</c></summary>
    [GeneratedRegex("""^(?<thread>\d+)\s+(?<name>\w+)\((?<fd>\d+)<(?<path>[^>]*)>(?:, )?(?<arguments>.*?)(?:(?<unfinished>\s*<unfinished \.\.\.>)|\)\s+= (?<result>-?\d+|\?).*)$""")]
    private static partial Regex CallLine();

    /// <summary><c>71 &lt;... pwrite64 resumed&gt;) = 100</c></summary>
    [GeneratedRegex("""^(?<thread>\d+)\s+<\.\.\. (?<name>\w+) resumed>.*\)\s+= (?<result>-?\d+|\?).*$""")]
    private static partial Regex ResumedLine();

    /// <summary>Signals, ends of threads (also amid a call that strace can't name any more, <c>???(</c>), and calls on descriptors that are not open.</summary>
    [GeneratedRegex("""^(?<thread>\d+)\s+(?:---|\+\+\+|\?\?\?\(|<\.\.\. \?\?\? resumed>|\w+\(-?\d+(?:, |\)).* = -1 EBADF|<\.\.\. \w+ resumed> <unfinished)""")]
    private static partial Regex NoCallLine();
}
