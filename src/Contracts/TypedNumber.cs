using System.Globalization;
using System.Text;

namespace EligibilityGateway.Contracts;

/// <summary>Tells apart the numbers around a My Number Card that people type in each other's place. By their form alone: nothing is kept or repeated.</summary>
public static class TypedNumber
{
    private const int MostCharacters = 200;
    private const int ManufacturingLength = 16;

    /// <summary>Fewer hexadecimal digits are a word.</summary>
    private const int FewestHexDigits = 10;

    /// <summary>Which number it seems to be.</summary>
    public static TypedNumberKind KindOf(string? text)
    {
        if (text is null || text.Length > MostCharacters) return TypedNumberKind.None;
        if (DigitsOf(text) is { Length: > 0 } digits)
        {
            return digits.Length switch
            {
                6 or 8 => TypedNumberKind.InsurerNumber,
                7 => TypedNumberKind.RecipientNumber,
                12 => TypedNumberKind.MyNumber,
                14 => TypedNumberKind.FaceNumber,
                ManufacturingLength => TypedNumberKind.ManufacturingNumber,
                CardApplicationId.Length => TypedNumberKind.ApplicationId,
                _ => TypedNumberKind.OtherDigits,
            };
        }
        var written = Normalized(text);
        if (written.StartsWith("http", StringComparison.OrdinalIgnoreCase)) return TypedNumberKind.QrContent;
        var plain = Without(written, static c => char.IsWhiteSpace(c) || c is '-' or ':');
        if (plain.Length == ManufacturingLength && All(plain, char.IsAsciiLetterOrDigit)) return TypedNumberKind.ManufacturingNumber;
        return plain.Length >= FewestHexDigits && All(plain, char.IsAsciiHexDigit) ? TypedNumberKind.CertificateNumber : TypedNumberKind.None;
    }

    /// <summary>The digits in ASCII where the text holds nothing but digits, spaces and hyphens of any width; else null.</summary>
    public static string? DigitsOf(string? text)
    {
        if (text is null || text.Length > MostCharacters) return null;
        var digits = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsDigit(rune)) digits.Append((char)('0' + (int)Rune.GetNumericValue(rune)));
            else if (!Rune.IsWhiteSpace(rune) && !(rune.IsBmp && IsHyphen((char)rune.Value))) return null;
        }
        return digits.ToString();
    }

    /// <summary>Among digits it is one: a dash of any kind, and the minus sign, the long vowel mark or the line that are typed for it.</summary>
    internal static bool IsHyphen(char c) =>
        c == '-' || (c > '\u007F' && (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.DashPunctuation || c is '\u2212' or '\u2500' or '\u30FC' or '\uFF70'));

    private static string Normalized(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormKC).Trim();
        }
        catch (ArgumentException)
        {
            // Lone surrogates are no number's.
            return "";
        }
    }

    private static string Without(string text, Func<char, bool> gap) => string.Concat(text.Where(c => !gap(c)));

    private static bool All(string text, Func<char, bool> holds) => text.All(holds);
}
