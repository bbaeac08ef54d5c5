using System.Globalization;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.Contracts;

namespace EligibilityGateway.Gateway.Feeds.Files;

/// <summary>A row of a file: its values by column, and a place to tell what is wrong with them. Reused from row to row.</summary>
internal sealed class FeedRow(IReadOnlyList<string> columns, FileHeader header, FeedFields fields, Action<FeedFault> tell)
{
    /// <summary>The line, from 1; the header's is 1.</summary>
    public long Line { get; private set; }

    /// <summary>Nothing was told to be wrong with it yet.</summary>
    public bool IsGood { get; private set; }

    /// <summary>Empty where the file has no such column.</summary>
    public ReadOnlySpan<char> this[int column] => header.ValueOf(fields, column);

    /// <summary>The value; a fault where it is empty.</summary>
    public string Needed(int column)
    {
        if (this[column].IsEmpty) Error(column, "must not be empty in a row of this kind");
        return this[column].ToString();
    }

    /// <summary>A day, as 2026-04-01 or 20260401; null where there is none, or none that exists.</summary>
    public DateOnly? Day(int column)
    {
        if (this[column].IsEmpty) return null;
        if (FeedDay.TryParse(this[column], out var day)) return day;
        Error(column, "must be a day that exists, as 2026-04-01 or 20260401");
        return null;
    }

    public void Error(int column, string reason)
    {
        IsGood = false;
        tell(FeedFault.Error(Line, columns[column], reason));
    }

    public void Warn(int column, string reason) => tell(new FeedFault(FeedSeverity.Warning, Line, columns[column], reason));

    /// <summary>A text that not everybody can read is taken, and told.</summary>
    public void WarnOfPrivateUse(int column)
    {
        if (WrittenText.HoldsPrivateUse(this[column].ToString())) tell(FeedFault.PrivateUse(Line, columns[column]));
    }

    internal void Begin(long line)
    {
        Line = line;
        IsGood = true;
        if (fields.Count == header.Fields) return;
        IsGood = false;
        tell(FeedFault.Error(line, "", string.Create(CultureInfo.InvariantCulture, $"has {Counted.Of(fields.Count, "field")}, the header {header.Fields}")));
    }
}
