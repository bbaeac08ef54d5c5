using System.Globalization;
using EligibilityGateway.Contracts;

namespace EligibilityGateway.Gateway.Feeds.Insurers.Batches;

/// <summary>How numbers, days and texts are written in any insurers' file, and what is said where they are not.</summary>
internal static class FeedValues
{
    /// <summary>One digit less than a My Number has.</summary>
    public const long MaxPerson = 99_999_999_999;

    public const string NoDay = "is no day that there is: write 2026-04-01 or 20260401";

    public const string MyNumber = "looks like a My Number, which must never be handed in";

    public const string NoKana = "holds a character that has no half-width form: write katakana";

    /// <summary>A whole number from 1.</summary>
    public static bool TryNumber(ReadOnlySpan<char> value, long most, out long number) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0 && number <= most;

    public static string NumberFault(ReadOnlySpan<char> value, long most, bool mayBeMyNumber) =>
        mayBeMyNumber && MyNumberGuard.LooksLikeMyNumber(value.ToString()) ? MyNumber : $"is no whole number from 1 to {most.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Null where the text may stand.</summary>
    public static string? TextFault(string text, int maxLength) => DeliveryCheck.FaultOf(text, maxLength) switch
    {
        null => null,
        DeliveryFault.LooksLikeMyNumber => MyNumber,
        _ => $"is longer than {maxLength} characters, or holds a control character",
    };
}
