using EligibilityGateway.Gateway.Lists.Csv;

namespace EligibilityGateway.Gateway.Lists.Accesses;

/// <summary>What a list of accesses says in one column: a text, a number, yes or no, or nothing.</summary>
internal readonly record struct AccessCell(string Column, string? Text = null, long? Number = null, bool? IsSo = null)
{
    public string InCsv => Number is { } number ? CsvCell.Of(number) : CsvCell.Of(Text ?? (IsSo is { } isSo ? isSo ? "true" : "false" : ""));
}
