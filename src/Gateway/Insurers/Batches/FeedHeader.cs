namespace EligibilityGateway.Gateway.Insurers.Batches;

/// <summary>Which field of a line is which column. Columns may stand in any order, and those that no row needs may be left out.</summary>
internal sealed class FeedHeader
{
    private static readonly FeedColumn[] Always = [FeedColumn.Sequence, FeedColumn.Kind, FeedColumn.Insurer, FeedColumn.Person];

    private readonly int[] _fieldOf = new int[FeedColumns.Count];

    private FeedHeader(int fields)
    {
        Fields = fields;
        Array.Fill(_fieldOf, -1);
    }

    public int Fields { get; }

    /// <summary>Empty where the file has no such column.</summary>
    public ReadOnlySpan<char> ValueOf(FeedFields fields, FeedColumn column) => _fieldOf[(int)column] is var at and >= 0 ? fields[at] : default;

    /// <summary>Null where the header is at fault; the faults are told.</summary>
    public static FeedHeader? Read(FeedFields fields, Action<FeedFault> tell)
    {
        var header = new FeedHeader(fields.Count);
        var good = true;
        for (var i = 0; i < fields.Count; i++)
        {
            if (FeedColumns.Parse(fields[i]) is not { } column) Fault("", $"field {i + 1} names no column: the names are in docs/feeds.md");
            else if (header._fieldOf[(int)column] >= 0) Fault(column.NameOf(), "is named twice");
            else header._fieldOf[(int)column] = i;
        }
        foreach (var column in Always)
            if (header._fieldOf[(int)column] < 0) Fault(column.NameOf(), "this column is missing");
        return good ? header : null;

        void Fault(string column, string reason)
        {
            good = false;
            tell(FeedFault.Error(1, column, reason));
        }
    }
}
