using System.Text;

namespace EligibilityGateway.Contracts;

/// <summary>
/// Finds text that looks like a 12-digit My Number (個人番号), which must never enter. For texts that people or programs write;
/// identifiers of a fixed purpose are exempt, since they may look like one by chance.
/// </summary>
public static class MyNumberGuard
{
    private const int Digits = 12;

    // Letters to Unicode, and typed for a hyphen.
    private const int LongVowelMark = 0x30FC, HalfWidthLongVowelMark = 0xFF70;

    // Of these Unicode's tables of digits know nothing but the first; written one by one they are digits all the same.
    private const string ChineseDigits = "〇一二三四五六七八九";

    /// <summary>
    /// True where 12 digits with a right check digit follow each other and no letter stands between them. A digit of any script counts by
    /// its value, 〇 to 九 and ① too; spaces, marks, symbols and characters that nobody sees are passed over.
    /// </summary>
    public static bool LooksLikeMyNumber(string? text)
    {
        if (text is null) return false;
        Span<byte> last = stackalloc byte[Digits];
        var count = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var isLetter = Rune.IsLetter(rune);
            var value = rune.IsBmp && ChineseDigits.IndexOf((char)rune.Value) is >= 0 and var place ? place : Rune.GetNumericValue(rune);
            if (value >= 0 && value == Math.Floor(value) && !(isLetter && value > 9))
            {
                // One character may be two digits: ⑫.
                if (value > 9 && Add(last, ref count, (int)(value / 10 % 10))) return true;
                if (Add(last, ref count, (int)(value % 10))) return true;
            }
            else if (isLetter && rune.Value is not (LongVowelMark or HalfWidthLongVowelMark))
            {
                count = 0;
            }
        }
        return false;
    }

    /// <summary>Whether it makes the last 12 a My Number.</summary>
    private static bool Add(Span<byte> last, ref int count, int digit)
    {
        if (count == Digits) last[1..].CopyTo(last);
        else count++;
        last[count - 1] = (byte)digit;
        return count == Digits && CheckDigitFits(last);
    }

    // Ordinance of the Ministry of Internal Affairs no. 85 of 2014, art. 5: from the last digit before the check digit, weights
    // 2 to 7, then 2 to 6; 11 less the remainder by 11, or 0 where the remainder is 0 or 1.
    private static bool CheckDigitFits(ReadOnlySpan<byte> digits)
    {
        var sum = 0;
        for (var n = 1; n < Digits; n++)
        {
            var weight = n <= 6 ? n + 1 : n - 5;
            sum += digits[Digits - 1 - n] * weight;
        }
        var remainder = sum % 11;
        return digits[Digits - 1] == (remainder <= 1 ? 0 : 11 - remainder);
    }
}
