using System.Buffers.Binary;
using EligibilityGateway.Common.Files;
using EligibilityGateway.Gateway.Keys;
using Microsoft.Win32.SafeHandles;

namespace EligibilityGateway.Gateway.Access.Journal;

/// <summary>
/// What of the journal is drained; its bytes are in <see cref="JournalFormat"/>. Two sectors of one file are written in turn, in place: so it
/// needs no room on a full disk, and a torn write leaves the value before, whose only cost is that something is drained twice.
/// </summary>
internal sealed class DrainProgress : IDisposable
{
    public const string File = "progress";

    private const string Purpose = "progress";
    private const int Sectors = 2;

    private readonly SafeFileHandle _file;
    private readonly KeyRing _keys;
    private long _writings;

    private DrainProgress(SafeFileHandle file, KeyRing keys)
    {
        _file = file;
        _keys = keys;
    }

    /// <summary>The highest number of a segment that was drained to its end. Those behind it must be there without a gap.</summary>
    public long RetiredThrough { get; private set; }

    /// <summary>Id of the segment that was drained to its end last: a crash may have come before its file was made free.</summary>
    private byte[] RetiredId { get; set; } = new byte[JournalFormat.SegmentIdBytes];

    /// <summary>Id of the segment that is being drained.</summary>
    private byte[] SegmentId { get; set; } = new byte[JournalFormat.SegmentIdBytes];

    /// <summary>Index of that segment's first entry that is not drained.</summary>
    private int NextIndex { get; set; }

    /// <summary>A file with writing in it of which nothing is intact.</summary>
    public bool IsDamaged { get; private set; }

    public static DrainProgress Open(JournalFolder folder, KeyRing keys)
    {
        var exists = folder.Exists(File);
        var file = exists ? folder.OpenExisting(File) : folder.Create(File, Sectors * JournalFormat.SectorBytes);
        var progress = new DrainProgress(file, keys);
        if (exists) progress.Read();
        return progress;
    }

    /// <summary>The segment's entries before <paramref name="nextIndex"/> are drained. Durable when this returns.</summary>
    public void Mark(SegmentHeader segment, int nextIndex)
    {
        Write(RetiredThrough, RetiredId, segment.Id, nextIndex);
        (SegmentId, NextIndex) = (segment.Id, nextIndex);
    }

    /// <summary>The segment is drained to its end. Durable when this returns.</summary>
    public void Retire(SegmentHeader segment)
    {
        var through = Math.Max(RetiredThrough, segment.Number);
        Write(through, segment.Id, SegmentId, NextIndex);
        (RetiredThrough, RetiredId) = (through, segment.Id);
    }

    /// <summary>Index of the segment's first entry that is not drained.</summary>
    public int FirstUndrained(SegmentHeader segment) =>
        segment.Id.AsSpan().SequenceEqual(RetiredId) ? int.MaxValue
        : segment.Id.AsSpan().SequenceEqual(SegmentId) ? NextIndex
        : 0;

    /// <summary>Where it was unreadable, it begins anew in front of the segments that are there.</summary>
    public void BeginBefore(long firstSegment) => RetiredThrough = firstSegment - 1;

    public void Dispose() => _file.Dispose();

    private static ReadOnlySpan<byte> Magic => "EGDRAIN\0"u8;

    private void Write(long retiredThrough, byte[] retiredId, byte[] segmentId, int nextIndex)
    {
        var sector = new byte[JournalFormat.SectorBytes];
        Magic.CopyTo(sector);
        sector[8] = JournalFormat.Version;
        sector[9] = _keys.ActiveId;
        BinaryPrimitives.WriteInt64LittleEndian(sector.AsSpan(16), _writings + 1);
        BinaryPrimitives.WriteInt64LittleEndian(sector.AsSpan(24), retiredThrough);
        retiredId.CopyTo(sector.AsSpan(32));
        segmentId.CopyTo(sector.AsSpan(48));
        BinaryPrimitives.WriteInt32LittleEndian(sector.AsSpan(64), nextIndex);
        SealedSector.Seal(sector, SegmentKey.Derive(_keys, _keys.ActiveId, segmentId, Purpose));
        RandomAccess.Write(_file, sector, (_writings + 1) % Sectors * JournalFormat.SectorBytes);
        DiskSync.File(_file);
        _writings++;
    }

    private void Read()
    {
        var sectors = new byte[Sectors * JournalFormat.SectorBytes];
        _ = JournalFolder.Read(_file, sectors, 0);
        for (var i = 0; i < Sectors; i++)
        {
            var sector = sectors.AsSpan(i * JournalFormat.SectorBytes, JournalFormat.SectorBytes);
            if (!IsIntact(sector)) continue;
            var writings = BinaryPrimitives.ReadInt64LittleEndian(sector[16..]);
            if (writings <= _writings) continue;
            _writings = writings;
            RetiredThrough = BinaryPrimitives.ReadInt64LittleEndian(sector[24..]);
            RetiredId = sector.Slice(32, JournalFormat.SegmentIdBytes).ToArray();
            SegmentId = SegmentIdOf(sector).ToArray();
            NextIndex = BinaryPrimitives.ReadInt32LittleEndian(sector[64..]);
        }
        IsDamaged = _writings == 0 && sectors.AsSpan().ContainsAnyExcept((byte)0);
    }

    private bool IsIntact(ReadOnlySpan<byte> sector) =>
        sector.StartsWith(Magic) && sector[8] == JournalFormat.Version && _keys.Holds(sector[9])
        && SealedSector.IsIntact(sector, SegmentKey.Derive(_keys, sector[9], SegmentIdOf(sector), Purpose));

    private static ReadOnlySpan<byte> SegmentIdOf(ReadOnlySpan<byte> sector) => sector.Slice(48, JournalFormat.SegmentIdBytes);
}
