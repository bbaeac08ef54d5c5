using System.Text;
using EligibilityGateway.Contracts;

namespace EligibilityGateway.ReaderAgent.Screen;

/// <summary>Lines for a person to read: whole lines, and rows of a label and a value in two columns.</summary>
internal sealed class Page
{
    private readonly List<(string? Label, string Value)> _lines = [];

    // What comes from outside, a field's name in a label too, must neither steer the terminal it is shown on nor turn the order of letters.
    public void Headline(string text) => _lines.Add((null, WrittenText.Shown(text)));

    /// <summary>Rows without a value are left out.</summary>
    public void Row(string label, string value)
    {
        if (value.Length > 0) _lines.Add((WrittenText.Shown(label), WrittenText.Shown(value)));
    }

    public override string ToString()
    {
        var column = _lines.Max(line => line.Label is null ? 0 : Width(line.Label)) + 2;
        var page = new StringBuilder();
        foreach (var (label, value) in _lines)
        {
            if (page.Length > 0) page.Append('\n');
            if (label is not null)
            {
                page.Append(label).Append(' ', column - Width(label));
            }
            page.Append(value);
        }
        return page.ToString();
    }

    // Columns of a terminal: full-width characters take two (Unicode Standard Annex 11, the blocks that Japanese uses).
    private static int Width(string text)
    {
        var width = 0;
        foreach (var c in text) width += c is >= '\u1100' and <= '\u115F' or >= '\u2E80' and <= '\uA4CF' or >= '\uAC00' and <= '\uD7A3' or >= '\uF900' and <= '\uFAFF' or >= '\uFE30' and <= '\uFE6F' or >= '\uFF00' and <= '\uFF60' or >= '\uFFE0' and <= '\uFFE6' ? 2 : 1;
        return width;
    }
}
