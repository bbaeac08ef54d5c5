using EligibilityGateway.Common.Files;
using EligibilityGateway.Gateway.Keys;

namespace EligibilityGateway.Gateway.Access.Journal;

public sealed partial class AccessJournal
{
    /// <summary>The largest entry, in bytes.</summary>
    public const int LargestEntryBytes = JournalFormat.LargestContentBytes;

    /// <summary>Bounds the time of one write, and so an emergency's wait for the group before it.</summary>
    private const int LargestGroupBytes = 1 << 20;

    private readonly WaitingLane _emergencyLane = new();
    private readonly WaitingLane _deskLane = new();
    private readonly Thread _writer;
    private Segment? _current;
    private long _lastNumber;
    private int? _entriesInLast;
    private bool _failed;
    private bool _closing;

    /// <summary>Appends an entry; completes when it is on the disk, or when it is certain that it will not be.</summary>
    /// <param name="entry">From 1 to <see cref="LargestEntryBytes"/> bytes, copied before this returns.</param>
    /// <param name="emergency">The entry may fill the reserve, and is written before those of the desk lane that wait.</param>
    /// <param name="cancellation">Ends the waiting. The entry is not written if it still waits then; if the disk has it already, it stays.</param>
    public ValueTask<AppendOutcome> AppendAsync(ReadOnlyMemory<byte> entry, bool emergency, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfZero(entry.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entry.Length, LargestEntryBytes);
        if (cancellation.IsCancellationRequested) return ValueTask.FromCanceled<AppendOutcome>(cancellation);

        var waiting = new WaitingEntry(entry.ToArray(), emergency, cancellation);
        lock (_gate)
        {
            if (_failed || _closing) return new(new AppendOutcome(AppendStatus.Failed));
            if (!(emergency ? _emergencyLane : _deskLane).TryEnqueue(waiting)) return new(new AppendOutcome(AppendStatus.Busy));
            Monitor.Pulse(_gate);
        }
        return waiting.OutcomeAsync();
    }

    /// <summary>A disk error has closed the journal to new entries; those that it has can be drained.</summary>
    public bool IsFailed
    {
        get
        {
            lock (_gate) return _failed;
        }
    }

    /// <summary>
    /// Takes entries again after a disk error, if the disk writes and syncs a whole free segment. Writing goes on in that one: of the
    /// segment where the error came nobody knows what lies behind the last acknowledged entry, so nothing is added to it.
    /// </summary>
    /// <returns>Whether entries are taken now.</returns>
    public bool TryResume()
    {
        lock (_draining)
        {
            FreeSegment free;
            lock (_gate)
            {
                if (!_failed) return true;
                if (_closing || !_free.TryPeek(out free)) return false;
            }
            try
            {
                // The failed header may be on it in part.
                FreeSegment.Wipe(free.File, free.Handle, _options.SegmentBytes);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                return false;
            }
            lock (_gate)
            {
                // How many entries a reader will find in the last segment is not known any more.
                (_current, _entriesInLast) = (null, null);
                _failed = false;
            }
            LogResumed();
            return true;
        }
    }

    private int BytesPerFreeSegment => _options.SegmentBytes - (2 * JournalFormat.SectorBytes);

    private void WriteGroups()
    {
        var buffer = new byte[LargestGroupBytes];
        var group = new List<WaitingEntry>();
        while (WaitForGroup(group) is { } step)
        {
            try
            {
                if (step == WriterStep.BeginSegment) BeginSegment();
                else if (group.Count > 0) WriteGroup(group, buffer);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                Fail(group, fault);
            }
            group.Clear();
        }
    }

    /// <returns>What to do next; null when the journal is closed and nothing waits.</returns>
    private WriterStep? WaitForGroup(List<WaitingEntry> group)
    {
        lock (_gate)
        {
            while (_emergencyLane.IsEmpty && _deskLane.IsEmpty)
            {
                if (_closing) return null;
                Monitor.Wait(_gate);
            }
            return TakeGroup(group);
        }
    }

