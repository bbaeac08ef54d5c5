namespace EligibilityGateway.LoadTests.Figures;

/// <summary>A table for people: Markdown, with columns aligned so that it reads well as it is.</summary>
public sealed class FigureTable(params string[] header)
{
    private readonly List<string[]> _rows = [header];

    public void Add(params string[] row) => _rows.Add(row);

    public override string ToString()
    {
        var widths = header.Select((_, column) => _rows.Max(row => row[column].Length)).ToArray();
        var lines = _rows.Select(row => $"| {string.Join(" | ", row.Select((cell, column) => cell.PadLeft(widths[column])))} |").ToList();
        lines.Insert(1, $"|{string.Join('|', widths.Select(width => new string('-', width + 1) + ":"))}|");
        return string.Join(Environment.NewLine, lines);
    }
}
