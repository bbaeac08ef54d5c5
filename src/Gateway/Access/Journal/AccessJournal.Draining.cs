namespace EligibilityGateway.Gateway.Access.Journal;

public sealed partial class AccessJournal
{
    /// <summary>Held by whoever reads back or marks; taken before the gate, never after it.</summary>
    private readonly Lock _draining = new();

    /// <summary>
    /// The oldest entries that are not drained, in their order, at most <paramref name="max"/>; the same ones again until they are
    /// marked. An entry that the disk no longer gives as it was written is reported and left out.
    /// </summary>
    /// <exception cref="IOException">The disk can't be read.</exception>
    public IReadOnlyList<JournalEntry> ReadBatch(int max)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        lock (_draining)
        {
            var batch = new List<JournalEntry>();
            // Where a whole batch is damaged the next one is read: an empty answer means that nothing is left.
            while (batch.Count == 0)
            {
                var spots = OldestPending(max);
                if (spots.Count == 0) break;
                foreach (var (segment, spot) in spots)
                {
                    var position = new JournalPosition(segment.Number, spot.Index);
                    if (segment.Read(spot) is { } content)
                        batch.Add(new(position, DateTimeOffset.FromUnixTimeMilliseconds(spot.WrittenAtMilliseconds), content));
                    else
                        DropDamaged(segment, spot);
                }
            }
            RetireDrained();
            return batch;
        }
    }

    /// <summary>
    /// Everything up to <paramref name="position"/> is in Postgres. When this completes, the mark is on the disk, and the segments that
    /// are drained to their end are free again.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">No entry has that position yet.</exception>
    /// <exception cref="IOException">The disk failed; at the worst some entries are drained once more.</exception>
    public Task MarkDrainedAsync(JournalPosition position, CancellationToken cancellation) =>
        Task.Run(() => MarkDrained(position), cancellation);

    private void MarkDrained(JournalPosition position)
    {
        lock (_draining)
        {
            foreach (var segment in SegmentsThrough(position))
            {
                var through = segment.Number < position.Segment ? segment.NextIndex - 1 : position.Index;
                if (segment.Number == position.Segment) _progress.Mark(segment.Header, through + 1);
                lock (_gate) segment.DropThrough(through);
            }
            RetireDrained();
        }
    }

    private List<Segment> SegmentsThrough(JournalPosition position)
    {
        lock (_gate)
        {
            if (position.Segment > _lastNumber || _segments.Any(segment => segment.Number == position.Segment && position.Index >= segment.NextIndex))
                throw new ArgumentOutOfRangeException(nameof(position), position, "No entry has this position yet.");
            return [.. _segments.Where(segment => segment.Number <= position.Segment)];
        }
    }

    private List<(Segment Segment, EntrySpot Spot)> OldestPending(int max)
    {
        var spots = new List<(Segment, EntrySpot)>();
        lock (_gate)
        {
            foreach (var segment in _segments)
            {
                foreach (var spot in segment.Pending)
                {
                    if (spots.Count == max) return spots;
                    spots.Add((segment, spot));
                }
            }
        }
        return spots;
    }

    private void DropDamaged(Segment segment, EntrySpot spot)
    {
        var damage = new JournalDamage(
            JournalDamageKind.LostEntries, segment.File, segment.Number, spot.Offset, spot.Length, spot.Index, Entries: 1);
        lock (_gate)
        {
            segment.DropDamaged(spot);
            _damage.Add(damage);
        }
        LogDamage(damage);
    }

    /// <summary>Makes the files free whose entries are all drained, but for the one that is being written.</summary>
    private void RetireDrained()
    {
        List<Segment> drained;
        lock (_gate) drained = [.. _segments.Where(segment => segment != _current && segment.Pending.IsEmpty)];
        foreach (var segment in drained) Retire(segment);
    }

    private void Retire(Segment segment)
    {
        // The mark comes first: a crash behind it finds a segment that is known to be drained.
        _progress.Retire(segment.Header);
        lock (_gate) _segments.Remove(segment);
        segment.DisposeCiphers();
        if (!segment.IsDamaged && segment.Header.SegmentBytes == _options.SegmentBytes)
        {
            var free = FreeSegment.Wipe(segment.File, segment.Handle, _options.SegmentBytes);
            lock (_gate) _free.Enqueue(free);
            return;
        }

        segment.Handle.Dispose();
        if (segment.IsDamaged) _folder.SetAside(segment.File, _clock.GetUtcNow());
        else _folder.Delete(segment.File);
        TryMakeFree(segment.File);
    }
}
