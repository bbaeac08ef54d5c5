using EligibilityGateway.Common.Files;
using EligibilityGateway.Gateway.Keys;
using Microsoft.Win32.SafeHandles;

namespace EligibilityGateway.Gateway.Access.Journal;

/// <summary>
/// Finds out what the journal's files hold when it is opened. Nothing readable is passed over because something beside it is not,
/// and nothing unreadable is passed over without a word.
/// </summary>
internal sealed class JournalRecovery(JournalFolder folder, KeyRing keys, JournalOptions options, TimeProvider clock) : IDisposable
{
    private readonly List<JournalDamage> _damage = [];
    private readonly SortedSet<long> _unreadableNumbers = [];
    private readonly List<(Segment Segment, SegmentScan Scan, bool IsWhole)> _found = [];
    private byte[] _buffer = [];

    /// <summary>Segments with entries, by their numbers.</summary>
    public IEnumerable<Segment> Segments => _found.Select(found => found.Segment);

    public Queue<FreeSegment> Free { get; } = [];

    /// <summary>The segment that writing goes on in; null if a new one must be begun.</summary>
    public Segment? Current { get; private set; }

    public long LastNumber { get; private set; }

    /// <summary>Entries of the segment with the last number; null if that is not known.</summary>
    public int? EntriesInLast { get; private set; }

    public IReadOnlyList<JournalDamage> Damage => _damage;

    public void Run(DrainProgress progress)
    {
        foreach (var file in folder.SegmentFiles()) Classify(file);
        _buffer = [];
        _found.Sort((a, b) => a.Segment.Number.CompareTo(b.Segment.Number));
        SetDuplicatesAside();
        if (progress.IsDamaged) _damage.Add(new(JournalDamageKind.DamagedProgress, DrainProgress.File, 0));
        for (var i = 0; i < _found.Count; i++) Recover(i, progress);
        FindMissing(progress);
        LastNumber = Math.Max(progress.RetiredThrough, Math.Max(_unreadableNumbers.Max, _found.Count == 0 ? 0 : _found[^1].Segment.Number));
        ChooseCurrent();
    }

    public void Dispose()
    {
        foreach (var segment in Segments) segment.Dispose();
        foreach (var free in Free) free.Handle.Dispose();
    }

