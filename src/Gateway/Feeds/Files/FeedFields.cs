using System.Text;

namespace EligibilityGateway.Gateway.Feeds.Files;

/// <summary>
/// The fields of one line, by RFC 4180 but for line breaks within quotes: no column may hold one. Reused from line to line. A library
/// would take an open quote to the end of the file; here it is one line's fault.
/// </summary>
internal sealed class FeedFields
{
    private readonly char[] _text = new char[FeedLines.MaxLineBytes];
    private readonly List<(int Start, int Length)> _fields = [];

    public int Count => _fields.Count;

    public ReadOnlySpan<char> this[int index] => _text.AsSpan(_fields[index].Start, _fields[index].Length);

    /// <summary>Takes a line of UTF-8; what is wrong with it, null where nothing is.</summary>
    public string? Split(ReadOnlySpan<byte> line)
    {
        _fields.Clear();
        var end = Encoding.UTF8.GetChars(line, _text);
        var at = 0;
        while (true)
        {
            if (at < end && _text[at] == '"')
            {
                if (Quoted(ref at, end) is { } fault) return fault;
            }
            else
            {
                var length = _text.AsSpan(at, end - at).IndexOf(',');
                if (length < 0) length = end - at;
                if (_text.AsSpan(at, length).Contains('"')) return $"field {Count + 1} holds a quote but does not begin with one";
                _fields.Add((at, length));
                at += length;
            }
            if (at == end) return null;
            at++;
        }
    }

    // Doubled quotes become one in place: the text only gets shorter.
    private string? Quoted(ref int at, int end)
    {
        var (start, to) = (at + 1, at + 1);
        for (var from = start; from < end; from++)
        {
            if (_text[from] != '"')
            {
                _text[to++] = _text[from];
            }
            else if (from + 1 < end && _text[from + 1] == '"')
            {
                _text[to++] = '"';
                from++;
            }
            else if (from + 1 == end || _text[from + 1] == ',')
            {
                _fields.Add((start, to - start));
                at = from + 1;
                return null;
            }
            else
            {
                return $"field {Count + 1} goes on after its closing quote";
            }
        }
        return $"the quote of field {Count + 1} is not closed on its line";
    }
}
