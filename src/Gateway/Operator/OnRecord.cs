using System.Globalization;
using EligibilityGateway.Common;
using EligibilityGateway.Contracts;

namespace EligibilityGateway.Gateway.Operator;

/// <summary>What goes on record with a look at persons' data: who looks, why, and at whom.</summary>
internal static class OnRecord
{
    // One digit less than a My Number has.
    public const int PersonDigits = 11;

    private const int MaxAskedByLength = 100, MaxReasonLength = 200;

    /// <exception cref="SettingsException">It is no name that could stand on record.</exception>
    public static string AskerIn(string given) => TextIn("--asked-by", given, MaxAskedByLength, "say who asks");

    /// <exception cref="SettingsException">It is no reason that could stand on record.</exception>
    public static string ReasonIn(string given) => TextIn("--because", given, MaxReasonLength, "say why");

    /// <summary>The store's number of a person.</summary>
    /// <exception cref="SettingsException">It is none. What was given is not repeated: it may be a My Number.</exception>
    public static long PersonIn(string given) =>
        given.Length is 0 or > PersonDigits || given.Any(c => !char.IsAsciiDigit(c)) || given.All(c => c == '0')
            ? throw new SettingsException($"--person is no number of a person: it has at most {PersonDigits} digits, and is the store's, never the My Number.")
            : long.Parse(given, CultureInfo.InvariantCulture);

    private static string TextIn(string option, string given, int maxLength, string whatToSay)
    {
        var text = given.Trim();
        if (text.Length == 0) throw new SettingsException($"{option} is empty: {whatToSay}.");
        return WrittenText.FaultOf(text, maxLength) switch
        {
            null => text,
            WrittenTextFault.LooksLikeMyNumber => throw new SettingsException($"{option} looks like a My Number, which must never be handed in."),
            WrittenTextFault.TooLong => throw new SettingsException($"{option} is longer than {maxLength} characters: {whatToSay}, shorter."),
            _ => throw new SettingsException($"{option} holds characters that can't be printed or seen: type it anew."),
        };
    }
}