    /// <summary>Takes what waits, up to the end of the current segment, and turns away what there is no room for.</summary>
    private WriterStep TakeGroup(List<WaitingEntry> group)
    {
        var taken = 0;
        while (true)
        {
            var lane = _emergencyLane.IsEmpty ? _deskLane : _emergencyLane;
            if (!lane.TryPeek(out var entry)) return WriterStep.WriteGroup;
            if (entry.IsWithdrawn)
            {
                lane.Dequeue();
                continue;
            }
            var fits = _current is not null && _current.Room - taken >= entry.Length;
            if (!HasRoomFor(entry, fits, taken))
            {
                lane.Dequeue().Complete(new(AppendStatus.Full));
                continue;
            }
            if (!fits) return group.Count == 0 ? WriterStep.BeginSegment : WriterStep.WriteGroup;
            if (taken + entry.Length > LargestGroupBytes) return WriterStep.WriteGroup;
            group.Add(lane.Dequeue());
            taken += entry.Length;
        }
    }

    private bool HasRoomFor(WaitingEntry entry, bool fits, int taken)
    {
        if (!fits && _free.Count == 0) return false;
        if (entry.IsEmergency) return true;
        // What is left of a segment that is too short for the next entry is lost, and counts as used.
        var left = (fits ? FreeBytesLocked() - taken : (long)_free.Count * BytesPerFreeSegment) - entry.Length;
        return left >= _options.EmergencyReserveBytes;
    }

    private long FreeBytesLocked() => ((long)_free.Count * BytesPerFreeSegment) + (_current?.Room ?? 0);

    private void BeginSegment()
    {
        FreeSegment free;
        // It leaves the queue only with a header on the disk: after an error it is the one that TryResume wipes.
        lock (_gate) free = _free.Peek();
        var header = SegmentHeader.New(_lastNumber + 1, _keys.ActiveId, _options.SegmentBytes, _current?.NextIndex ?? _entriesInLast);
        free.WriteHeader(header, _keys);
        var segment = new Segment(free.File, free.Handle, header, _keys);
        lock (_gate)
        {
            _free.Dequeue();
            _segments.Add(segment);
            _current = segment;
            _lastNumber = header.Number;
        }
    }

    private void WriteGroup(List<WaitingEntry> group, byte[] buffer)
    {
        var segment = _current!;
        var first = segment.NextIndex;
        var written = new List<EntrySpot>(group.Count);
        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        var length = 0;
        if (_keyUse.Add(segment.Header.KeyId, group.Count) is var (level, told)) LogKeyUse(level == KeyUseLevel.Over ? LogLevel.Error : LogLevel.Warning, told);
        foreach (var entry in group)
        {
            var spot = new EntrySpot(first + written.Count, first, segment.End + length, entry.Content.Length, now);
            length += segment.Appending.Write(buffer.AsSpan(length), spot.Index, spot.GroupStart, now, entry.Content);
            written.Add(spot);
        }
        RandomAccess.Write(segment.Handle, buffer.AsSpan(0, length), segment.End);
        DiskSync.File(segment.Handle);

        lock (_gate) segment.Append(written);
        for (var i = 0; i < group.Count; i++)
            group[i].Complete(new(AppendStatus.Durable, new JournalPosition(segment.Number, written[i].Index)));
    }

    /// <summary>
    /// After an error nobody knows what the disk holds of the unsynced part (a second sync may succeed without having written it), so
    /// nothing more is appended to this segment, and nothing at all until <see cref="TryResume"/> finds the disk well.
    /// </summary>
    private void Fail(List<WaitingEntry> group, Exception fault)
    {
        LogFailed(fault.Message);
        lock (_gate)
        {
            _failed = true;
            while (!_emergencyLane.IsEmpty) group.Add(_emergencyLane.Dequeue());
            while (!_deskLane.IsEmpty) group.Add(_deskLane.Dequeue());
        }
        foreach (var entry in group) entry.Complete(new(AppendStatus.Failed));
    }

    private enum WriterStep
    {
        WriteGroup = 1,
        BeginSegment,
    }
}
