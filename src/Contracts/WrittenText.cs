using System.Globalization;
using System.Text;

namespace EligibilityGateway.Contracts;

/// <summary>Text that people or programs write and people read: what it may hold, and how it is shown.</summary>
public static class WrittenText
{
    /// <summary>What is wrong with a text; null where nothing is. It repeats nothing of it.</summary>
    /// <param name="text">As it came.</param>
    /// <param name="mostCharacters">UTF-16 code units.</param>
    /// <param name="isName">
    /// A name or an address, as a register has it: characters that nobody sees (joiners, marks of direction) are kept and shown by
    /// <see cref="Shown"/>. In any other text they have no business.
    /// </param>
    public static WrittenTextFault? FaultOf(string text, int mostCharacters, bool isName = false)
    {
        if (text.Length > mostCharacters) return WrittenTextFault.TooLong;
        foreach (var rune in text.EnumerateRunes())
        {
            // A lone surrogate, and what was no UTF-8, come as the replacement character.
            if (rune == Rune.ReplacementChar || IsControl(rune)) return WrittenTextFault.Unprintable;
            if (!isName && IsFormat(rune)) return WrittenTextFault.Invisible;
        }
        return MyNumberGuard.LooksLikeMyNumber(text) ? WrittenTextFault.LooksLikeMyNumber : null;
    }

    /// <summary>
    /// The text for a screen, a page or a file that people open: what nobody would see, or what would turn the order of the letters
    /// around it, stands there by its number, as [U+202E].
    /// </summary>
    public static string Shown(string text)
    {
        if (!text.EnumerateRunes().Any(IsHidden)) return text;
        var shown = new StringBuilder(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsHidden(rune)) shown.Append(CultureInfo.InvariantCulture, $"[U+{rune.Value:X4}]");
            else shown.Append(rune);
        }
        return shown.ToString();
    }

    private static bool IsHidden(Rune rune) => IsControl(rune) || IsFormat(rune);

    private static bool IsControl(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static bool IsFormat(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format;
}

/// <summary>Why a text can't be taken.</summary>
public enum WrittenTextFault
{
    TooLong,

    /// <summary>It holds control characters, or what was no text at all.</summary>
    Unprintable,

    /// <summary>It holds characters that nobody sees: zero width, or marks of direction.</summary>
    Invisible,

    LooksLikeMyNumber,
}
