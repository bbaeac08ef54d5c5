using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.ReaderAgent.Cards;
using EligibilityGateway.ReaderAgent.Link;
using EligibilityGateway.ReaderAgent.Screen;
using Grpc.Core;

namespace EligibilityGateway.ReaderAgent.Simulate;

/// <summary>Results with their texts.</summary>
internal sealed class ResultPages(Words words)
{
    private static readonly Problem NoteRefused = new()
    {
        Status = new Google.Rpc.Status { Code = (int)StatusCode.InvalidArgument, Message = "emergency.note looks like it holds a My Number; it was not sent." },
    };

    private readonly AnswerPage _answers = new(words);
    private readonly FaultPage _faults = new(words);

    public EventResult Of(string? id, EventId eventId, Outcome outcome) => outcome switch
    {
        Outcome.Answered(var answer) => new EventResult(id, eventId.ToString(), "answer", answer, _answers.Of(answer)),
        Outcome.Refused(var refusal) => new EventResult(id, eventId.ToString(), "refusal", refusal, _answers.Of(refusal)),
        Outcome.Unaskable(var problem) => new EventResult(id, eventId.ToString(), "problem", problem, _faults.Of(problem)),
        Outcome.TooOld => new EventResult(id, eventId.ToString(), "tap-again", null, words["TapAgain"]),
        Outcome.SpoolFull => new EventResult(id, eventId.ToString(), "spool-full", null, words["SpoolFull"]),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), "Outcomes are of these kinds."),
    };

    public EventResult Of(string? id, CardFault fault) => new(id, null, "card-error", null, _faults.Of(fault));

    public StatusResult Of(string? id, LinkStatus status)
    {
        var text = words.Format("Status", words.Of("Link", status.State), status.Gateway.Authority, status.Waiting);
        if (status.ClockOff.Duration() > GatewayClock.Tolerance) text += "\n" + words.Format("ClockOff", LinkStatus.ClockText(status.ClockOff));
        return new StatusResult(id, status, text);
    }

    public EventResult Of(string? id, ChargeAnswer answer) => answer.Receipt is { } receipt
        ? new EventResult(id, null, "charge", receipt, words.Format($"Charge_{receipt.Stage}", words.Day(receipt.CountsUntil)))
        : Of(id, new Problem { Status = answer.Status });

    private EventResult Of(string? id, Problem problem) => new(id, null, "problem", problem, _faults.Of(problem));

    public EventResult WithoutChallenge(string? id) => new(id, null, "tap-again", null, words["NoChallenge"]);

    public EventResult MyNumberInNote(string? id) => new(id, null, "problem", NoteRefused, words["MyNumberInNote"]);

    public static EventResult Bad(string? id, string text) => new(id, null, "bad-command", null, text);
}
