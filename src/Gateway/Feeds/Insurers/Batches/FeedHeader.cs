namespace EligibilityGateway.Gateway.Feeds.Insurers.Batches;

/// <summary>Which field of a line is which column of insurers' files.</summary>
internal sealed class FeedHeader
{
    private static readonly string[] Always = [FeedColumn.Sequence.NameOf(), FeedColumn.Kind.NameOf(), FeedColumn.Insurer.NameOf(), FeedColumn.Person.NameOf()];

    private readonly FileHeader _header;

    private FeedHeader(FileHeader header) => _header = header;

    public int Fields => _header.Fields;

    /// <summary>Empty where the file has no such column.</summary>
    public ReadOnlySpan<char> ValueOf(FeedFields fields, FeedColumn column) => _header.ValueOf(fields, (int)column);

    /// <summary>Null where the header is at fault; the faults are told.</summary>
    public static FeedHeader? Read(FeedFields fields, Action<FeedFault> tell) =>
        FileHeader.Read(fields, FeedColumns.All, Always, "docs/feeds.md", tell) is { } header ? new FeedHeader(header) : null;
}
