namespace EligibilityGateway.Gateway.Access.Journal;

/// <summary>Something in the journal's files that could not be read; kept apart for an operator where it may be evidence of a loss.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="File">Name of the file in the journal's folder.</param>
/// <param name="Segment">Number of the segment; 0 where its header is unreadable. Of missing segments the first that may be missing.</param>
/// <param name="Offset">First unreadable byte.</param>
/// <param name="Length">How many bytes; of missing segments how many segments.</param>
/// <param name="FirstIndex">Index of the first entry that is missing.</param>
/// <param name="Entries">How many entries are missing; 0 where that can't be told.</param>
public sealed record JournalDamage(
    JournalDamageKind Kind, string File, long Segment, long Offset = 0, long Length = 0, int FirstIndex = 0, int Entries = 0);
