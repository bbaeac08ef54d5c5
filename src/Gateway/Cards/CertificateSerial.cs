using System.Buffers.Binary;

namespace EligibilityGateway.Gateway.Cards;

/// <summary>A certificate's serial number: positive, at most 20 bytes (RFC 5280, 4.1.2.2). Unique within one authority.</summary>
public readonly record struct CertificateSerial
{
    /// <summary>Longest serial number in bytes.</summary>
    public const int MaxLength = 20;

    private readonly UInt128 _low;
    private readonly uint _high;

    private CertificateSerial(uint high, UInt128 low)
    {
        _high = high;
        _low = low;
    }

    /// <summary>Reads a serial number, big-endian; leading zeros don't count.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bigEndian, out CertificateSerial serial)
    {
        serial = default;
        var digits = bigEndian.TrimStart((byte)0);
        if (digits.IsEmpty || digits.Length > MaxLength) return false;
        Span<byte> padded = stackalloc byte[MaxLength];
        padded.Clear();
        digits.CopyTo(padded[(MaxLength - digits.Length)..]);
        serial = new CertificateSerial(BinaryPrimitives.ReadUInt32BigEndian(padded), BinaryPrimitives.ReadUInt128BigEndian(padded[sizeof(uint)..]));
        return true;
    }
}
