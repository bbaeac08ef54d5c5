using System.Globalization;
using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.Gateway.Feeds.Files;

/// <summary>One thing that was found in a file. It quotes nothing that could be a person's.</summary>
/// <param name="Severity">What it means for the batch.</param>
/// <param name="Line">From 1, the header's.</param>
/// <param name="Column">The column's name; empty where the line as a whole is meant.</param>
/// <param name="Reason">What is wrong, and what to do.</param>
/// <param name="Code">The reason's sort, for programs.</param>
public readonly record struct FeedFault(FeedSeverity Severity, long Line, string Column, string Reason, FindingCode Code = FindingCode.Unfit)
{
    internal static FeedFault Error(long line, string column, string reason, FindingCode code = FindingCode.Unfit) => new(FeedSeverity.Error, line, column, reason, code);

    /// <summary>The line as a whole can't be read.</summary>
    internal static FeedFault Unreadable(long line, string reason) => Error(line, "", reason, FindingCode.Unreadable);

    /// <summary>A text is taken that not everybody can read.</summary>
    internal static FeedFault PrivateUse(long line, string column) => new(
        FeedSeverity.Warning, line, column, "holds a character of private use (外字): it is kept as it came, and shown as ●", FindingCode.PrivateUse);

    /// <summary><c>line 7, lost_on: error: …</c></summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"line {Line}{(Column.Length == 0 ? "" : ", " + Column)}: {Severity switch { FeedSeverity.Error => "error", FeedSeverity.Warning => "warning", _ => "note" }}: {Reason}");
}
