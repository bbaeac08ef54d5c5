using EligibilityGateway.ReaderAgent.Link;
using Google.Protobuf;

namespace EligibilityGateway.ReaderAgent.Simulate;

/// <summary>What came of a command.</summary>
/// <param name="Id">The command's own; null for an event that an earlier run had left.</param>
/// <param name="Text">For a person to read, in lines.</param>
internal abstract record Result(string? Id, string Text);

/// <summary>What came of an event, or why none was made.</summary>
/// <param name="Id">See <see cref="Result"/>.</param>
/// <param name="EventId">Null where no event was made.</param>
/// <param name="Kind">answer, refusal, charge, problem, tap-again, card-error, spool-full or bad-command.</param>
/// <param name="Message">What the gateway said, where it said something.</param>
/// <param name="Text">See <see cref="Result"/>.</param>
internal sealed record EventResult(string? Id, string? EventId, string Kind, IMessage? Message, string Text) : Result(Id, Text);

/// <summary>How the link stands.</summary>
internal sealed record StatusResult(string? Id, LinkStatus Status, string Text) : Result(Id, Text);
