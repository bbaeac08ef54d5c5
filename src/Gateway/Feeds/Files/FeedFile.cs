using System.Globalization;

namespace EligibilityGateway.Gateway.Feeds.Files;

/// <summary>A file with a header and a row for each thing that it tells, read whole with all that is wrong in it.</summary>
/// <param name="Columns">The names of all columns that there are.</param>
/// <param name="Always">Those that each file must have.</param>
/// <param name="MostRows">More are a file to be split.</param>
/// <param name="Documentation">Where the columns are explained.</param>
internal sealed record FeedFile(IReadOnlyList<string> Columns, IReadOnlyList<string> Always, int MostRows, string Documentation)
{
    /// <summary>Gives each row whose line is whole to <paramref name="each"/>; tells what is wrong with the others.</summary>
    public void Read(Stream file, Action<FeedRow> each, Action<FeedFault> tell, CancellationToken cancellation)
    {
        using var lines = new FeedLines(file);
        var fields = new FeedFields();
        FeedRow? row = null;
        while (lines.Next(out var line, out var fault))
        {
            cancellation.ThrowIfCancellationRequested();
            fault ??= fields.Split(line) is { } reason ? FeedFault.Error(lines.Number, "", reason) : null;
            if (lines.Number > MostRows + 1)
            {
                tell(FeedFault.Error(lines.Number, "", string.Create(CultureInfo.InvariantCulture, $"more than {MostRows:N0} rows: split the file")));
                return;
            }
            if (fault is { } broken)
            {
                tell(broken);
                // Without its columns nothing can be said of the lines.
                if (row is null) return;
            }
            else if (row is not null)
            {
                row.Begin(lines.Number);
                if (row.IsGood) each(row);
            }
            else
            {
                if (FileHeader.Read(fields, Columns, Always, Documentation, tell) is not { } header) return;
                row = new FeedRow(Columns, header, fields, tell);
            }
        }
        if (row is null) tell(FeedFault.Error(1, "", "the file is empty: a header must be there"));
    }
}
