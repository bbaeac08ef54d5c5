using System.Globalization;
using EligibilityGateway.Contracts;

namespace EligibilityGateway.Gateway.LookUps;

/// <summary>Days and moments as answers write them.</summary>
internal static class DayText
{
    /// <summary>yyyy-MM-dd; empty where there is none.</summary>
    public static string Of(DateOnly? day) => day is { } known ? JapanTime.Format(known) : "";

    /// <summary>RFC 3339 in UTC, to the millisecond.</summary>
    public static string Of(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
