namespace EligibilityGateway.Gateway.Access.Journal;

/// <summary>
/// What a segment's bytes hold: the entries that authenticate, in order, and the stretches between them that hold none. A damaged
/// entry costs that entry alone: the scan goes on at the next one that the segment's mark announces.
/// </summary>
internal sealed class SegmentScan
{
    private readonly List<EntrySpot> _entries = [];
    private readonly List<SegmentHole> _holes = [];

    private SegmentScan()
    {
    }

    public IReadOnlyList<EntrySpot> Entries => _entries;

    /// <summary>Unreadable stretches with an entry behind them.</summary>
    public IReadOnlyList<SegmentHole> Holes => _holes;

    /// <summary>End of the last entry.</summary>
    public int End { get; private set; } = JournalFormat.EntriesStart;

    /// <summary>How many bytes behind the last entry, up to the last that is not zero: a torn write.</summary>
    public int TailLength { get; private set; }

    public int NextIndex => _entries.Count == 0 ? 0 : _entries[^1].Index + 1;

    /// <param name="bytes">The segment's file, from its first byte; it may be shorter than the segment.</param>
    /// <param name="header">Its header.</param>
    /// <param name="cipher">Its cipher.</param>
    public static SegmentScan Of(ReadOnlySpan<byte> bytes, SegmentHeader header, EntryCipher cipher)
    {
        var scan = new SegmentScan();
        var area = bytes[..Math.Min(bytes.Length, header.EntriesEnd)];
        var content = new byte[JournalFormat.LargestContentBytes];
        for (var offset = JournalFormat.EntriesStart; offset < area.Length;)
        {
            // An entry whose index was there already is a copy that somebody made: no entry of this place.
            if (cipher.TryOpen(area[offset..], content, out var spot) && spot.Index >= scan.NextIndex)
            {
                spot = spot with { Offset = offset };
                scan.Add(spot);
                offset = spot.End;
                continue;
            }
            var next = area[(offset + 1)..].IndexOf(cipher.Mark);
            if (next < 0) break;
            offset += 1 + next;
        }
        if (scan.End < area.Length) scan.TailLength = area[scan.End..].LastIndexOfAnyExcept((byte)0) + 1;
        return scan;
    }

    private void Add(EntrySpot spot)
    {
        if (spot.Offset > End || spot.Index > NextIndex)
            _holes.Add(new SegmentHole(End, spot.Offset - End, NextIndex, spot.Index - NextIndex, spot.GroupStart > NextIndex));
        _entries.Add(spot);
        End = spot.End;
    }
}
