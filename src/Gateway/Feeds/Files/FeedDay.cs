using System.Globalization;

namespace EligibilityGateway.Gateway.Feeds.Files;

/// <summary>How a day is written in any file that comes in: 2026-04-01 or 20260401.</summary>
internal static class FeedDay
{
    public static bool TryParse(ReadOnlySpan<char> value, out DateOnly day) =>
        DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day)
        || DateOnly.TryParseExact(value, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
}
