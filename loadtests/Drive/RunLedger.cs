using System.Diagnostics;
using System.Text;
using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.LoadTests.Drive;

/// <summary>What became of each request of a run: one slot each, written once, by the stream that got the answer.</summary>
public sealed class RunLedger
{
    /// <summary>A UUID has 36 characters.</summary>
    private const int LongestEventId = 64;

    private readonly IReadOnlyList<PlannedRequest> _requests;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _byEventId;
    private readonly RequestOutcome[] _outcomes;
    private readonly long[] _writtenAt;
    private readonly bool[] _heldBack;
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _start;
    private int _open;
    private int _strays;

    public RunLedger(IReadOnlyList<PlannedRequest> requests)
    {
        _requests = requests;
        _outcomes = new RequestOutcome[requests.Count];
        _writtenAt = new long[requests.Count];
        _heldBack = new bool[requests.Count];
        _open = requests.Count;
        var byEventId = new Dictionary<string, int>(requests.Count, StringComparer.Ordinal);
        for (var i = 0; i < requests.Count; i++) byEventId.Add(requests[i].EventId, i);
        _byEventId = byEventId.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Each request has its outcome.</summary>
    public Task Complete => _complete.Task;

    /// <summary>Messages that answer nothing, or something that was answered already.</summary>
    public int Strays => Volatile.Read(ref _strays);

    public IEnumerable<RequestOutcome> MeasuredOutcomes => OutcomesOf(request => request.Measured);

    /// <summary>What became of those requests.</summary>
    public IEnumerable<RequestOutcome> OutcomesOf(Func<PlannedRequest, bool> which)
    {
        for (var i = 0; i < _outcomes.Length; i++)
        {
            if (!which(_requests[i])) continue;
            var writtenAt = Volatile.Read(ref _writtenAt[i]);
            yield return _outcomes[i] with { WrittenAfter = writtenAt == 0 ? null : SinceStartOf(i, writtenAt), HeldBack = _heldBack[i] };
        }
    }

    /// <summary>Latencies count from this moment plus the request's intended start.</summary>
    public void Begin(long timestamp) => _start = timestamp;

    /// <summary>Enters that a request must wait for a place in its stream's window.</summary>
    public void HoldBack(int request) => _heldBack[request] = true;

    /// <summary>
    /// Enters that a request goes out now. The moment is the one before its bytes are sealed and handed to the socket: an answer can't be
    /// earlier, and a generator that loses the processor in between counts against the gateway rather than for it.
    /// </summary>
    public void Write(int request, long writtenAt) => Volatile.Write(ref _writtenAt[request], writtenAt);

    /// <summary>Enters what a stream received. True where it answers a request, so that its place in the window is free again.</summary>
    public bool Enter(MessageGlance message, long receivedAt)
    {
        if (message.Kind is OutcomeKind.Unanswered) return false;
        if (!TryFind(message.EventId, out var index) || _outcomes[index].Kind is not OutcomeKind.Unanswered)
        {
            Interlocked.Increment(ref _strays);
            return false;
        }
        _outcomes[index] = new RequestOutcome(
            message.Kind, SinceStartOf(index, receivedAt), message.Reason, message.Validity, message.Proved);
        if (Interlocked.Decrement(ref _open) == 0) _complete.TrySetResult();
        return true;
    }

    /// <summary>Which events the run is about.</summary>
    public IEnumerable<string> EventIds => _requests.Select(request => request.EventId);

    /// <summary>Enters what the record of a request says.</summary>
    public void EnterSource(string eventId, Source source)
    {
        if (_byEventId.TryGetValue(eventId, out var index)) _outcomes[index] = _outcomes[index] with { Source = source };
    }

    private bool TryFind(ReadOnlySpan<byte> eventId, out int index)
    {
        index = 0;
        if (eventId.Length > LongestEventId) return false;
        Span<char> text = stackalloc char[LongestEventId];
        return _byEventId.TryGetValue(text[..Encoding.UTF8.GetChars(eventId, text)], out index);
    }

    private TimeSpan SinceStartOf(int request, long timestamp) => Stopwatch.GetElapsedTime(_start, timestamp) - _requests[request].At;
}
