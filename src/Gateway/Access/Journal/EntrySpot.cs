namespace EligibilityGateway.Gateway.Access.Journal;

/// <summary>Where an entry lies in its segment, without its content.</summary>
internal readonly record struct EntrySpot(int Index, int GroupStart, int Offset, int ContentLength, long WrittenAtMilliseconds)
{
    /// <summary>The entry's length on the disk.</summary>
    public int Length => ContentLength + JournalFormat.EntryOverheadBytes;

    public int End => Offset + Length;
}
