using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EligibilityGateway.Gateway.Appointments;

/// <summary>
/// The event ids of a batch's rows: UUIDs of version 7 of the moment at which the batch was accepted. They follow from the batch's seed,
/// so that a row has one id however often it is begun, and nobody can know it before. Within a batch they ascend with the rows, which
/// keeps the index of the records together.
/// </summary>
internal static class RowEvents
{
    private const int Version7 = 0x70;
    private const int Variant = 0x80;

    /// <summary>48 bits of time, version, 12 bits of the hash, variant, 14 bits of the row, 48 bits of the hash.</summary>
    public static EventId IdOf(Guid seed, DateTimeOffset acceptedAt, int row)
    {
        Span<byte> plain = stackalloc byte[20];
        seed.TryWriteBytes(plain, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(plain[16..], row);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(plain, hash);

        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(id, acceptedAt.ToUnixTimeMilliseconds() << 16);
        id[6] = (byte)(Version7 | (plain[0] & 0x0F));
        id[7] = plain[1];
        BinaryPrimitives.WriteInt16BigEndian(id[8..], (short)row);
        id[8] |= Variant;
        hash[..6].CopyTo(id[10..]);
        return EventId.TryParse(new Guid(id, bigEndian: true).ToString("D"), out var eventId)
            ? eventId
            : throw new InvalidOperationException("A batch was accepted at a time that no event can bear.");
    }
}
