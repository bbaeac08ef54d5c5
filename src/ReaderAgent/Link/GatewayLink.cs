using System.Globalization;
using System.Reflection;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.ReaderAgent.Spool;

namespace EligibilityGateway.ReaderAgent.Link;

/// <summary>
/// The terminal's line to whichever gateway is there: opens a stream, says which events are unanswered, sends them again, keeps a
/// challenge at hand, and goes to the next gateway when the stream ends or drains.
/// </summary>
internal sealed class GatewayLink : IAsyncDisposable
{
    // eligibility.v1.Hello: at most 100 ids.
    private const int MostResumedIds = 100;

    private static readonly string AgentName = $"reader-agent {Assembly.GetExecutingAssembly().GetName().Version?.ToString(3)}";

    private readonly LinkSettings _settings;
    private readonly GatewayTransport _transport;
    private readonly TerminalIdentity _terminal;
    private readonly EventSpool _spool;
    private readonly GatewayClock _clock;
    private readonly ReconnectDelay _reconnectDelay;
    private readonly Diagnostics _diagnostics;
    private readonly WaitingEvents _waiting;
    private readonly HeldChallenge _challenge;
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource<Welcome> _firstWelcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<Uri> _deniedBy = [];
    private Task _connecting = Task.CompletedTask;
    private volatile TerminalStream? _stream;
    private volatile LinkStatus _status;

    public GatewayLink(
        LinkSettings settings, GatewayTransport transport, TerminalIdentity terminal, EventSpool spool, GatewayClock clock, Random random, Diagnostics diagnostics)
    {
        _settings = settings;
        _transport = transport;
        _terminal = terminal;
        _spool = spool;
        _clock = clock;
        _diagnostics = diagnostics;
        _reconnectDelay = new ReconnectDelay(settings, random);
        _waiting = new WaitingEvents(settings, spool, clock, diagnostics);
        _challenge = new HeldChallenge(clock, () => _stream?.Send(new TerminalMessage { ChallengeRequest = new ChallengeRequest() }));
        _status = new LinkStatus(LinkState.Connecting, settings.Gateways[0], 0, TimeSpan.Zero);
    }

    /// <summary>The first gateway that let this terminal in.</summary>
    public Task<Welcome> FirstWelcome => _firstWelcome.Task;

    public LinkStatus Status => _status with { Waiting = _waiting.Count, ClockOff = _clock.MachineOff };

    /// <summary>Begins to connect, and returns the events that an earlier run left unanswered; they are asked again by themselves.</summary>
    public IReadOnlyList<WaitingEvent> Start()
    {
        var left = _waiting.TakeUp(_spool.Load());
        _connecting = Task.Run(ConnectAgainAndAgainAsync);
        return left;
    }

    /// <summary>
    /// Asks a new event. The outcome comes when there is one: with a gateway in reach at once, else when one comes back, and at the latest
    /// when the event is too old to be sent. From then on the look-up has the id under which it was asked.
    /// </summary>
    public Task<Outcome> Ask(LookUp lookUp) => _waiting.Ask(lookUp);

    /// <summary>Asks the very same event again.</summary>
    public Task<Outcome> AskAgain(LookUp lookUp) => _waiting.AskAgain(lookUp);

    /// <summary>Something for the card to sign; null where no gateway gave one in time.</summary>
    public Task<ReadOnlyMemory<byte>?> ChallengeAsync(CancellationToken cancel) => _challenge.GetAsync(_settings.ChallengeDeadline, cancel);

