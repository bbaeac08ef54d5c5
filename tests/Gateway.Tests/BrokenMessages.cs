using System.IO.Compression;
using Grpc.Core;

namespace EligibilityGateway.Gateway.Tests;

/// <summary>A message that can't be read, and the status in which its call ends.</summary>
/// <param name="What">Its fault.</param>
/// <param name="Frame">Its bytes, frame and all.</param>
/// <param name="Code">The status.</param>
/// <param name="Says">A part of the status' text.</param>
/// <param name="Encoding">grpc-encoding.</param>
internal sealed record BrokenMessage(string What, byte[] Frame, StatusCode Code, string Says, string? Encoding = null);

/// <summary>What a client's bytes can do. Each holds what may turn up nowhere: <see cref="Secret"/>, or 試験 as CP932 has it.</summary>
internal static class BrokenMessages
{
    public const string Secret = "7418529";

    private const string Framing = "not framed as gRPC has it";
    private const string Length = "longer than this service reads";

    private static readonly byte[] Cp932 = [0x8E, 0x8E, 0x8C, 0xB1];
    private static readonly byte[] Surrogate = [0xED, 0xA0, 0x80];

    private static readonly Lazy<byte[]> Bomb = new(() =>
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)) gzip.Write(new byte[16 << 20]);
        return packed.ToArray();
    });

    /// <summary>Where a message is expected, the first or a later one.</summary>
    /// <param name="name">The message's.</param>
    /// <param name="most">How long it may be.</param>
    /// <param name="field">Wraps a text as a field of the message; null where it has none.</param>
    public static IEnumerable<BrokenMessage> For(string name, int most, Func<byte[], byte[]>? field)
    {
        var secret = System.Text.Encoding.ASCII.GetBytes(Secret);
        byte[] rubbish = [0xFF, 0xFF, .. secret];
        yield return new("no protobuf", RawGrpc.Frame(rubbish), StatusCode.InvalidArgument, $"is no {name}, or a text in it is not UTF-8");
        if (field is not null)
        {
            yield return new("CP932", RawGrpc.Frame(field(Cp932)), StatusCode.InvalidArgument, $"is no {name}, or a text in it is not UTF-8");
            yield return new("a lone surrogate", RawGrpc.Frame(field([.. secret, .. Surrogate])), StatusCode.InvalidArgument, $"is no {name}, or a text in it is not UTF-8");
            yield return new("a text longer than its message", RawGrpc.Frame(field(secret).AsSpan()[..^1]), StatusCode.InvalidArgument, $"is no {name}, or a text in it is not UTF-8");
        }
        yield return new("a flag of 2", RawGrpc.Frame(rubbish, flag: 2), StatusCode.InvalidArgument, Framing);
        yield return new("compressed, it does not say how", RawGrpc.Frame(rubbish, flag: 1), StatusCode.InvalidArgument, Framing);
        yield return new("compressed as it is", RawGrpc.Frame(rubbish, flag: 1), StatusCode.InvalidArgument, Framing, "identity");
        yield return new("compressed as nobody knows", RawGrpc.Frame(rubbish, flag: 1), StatusCode.Unimplemented, "by gzip", "x" + Secret);
        yield return new("no gzip", RawGrpc.Frame(rubbish, flag: 1), StatusCode.InvalidArgument, Framing, "gzip");
        yield return new("little gzip of much", RawGrpc.Frame(Bomb.Value, flag: 1), StatusCode.ResourceExhausted, Length, "gzip");
        yield return new("a byte too long", RawGrpc.Frame(secret, length: (uint)most + 1), StatusCode.ResourceExhausted, Length);
        yield return new("of 4 GiB", RawGrpc.Frame(secret, length: uint.MaxValue), StatusCode.InvalidArgument, Framing);
        yield return new("cut in its frame", [0, 0, 0], StatusCode.InvalidArgument, Framing);
        yield return new("shorter than its length", RawGrpc.Frame(secret, length: 100), StatusCode.InvalidArgument, Framing);
    }

    /// <summary>Where one message is expected and no more, besides.</summary>
    public static IEnumerable<BrokenMessage> Alone()
    {
        yield return new("none", [], StatusCode.InvalidArgument, Framing);
        yield return new("two", [.. RawGrpc.Frame([]), .. RawGrpc.Frame([])], StatusCode.InvalidArgument, Framing);
        yield return new("something behind it", [.. RawGrpc.Frame([]), 0], StatusCode.InvalidArgument, Framing);
    }

    /// <summary>A text as the field of number 1.</summary>
    public static byte[] First(byte[] text) => [0x0A, (byte)text.Length, .. text];

    /// <summary>What is wrong with how the call ended; null where it ended as it should.</summary>
    public static string? Complaint(this BrokenMessage message, string method, RawEnd end)
    {
        var isTold = end.Status == message.Code && end.Detail.Contains(message.Says, StringComparison.Ordinal) && end.Rich?.Message == end.Detail && end.Rich.Code == (int)end.Status;
        return isTold && !end.Detail.Contains(Secret, StringComparison.Ordinal) ? null : $"{method}, {message.What}: {end.Status} {end.Detail} {end.Rich}";
    }
}
