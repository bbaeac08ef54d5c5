namespace EligibilityGateway.Gateway.Access.Journal;

/// <summary>One entry as it is read back for draining.</summary>
/// <param name="Position">Its place.</param>
/// <param name="AppendedAt">When it was written, by the gateway's clock, to the millisecond.</param>
/// <param name="Content">The bytes that were appended.</param>
public sealed record JournalEntry(JournalPosition Position, DateTimeOffset AppendedAt, ReadOnlyMemory<byte> Content);
