using System.Globalization;

namespace EligibilityGateway.Rules.Remedies;

/// <summary>A span of time as people say it: its two greatest units, without what is nought.</summary>
internal static class SpanText
{
    /// <summary><c>1 minute 1 second</c>, <c>2 hours</c></summary>
    public static string InEnglish(TimeSpan span) => string.Join(' ', PartsOf(span).Select(part =>
        string.Create(CultureInfo.InvariantCulture, $"{part.Count} {part.English}{(part.Count == 1 ? "" : "s")}")));

    /// <summary><c>1分1秒</c>, <c>2時間</c></summary>
    public static string InJapanese(TimeSpan span) => string.Concat(PartsOf(span).Select(part =>
        string.Create(CultureInfo.InvariantCulture, $"{part.Count}{part.Japanese}")));

    private static IEnumerable<(int Count, string English, string Japanese)> PartsOf(TimeSpan span)
    {
        (int Count, string, string)[] parts = [(span.Days, "day", "日"), (span.Hours, "hour", "時間"), (span.Minutes, "minute", "分"), (span.Seconds, "second", "秒")];
        return parts.SkipWhile(part => part.Count == 0).Take(2).Where(part => part.Count > 0).DefaultIfEmpty(parts[^1]);
    }
}
