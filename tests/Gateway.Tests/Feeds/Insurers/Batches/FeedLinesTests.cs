using System.Text;

namespace EligibilityGateway.Gateway.Tests.Feeds.Insurers.Batches;

public sealed class FeedLinesTests
{
    /// <summary>A file's bytes, written in Latin-1, and what is read: the lines, or what is wrong with each.</summary>
    public static TheoryData<string, string[]> Files => new()
    {
        { "", [] },
        { "a\nb\n", ["a", "b"] },
        { "a\r\nb\r\n", ["a", "b"] },
        { "\n\n", ["", ""] },
        { "\u00EF\u00BB\u00BFa\n", ["a"] },
        { "a\nb", ["a", "line 2: error: the file ends within this line: it was cut off, or the last line break is missing"] },
        { "a\n\u00EF\u00BB\u00BFb\nc\n", ["a", "line 2: error: byte 1 begins a byte order mark within the file: files were joined", "c"] },
        { "a\nb\u00EF\u00BB\u00BF\n", ["a", "line 2: error: byte 2 begins a byte order mark within the file: files were joined"] },
        // 資格 in Shift_JIS, after 資 in UTF-8.
        { "\u00E8\u00B3\u0087\u008E\u0091\u008Ai\n", ["line 1: error: byte 4 is not UTF-8: the file is in another encoding, or in two"] },
        { "a\nb\u00E8\u00B3\n", ["a", "line 2: error: byte 2 is not UTF-8: the file is in another encoding, or in two"] },
        // UTF-16.
        { "\u00FF\u00FEa\0\n\0", ["line 1: error: byte 1 is not UTF-8: the file is in another encoding, or in two", "line 2: error: the file ends within this line: it was cut off, or the last line break is missing"] },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_line_is_whole_or_its_fault_has_a_place(string file, string[] expected)
    {
        Assert.Equal(expected, Read(new MemoryStream(Encoding.Latin1.GetBytes(file))));
        Assert.Equal(expected, Read(new Trickle(Encoding.Latin1.GetBytes(file))));
    }

    [Fact]
    public void A_line_as_long_as_a_line_may_be_is_read_and_a_longer_one_is_passed_over()
    {
        var longest = new string('x', FeedLines.MaxLineBytes);
        Assert.Equal(["a", longest, "b"], Read(Bytes($"a\n{longest}\nb\n")));
        Assert.Equal(["a", $"line 2: error: longer than {FeedLines.MaxLineBytes} bytes", "b"], Read(Bytes($"a\n{longest}x\nb\n")));
        Assert.Equal(["a", $"line 2: error: longer than {FeedLines.MaxLineBytes} bytes", "b"], Read(Bytes($"a\n{new string('x', 10_000_000)}\nb\n")));
        Assert.Equal(["a", "line 2: error: the file ends within this line: it was cut off, or the last line break is missing"], Read(Bytes($"a\n{new string('x', 10_000_000)}")));
    }

    [Theory]
    [InlineData("a,b", "a|b")]
    [InlineData("", "")]
    [InlineData(",", "|")]
    [InlineData("\"a,b\",\"\",c", "a,b||c")]
    [InlineData("\"a\"\"b\"", "a\"b")]
    [InlineData("\"\"\"\"", "\"")]
    public void A_line_is_split_as_rfc_4180_says(string line, string expected)
    {
        var fields = new FeedFields();
        Assert.Null(fields.Split(Encoding.UTF8.GetBytes(line)));
        Assert.Equal(expected.Split('|'), Enumerable.Range(0, fields.Count).Select(i => fields[i].ToString()));
    }

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private static List<string> Read(Stream file)
    {
        using var lines = new FeedLines(file);
        var read = new List<string>();
        while (lines.Next(out var line, out var fault)) read.Add(fault?.ToString() ?? Encoding.UTF8.GetString(line));
        return read;
    }

    /// <summary>Gives one byte at a time.</summary>
    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);
    }
}
