using EligibilityGateway.Gateway.Access;
using EligibilityGateway.Gateway.Keys;

namespace EligibilityGateway.Gateway.LookUps;

/// <summary>Closes answers for a terminal that may ask again; each opens for its own event and terminal alone.</summary>
public sealed class AnswerSeal(Seal seal)
{
    private const int KeyLength = 32;

    public byte[] Close(ReadOnlySpan<byte> answer, EventKey of)
    {
        Span<byte> belongsTo = stackalloc byte[KeyLength];
        Write(of, belongsTo);
        return seal.Close(answer, belongsTo);
    }

    /// <summary>Null where the answer is no longer kept.</summary>
    public byte[]? Open(KeptAnswer kept, EventKey of)
    {
        if (kept.SealedAnswer is not { } closed) return null;
        Span<byte> belongsTo = stackalloc byte[KeyLength];
        Write(of, belongsTo);
        return seal.Open(closed, belongsTo);
    }

    private static void Write(EventKey key, Span<byte> to)
    {
        key.EventId.TryWriteBytes(to, bigEndian: true, out _);
        key.TerminalId.TryWriteBytes(to[16..], bigEndian: true, out _);
    }
}
