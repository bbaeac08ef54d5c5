using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.ReaderAgent.Spool;

namespace EligibilityGateway.ReaderAgent.Link;

/// <summary>
/// The events without an answer: on disk, and on their way. Each is sent on every stream that opens until it is answered, refused,
/// or older than the resend window; sending it too often costs nothing, since its id is answered and recorded once.
/// </summary>
internal sealed class WaitingEvents(LinkSettings settings, EventSpool spool, GatewayClock clock, Diagnostics diagnostics) : IDisposable
{
    private readonly Lock _gate = new();

    // Guid's order is that of its text, and a UUIDv7 begins with its time: oldest first.
    private readonly SortedDictionary<Guid, WaitingEvent> _events = [];
    private TerminalStream? _stream;
    private bool _sending;
    private long _sent;
    private TaskCompletionSource? _nothingUnderWay;

    public int Count
    {
        get
        {
            lock (_gate) return _events.Count;
        }
    }

    /// <summary>Takes up what an earlier run left; what was asked meanwhile waits already.</summary>
    public IReadOnlyList<WaitingEvent> TakeUp(IReadOnlyList<SpooledEvent> left)
    {
        var events = new List<WaitingEvent>(left.Count);
        lock (_gate)
        {
            foreach (var spooled in left)
            {
                if (_events.ContainsKey(spooled.Id.Value)) continue;
                // Whether the earlier run had sent it, nobody knows; asking the gateway is harmless.
                var waiting = new WaitingEvent(spooled.Id, spooled.LookUp) { Since = clock.GetTimestamp(), WasSent = true };
                events.Add(waiting);
                Insert(waiting);
            }
        }
        return events;
    }

    /// <summary>
    /// Keeps a new event, sends it where a stream is open, and ends when it does. Where the gateway's time was not known yet, the look-up
    /// gets its lasting id when it is sent, unless a card has signed the first one.
    /// </summary>
    public Task<Outcome> Ask(LookUp lookUp) => Ask(lookUp, mayBeDatedAnew: lookUp.Card is not { Signature.IsEmpty: false });

    /// <summary>
    /// Asks an event that was asked before, under its id and with its bytes. While the first asking waits, this one sends it again and
    /// ends with it.
    /// </summary>
    public Task<Outcome> AskAgain(LookUp lookUp) => Ask(lookUp, mayBeDatedAnew: false);

    private Task<Outcome> Ask(LookUp lookUp, bool mayBeDatedAnew)
    {
        EventId id;
        lock (_gate)
        {
            id = IdOf(lookUp);
            if (_events.TryGetValue(id.Value, out var already))
            {
                if (already.State is not WaitingState.ForBusyGateway) SendOrWait(already);
                return already.Ended;
            }
            if (_events.Count >= settings.MostWaiting) return Task.FromResult<Outcome>(new Outcome.SpoolFull());
        }
        // What the crew saw is medical: it lives in memory alone, and after a crash the crew taps again.
        var mayRestOnDisk = string.IsNullOrEmpty(lookUp.Emergency?.Note);
        if (mayRestOnDisk && spool.Keep(id, lookUp) is SpoolWrite.Full) return Task.FromResult<Outcome>(new Outcome.SpoolFull());
        var waiting = new WaitingEvent(id, lookUp) { Since = clock.GetTimestamp(), MayBeDatedAnew = mayBeDatedAnew };
        lock (_gate) Insert(waiting);
        return waiting.Ended;
    }

    /// <summary>The id of a look-up of this agent's.</summary>
    public static EventId IdOf(LookUp lookUp) => EventId.TryParse(lookUp.EventId, out var id) ? id : throw new InvalidOperationException("The agent makes its own ids.");

    /// <summary>Ids that a gateway may have recorded, oldest first, for the hello.</summary>
    public IReadOnlyList<string> UnansweredIds(int most)
    {
        lock (_gate) return [.. _events.Values.Where(waiting => waiting.WasSent).Take(most).Select(waiting => waiting.Id.ToString())];
    }

    /// <summary>A stream is open: all that wait for one are sent, oldest first.</summary>
    public void StreamOpened(TerminalStream stream)
    {
        lock (_gate)
        {
            _stream = stream;
            _sending = true;
            foreach (var waiting in _events.Values.ToArray())
                if (waiting.State is WaitingState.ForStream) SendOrWait(waiting);
        }
    }

    /// <summary>Nothing more is sent on the open stream; done when all that was sent on it ended.</summary>
    public Task StopSending()
    {
        lock (_gate)
        {
            _sending = false;
            _nothingUnderWay ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            NoteUnderWay();
            return _nothingUnderWay?.Task ?? Task.CompletedTask;
        }
    }

    /// <summary>
    /// The stream is gone: what was under way waits for the next. But where the gateway could not read a message, it has answered all that
    /// came before: the first that it did not answer is the one, which would end every stream and hold up what comes behind it.
    /// </summary>
    /// <param name="unread">What the gateway said of that message; null where the stream ended for another reason.</param>
    public void StreamClosed(Google.Rpc.Status? unread)
    {
        lock (_gate)
        {
            _stream = null;
            _sending = false;
            if (unread is not null && FirstUnderWay() is { } first) Remove(first, new Outcome.Unaskable(new Problem { EventId = first.Id.ToString(), Status = unread }));
            foreach (var waiting in _events.Values.ToArray())
            {
                if (waiting.State is not WaitingState.ForAnswer) continue;
                waiting.State = WaitingState.ForStream;
                Arm(waiting);
            }
            NoteUnderWay();
        }
    }

