using MemoryPack;

namespace EligibilityGateway.Gateway.Access;

/// <summary>
/// An access record as it is written, to Postgres or to the journal, with the sealed answer that a resend gets; null where none will
/// be asked for.
/// </summary>
[MemoryPackable]
public sealed partial record Entry(
    Guid EventId,
    Guid TerminalId,
    long? PersonId,
    short Validity,
    short Reason,
    byte[] RequestHash,
    byte[] Canonical,
    byte[] Salt,
    byte[]? SealedAnswer,
    ReliedUpon ReliedUpon,
    bool RegistersCard,
    DateTimeOffset DecidedAt)
{
    public EventKey Key => new(EventId, TerminalId);
}

/// <summary>What makes a look-up one and the same, at whichever gateway it arrives.</summary>
public readonly record struct EventKey(Guid EventId, Guid TerminalId);

/// <summary>What is kept of a look-up that was answered.</summary>
/// <param name="RequestHash">SHA-256 of the request that was answered.</param>
/// <param name="SealedAnswer">Null once the resend window is over.</param>
public sealed record KeptAnswer(byte[] RequestHash, byte[]? SealedAnswer);
