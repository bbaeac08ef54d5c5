using System.Globalization;
using System.Text;
using Grpc.Core;

namespace EligibilityGateway.LoadTests.Wire;

/// <summary>
/// What a client must know of a response's header block or trailers (RFC 7541). It asked the server for no dynamic table, and Kestrel
/// writes every text as it is, without Huffman's code: a text in that code is passed over, and a status in it can't be read.
/// </summary>
internal readonly record struct ResponseHeaders
{
    // The static table has :status with 200, 204, 206, 304, 400, 404, 500 (RFC 7541, appendix A).
    private static readonly int[] Statuses = [200, 204, 206, 304, 400, 404, 500];

    private const int FirstStatus = 8;

    /// <summary>Of HTTP; null in trailers.</summary>
    public int? HttpStatus { get; private init; }

    /// <summary>Of gRPC; null in headers that messages follow.</summary>
    public StatusCode? GrpcStatus { get; private init; }

    public string GrpcMessage { get; private init; }

    /// <exception cref="InvalidDataException">This is no header block, or one that needs a dynamic table.</exception>
    public static ResponseHeaders Read(ReadOnlySpan<byte> block)
    {
        var headers = new ResponseHeaders { GrpcMessage = "" };
        while (!block.IsEmpty)
        {
            var first = block[0];
            if (first >= 0x80)
            {
                var index = ReadInteger(ref block, prefixBits: 7);
                if (StatusOf(index) is { } status) headers = headers with { HttpStatus = status };
                continue;
            }
            if (first >> 5 == 1)
            {
                if (ReadInteger(ref block, prefixBits: 5) != 0) throw new InvalidDataException("The server keeps a table of headers that it was not offered.");
                continue;
            }
            var name = ReadInteger(ref block, prefixBits: first >= 0x40 ? 6 : 4);
            var text = name == 0 ? ReadText(ref block) : null;
            headers = headers.With(name, text, ReadText(ref block));
        }
        return headers;
    }

    private ResponseHeaders With(int index, string? name, string? value) => (name, value) switch
    {
        (_, null) => this,
        ("grpc-status", _) => this with { GrpcStatus = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? (StatusCode)code : StatusCode.Unknown },
        ("grpc-message", _) => this with { GrpcMessage = Uri.UnescapeDataString(value) },
        (null, _) when StatusOf(index) is not null => this with { HttpStatus = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : 0 },
        _ => this,
    };

    private static int? StatusOf(int index) => index is >= FirstStatus and < FirstStatus + 7 ? Statuses[index - FirstStatus] : null;

    /// <summary>RFC 7541, section 5.1: what does not fit the prefix goes on in bytes of seven bits each.</summary>
    private static int ReadInteger(ref ReadOnlySpan<byte> block, int prefixBits)
    {
        var largest = (1 << prefixBits) - 1;
        var value = Next(ref block) & largest;
        if (value < largest) return value;
        for (var shift = 0; shift <= 14; shift += 7)
        {
            var more = Next(ref block);
            value += (more & 0x7F) << shift;
            if (more < 0x80) return value;
        }
        throw new InvalidDataException("A number in a header block is too large.");
    }

    /// <summary>Null where it is in Huffman's code.</summary>
    private static string? ReadText(ref ReadOnlySpan<byte> block)
    {
        var huffman = !block.IsEmpty && block[0] >= 0x80;
        var length = ReadInteger(ref block, prefixBits: 7);
        if (length > block.Length) throw new InvalidDataException("A header block ends within a text.");
        var text = huffman ? null : Encoding.ASCII.GetString(block[..length]);
        block = block[length..];
        return text;
    }

    private static byte Next(ref ReadOnlySpan<byte> block)
    {
        if (block.IsEmpty) throw new InvalidDataException("A header block ends within a field.");
        var next = block[0];
        block = block[1..];
        return next;
    }
}
