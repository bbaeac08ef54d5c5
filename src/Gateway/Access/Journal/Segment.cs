using System.Runtime.InteropServices;
using EligibilityGateway.Gateway.Keys;
using Microsoft.Win32.SafeHandles;

namespace EligibilityGateway.Gateway.Access.Journal;

/// <summary>
/// A segment with entries that are not drained yet, or that is being written. What it knows of its entries is guarded by the
/// journal's gate; its file is read only up to what was synced, so reading and appending don't meet.
/// </summary>
internal sealed class Segment(string file, SafeFileHandle handle, SegmentHeader header, KeyRing keys) : IDisposable
{
    private readonly EntryCipher _appending = new(header, keys);
    private readonly EntryCipher _draining = new(header, keys);
    private readonly List<EntrySpot> _pending = [];

    public string File => file;

    public SafeFileHandle Handle => handle;

    public SegmentHeader Header => header;

    public long Number => header.Number;

    /// <summary>Index of the next entry to be written; of a segment written to its end, how many entries it had.</summary>
    public int NextIndex { get; private set; }

    /// <summary>Where the next entry goes.</summary>
    public int End { get; private set; } = JournalFormat.EntriesStart;

    public int Room => header.EntriesEnd - End;

    /// <summary>Acknowledged entries of it are lost: the file is set aside when the others are drained, not used again.</summary>
    public bool IsDamaged { get; set; }

    public ReadOnlySpan<EntrySpot> Pending => CollectionsMarshal.AsSpan(_pending);

    public long PendingBytes { get; private set; }

    public EntryCipher Appending => _appending;

    /// <summary>Takes over what a scan found, without what was drained before.</summary>
    public void Recover(SegmentScan scan, int firstUndrained)
    {
        Add(scan.Entries.Where(entry => entry.Index >= firstUndrained));
        NextIndex = scan.NextIndex;
        End = scan.End;
    }

    /// <summary>Takes over entries that were written and synced.</summary>
    public void Append(IReadOnlyList<EntrySpot> written)
    {
        Add(written);
        NextIndex = written[^1].Index + 1;
        End = written[^1].End;
    }

    /// <summary>The content of an entry; null if it is no longer on the disk as it was written.</summary>
    public byte[]? Read(EntrySpot spot)
    {
        var bytes = new byte[spot.Length];
        var content = new byte[spot.ContentLength];
        return JournalFolder.Read(handle, bytes, spot.Offset) == bytes.Length
            && _draining.TryOpen(bytes, content, out var found)
            && found with { Offset = spot.Offset } == spot
            ? content
            : null;
    }

    public void DropThrough(int index)
    {
        var kept = _pending.FindIndex(entry => entry.Index > index);
        if (kept < 0) kept = _pending.Count;
        foreach (var entry in Pending[..kept]) PendingBytes -= entry.ContentLength;
        _pending.RemoveRange(0, kept);
    }

    public void DropDamaged(EntrySpot spot)
    {
        IsDamaged = true;
        if (_pending.Remove(spot)) PendingBytes -= spot.ContentLength;
    }

    /// <summary>Ends the use of its keys; the file stays open for whoever makes it free.</summary>
    public void DisposeCiphers()
    {
        _appending.Dispose();
        _draining.Dispose();
    }

    public void Dispose()
    {
        DisposeCiphers();
        handle.Dispose();
    }

    private void Add(IEnumerable<EntrySpot> entries)
    {
        foreach (var entry in entries)
        {
            _pending.Add(entry);
            PendingBytes += entry.ContentLength;
        }
    }
}