    /// <summary>Ends the stream in good order. What waits stays in the spool.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _connecting;
        _firstWelcome.TrySetCanceled();
        _challenge.Dispose();
        _waiting.Dispose();
        _closing.Dispose();
    }

    private async Task ConnectAgainAndAgainAsync()
    {
        for (var turn = 0; !_closing.IsCancellationRequested; turn++)
        {
            var gateway = _settings.Gateways[turn % _settings.Gateways.Count];
            _status = _status with { State = LinkState.Connecting, Gateway = gateway };
            var end = await ServeAsync(gateway);
            _status = _status with { State = LinkState.Connecting };
            if (_closing.IsCancellationRequested) break;
            _diagnostics.Say($"The stream to {gateway.Authority} ended ({end.Status}{(end.Drained ? ", drained" : "")}). {end.Said?.Message}".TrimEnd());
            Deny(gateway, end);
            await WaitAsync(_reconnectDelay.Next(end.Worthwhile, end.Drained));
        }
        _status = _status with { State = LinkState.Closed };
    }

    private async Task<StreamEnd> ServeAsync(Uri gateway)
    {
        using var channel = _transport.Open(gateway);
        await using var stream = new TerminalStream(new Terminals.TerminalsClient(channel), _settings, _clock);
        var hello = new Hello { Agent = AgentName };
        hello.UnansweredEventIds.AddRange(_waiting.UnansweredIds(MostResumedIds));
        if (await stream.OpenAsync(hello, _closing.Token) is not { } welcome) return new StreamEnd(false, false, stream.Status, stream.Said);

        var openedAt = _clock.GetTimestamp();
        var answers = 0;
        Task? leaving = null;
        await using var farewell = _closing.Token.Register(stream.HalfClose);
        Greet(gateway, welcome);
        _stream = stream;
        _waiting.StreamOpened(stream);
        try
        {
            await foreach (var message in stream.ReadAsync())
            {
                if (message.Drain is { } drain) leaving ??= LeaveAsync(stream, drain);
                else if (Take(message)) answers++;
            }
        }
        finally
        {
            _stream = null;
            _waiting.StreamClosed(stream.Unread);
        }
        if (leaving is not null) await leaving;
        return new StreamEnd(answers > 0 || _clock.GetElapsedTime(openedAt) >= _settings.WorthwhileAfter, leaving is not null, stream.Status, stream.Said);
    }

    private void Greet(Uri gateway, Welcome welcome)
    {
        _deniedBy.Clear();
        // The time first: what a card signs with the challenge is an event id of this time.
        Follow(welcome.GatewayTime);
        _challenge.Take(welcome.Challenge ?? new Challenge());
        if (welcome.InstitutionCode != _terminal.Institution.ToString() || welcome.TerminalName != _terminal.Name)
            _diagnostics.Say("The gateway knows this terminal by another name than its certificate; its cards' signatures will not fit.");
        _status = _status with { State = LinkState.Open };
        _diagnostics.Say($"The stream to {gateway.Authority} is open.");
        _firstWelcome.TrySetResult(welcome);
    }

    /// <summary>Event ids go by this time from now on.</summary>
    private void Follow(string rfc3339)
    {
        if (!DateTimeOffset.TryParse(rfc3339, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var gatewayTime)) return;
        _clock.Follow(gatewayTime);
        if (_clock.MachineOff is var off && off.Duration() > GatewayClock.Tolerance)
            _diagnostics.Say($"This machine's clock is off by {LinkStatus.ClockText(off)}. Look-ups go by the gateway's; set it all the same.");
    }

    /// <summary>True where an event ended.</summary>
    private bool Take(GatewayMessage message)
    {
        switch (message.MessageCase)
        {
            case GatewayMessage.MessageOneofCase.Answer:
                return End(message.Answer.EventId, new Outcome.Answered(message.Answer));
            case GatewayMessage.MessageOneofCase.Refusal:
                // The gateway's clock was set since its welcome, or the event is from before one: these refusals, and no others, are always of now.
                if (message.Refusal is { Remedy.Reason: Reason.ClockAhead or Reason.TooOld, Freshness: { } freshness }) Follow(freshness.AsOf);
                return End(message.Refusal.EventId, new Outcome.Refused(message.Refusal));
            case GatewayMessage.MessageOneofCase.Problem when message.Problem.EventId.Length > 0:
                return End(message.Problem.EventId, new Outcome.Unaskable(message.Problem));
            case GatewayMessage.MessageOneofCase.Problem:
                _diagnostics.Say($"The gateway could not read a message (status {message.Problem.Status?.Code}).");
                return false;
            case GatewayMessage.MessageOneofCase.Busy:
                if (EventId.TryParse(message.Busy.EventId, out var id)) _waiting.Busy(id, message.Busy.RetryAfter?.ToTimeSpan() ?? TimeSpan.FromSeconds(1));
                return false;
            case GatewayMessage.MessageOneofCase.Challenge:
                _challenge.Take(message.Challenge);
                return false;
            default:
                _diagnostics.Say($"The gateway sent what this agent does not know ({message.MessageCase}).");
                return false;
        }
    }

    private bool End(string eventId, Outcome outcome)
    {
        if (!EventId.TryParse(eventId, out var id)) return false;
        _waiting.End(id, outcome);
        return true;
    }

    private async Task LeaveAsync(TerminalStream stream, Drain drain)
    {
        _status = _status with { State = LinkState.Draining };
        var asked = drain.ReconnectWithin?.ToTimeSpan() ?? _settings.DrainDeadline;
        var patience = asked < _settings.DrainDeadline ? asked : _settings.DrainDeadline;
        try
        {
            await _waiting.StopSending().WaitAsync(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, _clock);
        }
        catch (TimeoutException)
        {
            _diagnostics.Say("Leaving a draining gateway with look-ups under way; they are asked elsewhere.");
        }
        stream.HalfClose();
    }

    private void Deny(Uri gateway, StreamEnd end)
    {
        if (!end.Denied)
        {
            _deniedBy.Remove(gateway);
            return;
        }
        _deniedBy.Add(gateway);
        if (_deniedBy.Count < _settings.Gateways.Distinct().Count()) return;
        _diagnostics.Say($"No gateway lets this terminal in ({end.Status}). {end.Said?.Message}");
        _waiting.EndAll(id => new Outcome.Unaskable(new Problem
        {
            EventId = id.ToString(),
            Status = end.Said ?? new Google.Rpc.Status { Code = (int)end.Status, Message = "No gateway lets this terminal in." },
        }));
    }

    private async Task WaitAsync(TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, _clock, _closing.Token);
        }
        catch (OperationCanceledException)
        {
            // The agent closes.
        }
    }
}
