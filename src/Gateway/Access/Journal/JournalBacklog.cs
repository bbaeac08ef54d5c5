namespace EligibilityGateway.Gateway.Access.Journal;

/// <summary>What lies in the journal and is not drained yet.</summary>
/// <param name="Entries">How many entries.</param>
/// <param name="Bytes">Their contents' bytes.</param>
/// <param name="OldestAge">How long ago the oldest was written; zero if there is none.</param>
public readonly record struct JournalBacklog(long Entries, long Bytes, TimeSpan OldestAge);
