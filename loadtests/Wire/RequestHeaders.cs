using System.Text;

namespace EligibilityGateway.LoadTests.Wire;

/// <summary>The header block of one gRPC request (RFC 7541): what the static table has, and literals for the rest.</summary>
internal static class RequestHeaders
{
    // Indexes of the static table (RFC 7541, appendix A).
    private const byte MethodPost = 0x80 | 3;
    private const byte SchemeHttps = 0x80 | 7;
    private const int Authority = 1;
    private const int Path = 4;
    private const int ContentType = 31;

    // A literal that no table keeps has four bits for its name's index; what does not fit goes on in the next byte.
    private const int LargestShortIndex = 15;

    /// <summary>A length with its highest bit set would mean Huffman's code.</summary>
    private const int LongestLiteral = 126;

    public static byte[] Of(Uri server, string path)
    {
        using var block = new MemoryStream();
        block.WriteByte(MethodPost);
        block.WriteByte(SchemeHttps);
        WriteLiteral(block, Authority, server.Authority);
        WriteLiteral(block, Path, path);
        WriteLiteral(block, ContentType, "application/grpc");
        block.WriteByte(0);
        WriteText(block, "te");
        WriteText(block, "trailers");
        return block.ToArray();
    }

    private static void WriteLiteral(MemoryStream block, int name, string value)
    {
        if (name < LargestShortIndex) block.WriteByte((byte)name);
        else block.Write([LargestShortIndex, (byte)(name - LargestShortIndex)]);
        WriteText(block, value);
    }

    private static void WriteText(MemoryStream block, string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, LongestLiteral, nameof(text));
        block.WriteByte((byte)bytes.Length);
        block.Write(bytes);
    }
}