    private void Classify(string file)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = folder.OpenExisting(file);
            if (!Take(file, handle)) handle.Dispose();
        }
        catch (IOException)
        {
            // A file that the disk won't give is left where it is.
            handle?.Dispose();
            _damage.Add(new(JournalDamageKind.DamagedSegment, file, 0));
        }
    }

    /// <returns>Whether the handle is still in use.</returns>
    private bool Take(string file, SafeFileHandle handle)
    {
        var bytes = ReadWhole(handle);
        var first = SegmentHeader.Read(bytes[..Math.Min(bytes.Length, JournalFormat.SectorBytes)], keys);
        var lastSector = bytes[Math.Max(0, bytes.Length - JournalFormat.SectorBytes)..];
        var last = SegmentHeader.Read(lastSector, keys);

        var intact = first.State == HeaderState.Intact ? first : last;
        if (intact is { State: HeaderState.Intact, Header: { } header })
        {
            var segment = new Segment(file, handle, header, keys);
            using var cipher = new EntryCipher(header, keys);
            var isWhole = first.State == HeaderState.Intact && last.State == HeaderState.Intact && bytes.Length == header.SegmentBytes;
            _found.Add((segment, SegmentScan.Of(bytes, header, cipher), isWhole));
            return true;
        }

        var unreadable = first.State is HeaderState.UnknownKey or HeaderState.UnknownVersion ? first : last;
        if (unreadable.State is HeaderState.UnknownKey or HeaderState.UnknownVersion)
        {
            var kind = unreadable.State == HeaderState.UnknownKey ? JournalDamageKind.UnknownKey : JournalDamageKind.UnknownVersion;
            return Leave(file, kind, unreadable.Header);
        }
        // Two equal copies are not damaged alike: the key with that id is another one.
        if (first.Header is not null && bytes.Length >= 2 * JournalFormat.SectorBytes
            && bytes[..JournalFormat.SectorBytes].SequenceEqual(lastSector))
            return Leave(file, JournalDamageKind.UnknownKey, first.Header);

        var isFullLength = bytes.Length == options.SegmentBytes;
        var body = bytes.Length <= 2 * JournalFormat.SectorBytes ? [] : bytes[JournalFormat.EntriesStart..^JournalFormat.SectorBytes];
        var bodyIsZero = !body.ContainsAnyExcept((byte)0);
        var headersAreZero = first.State == HeaderState.Zero && last.State == HeaderState.Zero;
        // A crash while the file was made free, or while its header was written: entries come only after a synced header.
        if ((headersAreZero && (isFullLength || bodyIsZero)) || (isFullLength && bodyIsZero)) return MakeFree(file, handle, bytes);

        handle.Dispose();
        _damage.Add(new(JournalDamageKind.DamagedSegment, folder.SetAside(file, clock.GetUtcNow()), 0, 0, bytes.Length));
        return false;
    }

    private ReadOnlySpan<byte> ReadWhole(SafeFileHandle handle)
    {
        var length = (int)Math.Min(RandomAccess.GetLength(handle), JournalOptions.LargestSegmentBytes);
        if (_buffer.Length < length) _buffer = new byte[length];
        return _buffer.AsSpan(0, JournalFolder.Read(handle, _buffer.AsSpan(0, length), 0));
    }

    private bool Leave(string file, JournalDamageKind kind, SegmentHeader? header)
    {
        if (header is not null) _unreadableNumbers.Add(header.Number);
        _damage.Add(new(kind, file, header?.Number ?? 0));
        return false;
    }

    private bool MakeFree(string file, SafeFileHandle handle, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != options.SegmentBytes)
        {
            handle.Dispose();
            folder.Delete(file);
            return false;
        }
        Free.Enqueue(bytes.ContainsAnyExcept((byte)0) ? FreeSegment.Wipe(file, handle, bytes.Length) : new FreeSegment(file, handle));
        return true;
    }

    private void SetDuplicatesAside()
    {
        for (var i = _found.Count - 1; i > 0; i--)
        {
            var segment = _found[i].Segment;
            if (segment.Number != _found[i - 1].Segment.Number) continue;
            _found.RemoveAt(i);
            segment.Dispose();
            _damage.Add(new(JournalDamageKind.DamagedSegment, folder.SetAside(segment.File, clock.GetUtcNow()), segment.Number));
        }
    }

    private void Recover(int i, DrainProgress progress)
    {
        var (segment, scan, _) = _found[i];
        foreach (var hole in scan.Holes)
        {
            segment.IsDamaged |= hole.WasAcknowledged;
            _damage.Add(new(
                hole.WasAcknowledged ? JournalDamageKind.LostEntries : JournalDamageKind.TornGroup,
                segment.File, segment.Number, hole.Offset, hole.Length, hole.FirstIndex, hole.Entries));
        }

        var behind = i + 1 < _found.Count ? _found[i + 1].Segment.Header : null;
        var entriesByNext = behind?.Number == segment.Number + 1 ? behind.EntriesBefore : null;
        if (entriesByNext > scan.NextIndex)
        {
            segment.IsDamaged = true;
            _damage.Add(new(JournalDamageKind.LostEntries, segment.File, segment.Number,
                scan.End, scan.TailLength, scan.NextIndex, entriesByNext.Value - scan.NextIndex));
        }
        else if (scan.TailLength > 0 && entriesByNext is null)
        {
            _damage.Add(new(JournalDamageKind.TornTail, segment.File, segment.Number, scan.End, scan.TailLength, scan.NextIndex));
        }
        segment.Recover(scan, progress.FirstUndrained(segment.Header));
    }

    private void FindMissing(DrainProgress progress)
    {
        if (progress.IsDamaged && _found.Count > 0) progress.BeginBefore(_found[0].Segment.Number);
        var expected = progress.RetiredThrough + 1;
        foreach (var (segment, _, _) in _found)
        {
            if (segment.Number < expected) continue;
            var missing = segment.Number - expected - _unreadableNumbers.GetViewBetween(expected, segment.Number).Count;
            if (missing > 0) _damage.Add(new(JournalDamageKind.MissingSegment, "", expected, Length: missing));
            expected = segment.Number + 1;
        }
    }

    /// <summary>
    /// Writing goes on behind the last entry only where nothing unclear lies: behind a torn write a new segment is begun, so that no
    /// byte of unknown origin is ever overwritten or mixed with new ones.
    /// </summary>
    private void ChooseCurrent()
    {
        if (_found.Count == 0 || _found[^1].Segment.Number != LastNumber) return;
        var (segment, scan, isWhole) = _found[^1];
        EntriesInLast = scan.NextIndex;
        if (!isWhole || scan.TailLength > 0 || scan.Holes.Count > 0
            || segment.Header.KeyId != keys.ActiveId || segment.Header.SegmentBytes != options.SegmentBytes)
            return;
        // What a killed process wrote and did not sync is made durable before a later group claims it was.
        DiskSync.File(segment.Handle);
        Current = segment;
    }
}
