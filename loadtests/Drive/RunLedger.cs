using System.Diagnostics;
using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.LoadTests.Drive;

/// <summary>What became of each request of a run: one slot each, written once, by the stream that got the answer.</summary>
public sealed class RunLedger
{
    private readonly IReadOnlyList<PlannedRequest> _requests;
    private readonly Dictionary<string, int> _byEventId;
    private readonly RequestOutcome[] _outcomes;
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _start;
    private int _open;
    private int _strays;

    public RunLedger(IReadOnlyList<PlannedRequest> requests)
    {
        _requests = requests;
        _outcomes = new RequestOutcome[requests.Count];
        _open = requests.Count;
        _byEventId = new Dictionary<string, int>(requests.Count);
        for (var i = 0; i < requests.Count; i++) _byEventId.Add(requests[i].EventId, i);
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
            if (which(_requests[i])) yield return _outcomes[i];
    }

    /// <summary>Latencies count from this moment plus the request's intended start.</summary>
    public void Begin(long timestamp) => _start = timestamp;

    /// <summary>Enters what a stream received. True where it answers a request, so that its place in the window is free again.</summary>
    public bool Enter(GatewayMessage message, long receivedAt)
    {
        var (kind, eventId) = message.MessageCase switch
        {
            GatewayMessage.MessageOneofCase.Answer => (OutcomeKind.Answered, message.Answer.EventId),
            GatewayMessage.MessageOneofCase.Refusal => (OutcomeKind.Refused, message.Refusal.EventId),
            GatewayMessage.MessageOneofCase.Busy => (OutcomeKind.Busy, message.Busy.EventId),
            GatewayMessage.MessageOneofCase.Problem => (OutcomeKind.Problem, message.Problem.EventId),
            _ => (OutcomeKind.Unanswered, ""),
        };
        if (kind is OutcomeKind.Unanswered) return false;
        if (!_byEventId.TryGetValue(eventId, out var index) || _outcomes[index].Kind is not OutcomeKind.Unanswered)
        {
            Interlocked.Increment(ref _strays);
            return false;
        }
        _outcomes[index] = new RequestOutcome(
            kind,
            Stopwatch.GetElapsedTime(_start, receivedAt) - _requests[index].At,
            message.Answer?.Freshness?.Source ?? message.Refusal?.Freshness?.Source ?? Source.Unspecified,
            message.Answer?.Remedy?.Reason ?? message.Refusal?.Remedy?.Reason ?? Reason.Unspecified,
            message.Answer?.Validity ?? Validity.Unspecified);
        if (Interlocked.Decrement(ref _open) == 0) _complete.TrySetResult();
        return true;
    }
}