    /// <summary>The gateway is busy: the same event goes again after the delay, to whichever gateway is there then.</summary>
    public void Busy(EventId id, TimeSpan retryAfter)
    {
        lock (_gate)
        {
            if (!_events.TryGetValue(id.Value, out var waiting)) return;
            waiting.State = WaitingState.ForBusyGateway;
            Arm(waiting, Clamped(retryAfter, settings.LongestBusy));
            NoteUnderWay();
        }
    }

    /// <summary>The event has its outcome. A second answer to the same event finds nobody waiting.</summary>
    public void End(EventId id, Outcome outcome)
    {
        lock (_gate)
            if (_events.TryGetValue(id.Value, out var waiting)) Remove(waiting, outcome);
    }

    /// <summary>No gateway lets this terminal in: nothing will be answered.</summary>
    public void EndAll(Func<EventId, Outcome> outcome)
    {
        lock (_gate)
            foreach (var waiting in _events.Values.ToArray()) Remove(waiting, outcome(waiting.Id));
    }

    /// <summary>What still waits stays on the disk, for the next run.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var waiting in _events.Values) waiting.Dispose();
            _events.Clear();
        }
    }

    private void Insert(WaitingEvent waiting)
    {
        _events.Add(waiting.Id.Value, waiting);
        waiting.Due = clock.CreateTimer(_ => OnDue(waiting), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        SendOrWait(waiting);
    }

    private void Remove(WaitingEvent waiting, Outcome outcome)
    {
        _events.Remove(waiting.Id.Value);
        waiting.Dispose();
        spool.Forget(waiting.Id);
        waiting.End(outcome);
        NoteUnderWay();
    }

    private void SendOrWait(WaitingEvent waiting)
    {
        if (EndIfTooOld(waiting)) return;
        if (!_sending || _stream is null)
        {
            if (waiting.State is not WaitingState.ForAnswer) waiting.State = WaitingState.ForStream;
            Arm(waiting);
            return;
        }
        if (waiting.IsYetToBeDated) Date(waiting);
        if (waiting.State is not WaitingState.ForAnswer) waiting.SentAs = ++_sent;
        waiting.State = WaitingState.ForAnswer;
        waiting.WasSent = true;
        // Armed first: the deadline counts from the sending, however late this thread gets to run again.
        Arm(waiting, settings.LookUpDeadline);
        _stream.Send(new TerminalMessage { LookUp = waiting.LookUp });
    }

    private void OnDue(WaitingEvent waiting)
    {
        lock (_gate)
        {
            if (!_events.ContainsKey(waiting.Id.Value) || EndIfTooOld(waiting)) return;
            switch (waiting.State)
            {
                case WaitingState.ForStream:
                    Arm(waiting);
                    break;
                case WaitingState.ForBusyGateway:
                    waiting.State = WaitingState.ForStream;
                    SendOrWait(waiting);
                    break;
                case WaitingState.ForAnswer when _stream?.SilentFor >= settings.LookUpDeadline:
                    diagnostics.Say("The gateway does not answer; trying another.");
                    Arm(waiting, settings.LookUpDeadline);
                    _stream.Abort();
                    break;
                case WaitingState.ForAnswer:
                    diagnostics.Say("A look-up has no answer yet; asking again.");
                    SendOrWait(waiting);
                    if (!_sending) Arm(waiting, settings.LookUpDeadline);
                    break;
            }
        }
    }

    private bool EndIfTooOld(WaitingEvent waiting)
    {
        if (LeftToSend(waiting) > TimeSpan.Zero) return false;
        Remove(waiting, new Outcome.TooOld());
        return true;
    }

    /// <summary>What its id says counts only by the gateway's time; before that is known nothing is sent, and the wait here alone counts.</summary>
    private TimeSpan LeftToSend(WaitingEvent waiting)
    {
        var age = clock.GetElapsedTime(waiting.Since);
        if (clock.IsKnown && !waiting.IsYetToBeDated && clock.GetUtcNow() - waiting.Id.Time is var byId && byId > age) age = byId;
        return settings.ResendWindow - age;
    }

    /// <summary>An id that is off, since the gateway's time was not known when it was made, becomes one of the moment at which it was asked.</summary>
    private void Date(WaitingEvent waiting)
    {
        var askedAt = clock.GetUtcNow() - clock.GetElapsedTime(waiting.Since);
        if ((waiting.Id.Time - askedAt).Duration() <= GatewayClock.Tolerance) return;
        var first = waiting.Id;
        _events.Remove(first.Value);
        waiting.DateAnew(EventId.At(askedAt));
        _events.Add(waiting.Id.Value, waiting);
        spool.Rename(first, waiting.Id, waiting.LookUp);
    }

    private void Arm(WaitingEvent waiting, TimeSpan? next = null)
    {
        var due = Clamped(LeftToSend(waiting), settings.ResendWindow);
        if (next < due) due = next.Value;
        waiting.Due!.Change(due, Timeout.InfiniteTimeSpan);
    }

    private WaitingEvent? FirstUnderWay() => _events.Values.Where(waiting => waiting.State is WaitingState.ForAnswer).MinBy(waiting => waiting.SentAs);

    private void NoteUnderWay()
    {
        if (_nothingUnderWay is null) return;
        foreach (var waiting in _events.Values)
            if (waiting.State is WaitingState.ForAnswer) return;
        _nothingUnderWay.SetResult();
        _nothingUnderWay = null;
    }

    private static TimeSpan Clamped(TimeSpan value, TimeSpan most) => value < TimeSpan.Zero ? TimeSpan.Zero : value > most ? most : value;
}
