using System.Globalization;

namespace EligibilityGateway.Gateway.FeedFiles;

/// <summary>One thing that was found in a file. It quotes nothing that could be a person's.</summary>
/// <param name="Severity">What it means for the batch.</param>
/// <param name="Line">From 1, the header's.</param>
/// <param name="Column">The column's name; empty where the line as a whole is meant.</param>
/// <param name="Reason">What is wrong, and what to do.</param>
public readonly record struct FeedFault(FeedSeverity Severity, long Line, string Column, string Reason)
{
    internal static FeedFault Error(long line, string column, string reason) => new(FeedSeverity.Error, line, column, reason);

    /// <summary><c>line 7, lost_on: error: …</c></summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"line {Line}{(Column.Length == 0 ? "" : ", " + Column)}: {Severity switch { FeedSeverity.Error => "error", FeedSeverity.Warning => "warning", _ => "note" }}: {Reason}");
}
