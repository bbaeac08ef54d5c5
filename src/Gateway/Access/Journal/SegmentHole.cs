namespace EligibilityGateway.Gateway.Access.Journal;

/// <summary>An unreadable stretch in front of an entry.</summary>
/// <param name="Offset">Its first byte.</param>
/// <param name="Length">How many bytes.</param>
/// <param name="FirstIndex">Index of the first entry missing.</param>
/// <param name="Entries">How many are missing.</param>
/// <param name="WasAcknowledged">The entry behind is of a later group, which proves that the missing ones were synced.</param>
internal readonly record struct SegmentHole(int Offset, int Length, int FirstIndex, int Entries, bool WasAcknowledged);
