using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.Gateway.Feeds.Files;

/// <summary>Which field of a line is which column of a file. Columns may stand in any order, and those that no row needs may be left out.</summary>
internal sealed class FileHeader
{
    private readonly int[] _fieldOf;

    private FileHeader(int fields, int columns)
    {
        Fields = fields;
        _fieldOf = new int[columns];
        Array.Fill(_fieldOf, -1);
    }

    public int Fields { get; }

    /// <summary>Empty where the file has no such column.</summary>
    /// <param name="fields">A line's.</param>
    /// <param name="column">Its place among the names that the header was read with.</param>
    public ReadOnlySpan<char> ValueOf(FeedFields fields, int column) => _fieldOf[column] is var at and >= 0 ? fields[at] : default;

    /// <summary>Null where the header is at fault; the faults are told.</summary>
    public static FileHeader? Read(FeedFields fields, IReadOnlyList<string> columns, IReadOnlyList<string> always, string documentation, Action<FeedFault> tell)
    {
        var header = new FileHeader(fields.Count, columns.Count);
        var good = true;
        for (var i = 0; i < fields.Count; i++)
        {
            if (PlaceOf(columns, fields[i]) is not { } column) Fault("", $"field {i + 1} names no column: the names are in {documentation}");
            else if (header._fieldOf[column] >= 0) Fault(columns[column], "is named twice");
            else header._fieldOf[column] = i;
        }
        foreach (var name in always)
            if (PlaceOf(columns, name) is not { } column || header._fieldOf[column] < 0) Fault(name, "this column is missing", FindingCode.Missing);
        return good ? header : null;

        void Fault(string column, string reason, FindingCode code = FindingCode.Unfit)
        {
            good = false;
            tell(FeedFault.Error(1, column, reason, code));
        }
    }

    private static int? PlaceOf(IReadOnlyList<string> columns, ReadOnlySpan<char> name)
    {
        for (var i = 0; i < columns.Count; i++)
            if (name.SequenceEqual(columns[i])) return i;
        return null;
    }
}
