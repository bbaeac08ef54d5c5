namespace EligibilityGateway.Gateway.Lists.Expenses;

/// <summary>A record of the list as it is written: which columns it has, and the records that it sums up.</summary>
/// <param name="Kind">One of <see cref="RecordKind"/>.</param>
/// <param name="Values">By column; a column that is missing is empty.</param>
/// <param name="Parts">Written before it.</param>
internal sealed record ExportRecord(string Kind, IReadOnlyDictionary<string, string> Values, IReadOnlyList<ExportRecord> Parts)
{
    public string this[string column] => Values.GetValueOrDefault(column, "");

    /// <summary>The records within it, itself last.</summary>
    public IEnumerable<ExportRecord> All => Parts.SelectMany(part => part.All).Append(this);
}
