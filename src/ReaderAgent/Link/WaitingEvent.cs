using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.ReaderAgent.Link;

/// <summary>An event that has no answer yet. Guarded by the link's lock, but for <see cref="Ended"/>.</summary>
internal sealed class WaitingEvent(EventId id, LookUp lookUp) : IDisposable
{
    private readonly TaskCompletionSource<Outcome> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EventId Id { get; private set; } = id;

    public LookUp LookUp { get; } = lookUp;

    public WaitingState State { get; set; } = WaitingState.ForStream;

    /// <summary>It left for a gateway at least once, so that it may be recorded there.</summary>
    public bool WasSent { get; set; }

    /// <summary>When it began to wait here, in the machine's monotonic time.</summary>
    public required long Since { get; init; }

    /// <summary>Its id may be made anew until it is sent: it is a new event, and no card has signed the id.</summary>
    public bool MayBeDatedAnew { get; init; }

    public bool IsYetToBeDated => MayBeDatedAnew && !WasSent;

    /// <summary>Its place among those that were sent, the first time on the stream that is open.</summary>
    public long SentAs { get; set; }

    /// <summary>Fires when the event is due: to be sent again, or to be given up.</summary>
    public ITimer? Due { get; set; }

    public Task<Outcome> Ended => _ended.Task;

    /// <summary>Gives it another id, in the look-up too.</summary>
    public void DateAnew(EventId id)
    {
        Id = id;
        LookUp.EventId = id.ToString();
    }

    public void End(Outcome outcome) => _ended.TrySetResult(outcome);

    public void Dispose() => Due?.Dispose();
}
