using System.Buffers.Binary;

namespace EligibilityGateway.Contracts;

/// <summary>An event's id, chosen by the terminal: a UUID version 7, so that it carries the time at which it was made.</summary>
public readonly record struct EventId
{
    private EventId(Guid value) => Value = value;

    public Guid Value { get; }

    /// <summary>When the id was made, by the terminal's clock; to the millisecond.</summary>
    public DateTimeOffset Time
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            Value.TryWriteBytes(bytes, bigEndian: true, out _);
            return DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(bytes) >> 16);
        }
    }

    /// <summary>Accepts the text form of a UUID of version 7 (RFC 9562) whose time lies before the year 10000.</summary>
    public static bool TryParse(string? text, out EventId id)
    {
        id = default;
        if (text is not { Length: 36 } || !Guid.TryParseExact(text, "D", out var value) || value.Version != 7 || (value.Variant & 0xC) != 0x8)
            return false;
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        if (BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16 > MaxMilliseconds) return false;
        id = new EventId(value);
        return true;
    }

    /// <summary>A new id at this moment.</summary>
    public static EventId New(TimeProvider clock) => At(clock.GetUtcNow());

    /// <summary>A new id of that moment.</summary>
    public static EventId At(DateTimeOffset moment) => new(Guid.CreateVersion7(moment));

    public override string ToString() => Value.ToString("D");

    private static readonly long MaxMilliseconds = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
}
