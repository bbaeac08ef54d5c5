using System.Globalization;

namespace EligibilityGateway.Common.CommandLines;

/// <summary>How many of something, as a line says it: 1 change, 2,000 changes.</summary>
public static class Counted
{
    public static string Of(long count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many ?? one + "s")}");
}
