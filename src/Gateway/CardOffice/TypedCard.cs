using System.Globalization;
using System.Text;

namespace EligibilityGateway.Gateway.CardOffice;

/// <summary>Tells apart the numbers that people type where a card is to be named. None of them names a card (個人番号 has 12 digits, 申請書ID 23), and none is ever repeated in an error.</summary>
public static class TypedCard
{
    private const int MyNumberDigits = 12, ApplicationDigits = 23;

    /// <summary>What is wrong with the number; null where the text is no bare number.</summary>
    public static string? FaultOf(string text) => DigitsOf(text) switch
    {
        null => null,
        MyNumberDigits => "12 digits are taken for a My Number, which must not be typed here; nothing was kept of it.",
        ApplicationDigits => "23 digits are the id of an application for a card, not a card.",
        var digits => $"A number of {digits} digits names no card.",
    };

    // Full-width digits, spaces and hyphens are written too.
    private static int? DigitsOf(string text)
    {
        var digits = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsDigit(rune)) digits++;
            else if (!Rune.IsWhiteSpace(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.DashPunctuation) return null;
        }
        return digits == 0 ? null : digits;
    }
}
