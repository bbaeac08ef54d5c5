using System.Text;

namespace EligibilityGateway.Contracts;

/// <summary>
/// Finds text that looks like a 12-digit My Number (個人番号), which must never enter. For texts that people write; identifiers of
/// a fixed purpose are exempt, since they may look like one by chance.
/// </summary>
public static class MyNumberGuard
{
    private const int Digits = 12;

    /// <summary>True where 12 digits with a right check digit stand together, after NFKC and with spaces and hyphens taken out.</summary>
    public static bool LooksLikeMyNumber(string? text)
    {
        if (text is null || text.Length < Digits) return false;
        var window = new List<int>(text.Length);
        foreach (var c in Normalized(text))
        {
            if (char.IsAsciiDigit(c)) window.Add(c - '0');
            else if (IsGap(c)) continue;
            else window.Clear();
            if (window.Count >= Digits && CheckDigitFits(window, window.Count - Digits)) return true;
        }
        return false;
    }

    private static string Normalized(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            // Lone surrogates can't be normalised; the digits around them still count.
            return text;
        }
    }

    private static bool IsGap(char c) =>
        char.IsWhiteSpace(c) || c is '-' or '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2014' or '\u2015' or '\u2212' or '\u30FC' or '\u200B' or '\u00AD';

    // Ordinance of the Ministry of Internal Affairs no. 85 of 2014, art. 5: from the last digit before the check digit, weights
    // 2 to 7, then 2 to 6; 11 less the remainder by 11, or 0 where the remainder is 0 or 1.
    private static bool CheckDigitFits(List<int> digits, int start)
    {
        var sum = 0;
        for (var n = 1; n <= 11; n++)
        {
            var weight = n <= 6 ? n + 1 : n - 5;
            sum += digits[start + 11 - n] * weight;
        }
        var remainder = sum % 11;
        return digits[start + 11] == (remainder <= 1 ? 0 : 11 - remainder);
    }
}
