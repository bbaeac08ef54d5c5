using System.Buffers.Binary;

namespace EligibilityGateway.LoadTests.Wire;

/// <summary>Kinds of HTTP/2 frames that a client with one request may meet (RFC 9113, section 6).</summary>
internal enum FrameType : byte
{
    Data = 0,
    Headers = 1,
    ResetStream = 3,
    Settings = 4,
    Ping = 6,
    GoAway = 7,
    WindowUpdate = 8,
    Continuation = 9,
}

/// <summary>The nine bytes before each HTTP/2 frame (RFC 9113, section 4.1).</summary>
/// <param name="PayloadLength">Bytes that follow.</param>
/// <param name="Type">What they are; kinds that are not named are skipped, as the RFC asks.</param>
/// <param name="Flags">By type.</param>
/// <param name="Stream">0 for the connection.</param>
internal readonly record struct FrameHeader(int PayloadLength, FrameType Type, byte Flags, int Stream)
{
    public const int Length = 9;

    /// <summary>Of SETTINGS and PING.</summary>
    public const byte Acknowledged = 0x1;

    /// <summary>Of DATA and HEADERS.</summary>
    public const byte EndOfStream = 0x1;

    public const byte EndOfHeaders = 0x4;
    public const byte Padded = 0x8;
    public const byte WithPriority = 0x20;

    public bool Has(byte flag) => (Flags & flag) != 0;

    public static FrameHeader Read(ReadOnlySpan<byte> bytes) => new(
        bytes[0] << 16 | bytes[1] << 8 | bytes[2],
        (FrameType)bytes[3],
        bytes[4],
        BinaryPrimitives.ReadInt32BigEndian(bytes[5..]) & int.MaxValue);

    public void Write(Span<byte> to)
    {
        to[0] = (byte)(PayloadLength >> 16);
        to[1] = (byte)(PayloadLength >> 8);
        to[2] = (byte)PayloadLength;
        to[3] = (byte)Type;
        to[4] = Flags;
        BinaryPrimitives.WriteInt32BigEndian(to[5..], Stream);
    }
}
