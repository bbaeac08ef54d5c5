using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.Gateway.Feeds.Insurers.Batches;

/// <summary>Leads through an insurers' file line by line: what is broken is told, each other line is taken.</summary>
internal static class FeedRows
{
    private const int LinesBetweenReports = 10_000;

    /// <summary>The file's SHA-256.</summary>
    /// <param name="file">Read once, from its beginning.</param>
    /// <param name="listener">Is told how far it is.</param>
    /// <param name="found">Is given each broken line.</param>
    /// <param name="take">Takes the fields of a line and its number, the header's first; false where the rest can't be read without it.</param>
    /// <param name="cancellation">Is looked at before each line.</param>
    public static byte[] Read(Stream file, IFeedListener listener, Action<FeedFault> found, Func<FeedFields, long, bool> take, CancellationToken cancellation)
    {
        var size = file.CanSeek ? file.Length : 0;
        using var lines = new FeedLines(file);
        var fields = new FeedFields();
        while (lines.Next(out var line, out var fault))
        {
            cancellation.ThrowIfCancellationRequested();
            fault ??= fields.Split(line) is { } reason ? FeedFault.Unreadable(lines.Number, reason) : null;
            if (fault is { } broken)
            {
                found(broken);
                if (lines.Number == 1) break;
            }
            else if (!take(fields, lines.Number))
            {
                break;
            }
            if (lines.Number % LinesBetweenReports == 0) listener.Progressed(FeedStage.Reading, lines.BytesRead, size);
        }
        listener.Progressed(FeedStage.Reading, size, size);
        if (lines.Number == 0) found(FeedFault.Error(1, "", "the file is empty: a header must be there", FindingCode.Missing));
        return lines.Hash();
    }
}
