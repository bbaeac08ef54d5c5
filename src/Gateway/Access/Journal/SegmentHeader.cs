using System.Buffers.Binary;
using System.Security.Cryptography;
using EligibilityGateway.Gateway.Keys;

namespace EligibilityGateway.Gateway.Access.Journal;

/// <summary>A segment's header; its bytes are in <see cref="JournalFormat"/>.</summary>
/// <param name="Number">From 1, one more for each segment.</param>
/// <param name="Id">16 random bytes.</param>
/// <param name="KeyId">The ring's key that the segment's keys are drawn from.</param>
/// <param name="SegmentBytes">Length of the file.</param>
/// <param name="EntriesBefore">How many entries the segment before has; null if that is not known.</param>
internal sealed record SegmentHeader(long Number, byte[] Id, byte KeyId, int SegmentBytes, int? EntriesBefore)
{
    private const string Purpose = "header";

    /// <summary>A number that nobody proved (its key is away) must not bring the count to its end.</summary>
    private const long LargestUnprovedNumber = 1L << 60;

    private static ReadOnlySpan<byte> Magic => "EGJRNL\0\0"u8;

    public int EntriesEnd => SegmentBytes - JournalFormat.SectorBytes;

    public static SegmentHeader New(long number, byte keyId, int segmentBytes, int? entriesBefore) =>
        new(number, RandomNumberGenerator.GetBytes(JournalFormat.SegmentIdBytes), keyId, segmentBytes, entriesBefore);

    public byte[] ToSector(KeyRing keys)
    {
        var sector = new byte[JournalFormat.SectorBytes];
        Magic.CopyTo(sector);
        sector[8] = JournalFormat.Version;
        sector[9] = KeyId;
        BinaryPrimitives.WriteInt64LittleEndian(sector.AsSpan(16), Number);
        Id.CopyTo(sector.AsSpan(24));
        BinaryPrimitives.WriteInt32LittleEndian(sector.AsSpan(40), SegmentBytes);
        BinaryPrimitives.WriteInt32LittleEndian(sector.AsSpan(44), EntriesBefore ?? -1);
        SealedSector.Seal(sector, SegmentKey.Derive(keys, KeyId, Id, Purpose));
        return sector;
    }

    public static HeaderReading Read(ReadOnlySpan<byte> sector, KeyRing keys)
    {
        if (!sector.ContainsAnyExcept((byte)0)) return new(HeaderState.Zero);
        if (sector.Length < JournalFormat.SectorBytes || !sector.StartsWith(Magic)) return new(HeaderState.Damaged);
        if (sector[8] != JournalFormat.Version) return new(HeaderState.UnknownVersion);

        var entriesBefore = BinaryPrimitives.ReadInt32LittleEndian(sector[44..]);
        var header = new SegmentHeader(
            BinaryPrimitives.ReadInt64LittleEndian(sector[16..]),
            sector.Slice(24, JournalFormat.SegmentIdBytes).ToArray(),
            sector[9],
            BinaryPrimitives.ReadInt32LittleEndian(sector[40..]),
            entriesBefore < 0 ? null : entriesBefore);
        if (keys.Holds(header.KeyId) && SealedSector.IsIntact(sector, SegmentKey.Derive(keys, header.KeyId, header.Id, Purpose)))
            return new(HeaderState.Intact, header);
        if (header.Number is < 1 or > LargestUnprovedNumber) return new(HeaderState.Damaged);
        return new(keys.Holds(header.KeyId) ? HeaderState.Damaged : HeaderState.UnknownKey, header);
    }
}
