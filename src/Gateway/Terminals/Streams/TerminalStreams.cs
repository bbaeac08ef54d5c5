using System.Collections.Concurrent;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Access;
using EligibilityGateway.Gateway.Calls;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.LookUps;
using EligibilityGateway.Gateway.Terminals.Tls;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace EligibilityGateway.Gateway.Terminals.Streams;

/// <summary>
/// Serves terminals' streams: hello and welcome, then look-ups as they come, several at once, each answered when it is ready.
/// An idle stream holds a few hundred bytes of ours.
/// </summary>
public sealed partial class TerminalStreams(
    EligibilityLookUps lookUps, AccessLog access, Intake intake, EmergencyClaims claims, TerminalShares shares, Challenges challenges, TimeProvider clock, ILogger<TerminalStreams> logger) : IDisposable
{
    /// <summary>A terminal has one; another one or two may not have been noticed yet to be cut.</summary>
    private const int MostStreams = 8;

    private const int LongestAgentName = 100;
    private const int MostUnanswered = 100;

    private static readonly TimeSpan HelloWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryWhenFull = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ReconnectWithin = TimeSpan.FromSeconds(10);

    // A terminal that was told to go ends its side once it has its answers; one that does not is cut off.
    private static readonly TimeSpan LeaveWithin = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<TerminalStream, byte> _open = new();
    private readonly TerminalShares _streams = new(MostStreams);
    private readonly CancellationTokenSource _closing = new();
    private volatile bool _draining;

    /// <summary>How many streams are open.</summary>
    public int Open => _open.Count;

    public async Task ServeAsync(Terminal terminal, IAsyncStreamReader<TerminalMessage> from, IServerStreamWriter<GatewayMessage> to, CancellationToken cut)
    {
        if (_draining) throw RichStatus.GoingAway().ToRpcException();
        if (!_streams.TryEnter(terminal.Id)) throw RichStatus.TooManyStreams(ReconnectWithin).ToRpcException();
        using var stream = new TerminalStream(terminal, to);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cut, _closing.Token, stream.WasShutOut);
        // Before the hello, so that a revocation ends a stream that says nothing, too.
        _open[stream] = 0;
        using var left = new CancellationTokenSource();
        if (terminal.CertificateEnds is { } certificateEnds) _ = ShutOutAtAsync(certificateEnds, stream, left.Token);
        try
        {
            try
            {
                await TakeAllAsync(terminal, stream, from, end.Token);
            }
            finally
            {
                // What the terminal asked is still answered, unless it was revoked: also before a status that its last message ends in.
                await stream.AllDoneAsync().WaitAsync(stream.WasShutOut);
            }
            stream.WasShutOut.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException) when (stream.WasShutOut.IsCancellationRequested)
        {
            // The reason is the last that it hears.
            throw (stream.WhyShutOut ?? RichStatus.ShutOut()).ToRpcException();
        }
        finally
        {
            await left.CancelAsync();
            _open.TryRemove(stream, out _);
            _streams.Leave(terminal.Id);
            stream.Leave();
        }
    }

    /// <summary>Ends the streams of a terminal that was revoked, with the reason.</summary>
    public void ShutOut(Guid terminal)
    {
        foreach (var stream in _open.Keys)
            if (stream.Terminal.Id == terminal) stream.ShutOut(RichStatus.Revoked(stream.Terminal.Identity.Role));
    }

    private static async Task ShutOutAtAsync(DateTimeOffset certificateEnds, TerminalStream stream, CancellationToken ended)
    {
        if (await CertificateWatch.HasEndedAsync(certificateEnds, ended)) stream.ShutOut(RichStatus.CertificateEnded());
    }

    /// <summary>Tells every terminal to go elsewhere, finishes what is under way, and ends the streams of those that do not leave by themselves.</summary>
    public async Task DrainAsync()
    {
        var drain = new GatewayMessage { Drain = new Drain { ReconnectWithin = Duration.FromTimeSpan(ReconnectWithin) } };
        _draining = true;
        claims.Stop();
        // At once to all: a terminal that does not read holds nobody up.
        await Task.WhenAll(_open.Keys.Select(async stream =>
        {
            await stream.SendAsync(drain);
            await stream.AllDoneAsync();
            await stream.Left.WaitAsync(LeaveWithin).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }));
        await _closing.CancelAsync();
    }

    public void Dispose() => _closing.Dispose();

    private async Task TakeAllAsync(Terminal terminal, TerminalStream stream, IAsyncStreamReader<TerminalMessage> from, CancellationToken ended)
    {
        try
        {
            var hello = await ReadHelloAsync(from, ended);
            await stream.SendAsync(await WelcomeAsync(terminal, hello, ended));
            var next = from.MoveNext(ended);
            while (await next)
            {
                if (await TakeAsync(terminal, stream, from.Current, ended) is not { } refused) next = from.MoveNext(ended);
                else next = await RestAsync(terminal, stream, from, refused, ended);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The line is cut; what is under way is recorded all the same and answered when the terminal asks again.
        }
    }

    private static async Task<Hello> ReadHelloAsync(IAsyncStreamReader<TerminalMessage> from, CancellationToken ended)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ended);
        deadline.CancelAfter(HelloWithin);
        try
        {
            if (await from.MoveNext(deadline.Token) && from.Current.MessageCase == TerminalMessage.MessageOneofCase.Hello) return from.Current.Hello;
        }
        catch (OperationCanceledException) when (!ended.IsCancellationRequested)
        {
            // Told below.
        }
        throw RichStatus.BadRequest([new FormFault("hello", $"Must be the first message, within {HelloWithin.TotalSeconds:0} seconds.")]).ToRpcException();
    }

    private async Task<GatewayMessage> WelcomeAsync(Terminal terminal, Hello hello, CancellationToken ended)
    {
        var faults = new List<FormFault>();
        LookUpForm.CheckText("hello.agent", hello.Agent, LongestAgentName, faults);
        if (hello.UnansweredEventIds.Count > MostUnanswered) faults.Add(new("hello.unanswered_event_ids", $"Are more than {MostUnanswered}; name the newest."));
        var keys = new List<EventKey>();
        foreach (var text in hello.UnansweredEventIds)
        {
            if (EventId.TryParse(text, out var id)) keys.Add(new EventKey(id.Value, terminal.Id));
            else faults.Add(new("hello.unanswered_event_ids", "Must be UUIDs of version 7 in text form."));
        }
        if (faults.Count > 0) throw RichStatus.BadRequest(faults).ToRpcException();

        var welcome = new Welcome
        {
            InstitutionCode = terminal.Identity.Institution.ToString(),
            TerminalName = terminal.Identity.Name,
            Challenge = EligibilityEndpoint.ChallengeFor(terminal, challenges),
            GatewayTime = clock.GetUtcNow().UtcDateTime.ToString("O"),
        };
        if (keys.Count > 0)
            foreach (var key in await access.WhichAreRecordedAsync(keys)) welcome.RecordedEventIds.Add(key.EventId.ToString("D"));
        return new GatewayMessage { Welcome = welcome };
    }

    /// <summary>
    /// What needs no look-up is sent before the next message is read: who sends without reading waits for itself. Returns the refusal after
    /// which the stream rests, before that is sent; else null.
    /// </summary>
    private async ValueTask<GatewayMessage?> TakeAsync(Terminal terminal, TerminalStream stream, TerminalMessage message, CancellationToken ended)
    {
        switch (message.MessageCase)
        {
            case TerminalMessage.MessageOneofCase.LookUp:
                // What one terminal asks above its share says nothing of what the gateway can do.
                if (!shares.TryEnter(terminal.Id))
                {
                    await stream.SendAsync(BusyMessage(message.LookUp, RetryWhenFull));
                    return null;
                }
                if (IsTaken(terminal, stream, message.LookUp, ended)) return null;
                shares.Leave(terminal.Id);
                var refused = BusyMessage(message.LookUp, intake.RetryAfter);
                if (terminal.IsDesk && intake.Rest > TimeSpan.Zero) return refused;
                await stream.SendAsync(refused);
                return null;
            case TerminalMessage.MessageOneofCase.ChallengeRequest:
                await stream.SendAsync(new GatewayMessage { Challenge = EligibilityEndpoint.ChallengeFor(terminal, challenges) });
                return null;
            case TerminalMessage.MessageOneofCase.Hello:
                await stream.SendAsync(ProblemMessage("", RichStatus.BadRequest([new FormFault("hello", "Was said already.")])));
                return null;
            default:
                await stream.SendAsync(ProblemMessage("", RichStatus.BadRequest([new FormFault("message", "Is of no kind that this gateway knows.")])));
                return null;
        }
    }

    /// <summary>What is above what the gateway can do is refused before any work.</summary>
    private bool IsTaken(Terminal terminal, TerminalStream stream, LookUp lookUp, CancellationToken ended)
    {
        if (EmergencyClaims.IsOne(terminal, lookUp))
        {
            stream.Begin();
            _ = AnswerClaimAsync(terminal, stream, lookUp, ended);
            return true;
        }
        if (!intake.TryEnter(terminal.IsEmergency(lookUp.Purpose))) return false;
        stream.Begin();
        _ = AnswerAsync(terminal, stream, lookUp, forReview: false, ended);
        return true;
    }

    /// <summary>
    /// While far more is asked than can be answered, a desk is told so once in a while for all that it asked since: a refusal costs what its
    /// way to the terminal costs, and so several go that way together.
    /// </summary>
    /// <returns>Whether a message follows that came after the rest.</returns>
    private async Task<Task<bool>> RestAsync(
        Terminal terminal, TerminalStream stream, IAsyncStreamReader<TerminalMessage> from, GatewayMessage refused, CancellationToken ended)
    {
        await Task.Delay(intake.Rest, ended);
        var refusals = new List<GatewayMessage> { refused };
        while (true)
        {
            var next = from.MoveNext(ended);
            if (!next.IsCompletedSuccessfully || !await next)
            {
                await stream.SendAllAsync(refusals);
                return next;
            }
            var message = from.Current;
            if (message.MessageCase != TerminalMessage.MessageOneofCase.LookUp)
            {
                await TakeAsync(terminal, stream, message, ended);
                continue;
            }
            var isInShare = shares.TryEnter(terminal.Id);
            if (isInShare) shares.Leave(terminal.Id);
            refusals.Add(BusyMessage(message.LookUp, isInShare ? intake.Refuse() : RetryWhenFull));
        }
    }

    /// <summary>While it waits for its turn it is one of the terminal's share, and none of the gateway's.</summary>
    private async Task AnswerClaimAsync(Terminal terminal, TerminalStream stream, LookUp lookUp, CancellationToken ended)
    {
        bool? turn = null;
        try
        {
            turn = await claims.TurnAsync(terminal, ended);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogFault(logger, e.GetType().Name, e.TargetSite?.Name ?? "");
        }
        if (turn is { } forReview && intake.TryEnter(isEmergency: true))
        {
            await AnswerAsync(terminal, stream, lookUp, forReview, ended);
            return;
        }
        shares.Leave(terminal.Id);
        await stream.SendAsync(BusyMessage(lookUp, intake.RetryAfter));
        stream.End();
    }

    /// <summary>Runs beside the reading of the stream; no fault in one event ends it.</summary>
    private async Task AnswerAsync(Terminal terminal, TerminalStream stream, LookUp lookUp, bool forReview, CancellationToken ended)
    {
        try
        {
            // The look-up goes on where the line is cut: the terminal asks again and gets what was recorded.
            var reply = await lookUps.AnswerAsync(terminal, lookUp, forReview);
            await stream.SendAsync(reply switch
            {
                LookUpReply.Recorded { Result.ResultCase: LookUpResult.ResultOneofCase.Answer } recorded => new GatewayMessage { Answer = recorded.Result.Answer },
                LookUpReply.Recorded recorded => new GatewayMessage { Refusal = recorded.Result.Refusal },
                LookUpReply.Malformed malformed => ProblemMessage(EventIdOf(lookUp), RichStatus.BadRequest(malformed.Faults)),
                LookUpReply.Busy busy => BusyMessage(lookUp, busy.RetryAfter),
                _ => ProblemMessage(EventIdOf(lookUp), RichStatus.ShutOut()),
            });
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (ended.IsCancellationRequested) return;
            // A bug of ours: its kind and place, never its data.
            LogFault(logger, e.GetType().Name, e.TargetSite?.Name ?? "");
            await stream.SendAsync(ProblemMessage(EventIdOf(lookUp), new Google.Rpc.Status { Code = (int)Code.Internal, Message = "The gateway failed on this event; nothing was answered. Try again." }));
        }
        finally
        {
            intake.Leave();
            shares.Leave(terminal.Id);
            stream.End();
        }
    }

    private static GatewayMessage BusyMessage(LookUp lookUp, TimeSpan retryAfter) =>
        new() { Busy = new Busy { EventId = EventIdOf(lookUp), RetryAfter = Duration.FromTimeSpan(retryAfter) } };

    private static GatewayMessage ProblemMessage(string eventId, Google.Rpc.Status status) => new() { Problem = new Problem { EventId = eventId, Status = status } };

    /// <summary>Only an id that is one is sent back.</summary>
    private static string EventIdOf(LookUp lookUp) => Guid.TryParseExact(lookUp.EventId, "D", out var id) ? id.ToString("D") : "";

    [LoggerMessage(Level = LogLevel.Error, Message = "A look-up failed with {Kind} in {Place}; nothing was answered.")]
    private static partial void LogFault(ILogger logger, string kind, string place);
}
