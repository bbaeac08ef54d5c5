using System.Globalization;
using System.Text;

namespace EligibilityGateway.Contracts;

/// <summary>Text that people or programs write and people read: what it may hold, and how it is shown.</summary>
public static class WrittenText
{
    /// <summary>Stands for a character that has no form here (外字), as in the official answers.</summary>
    private const char Formless = '●';

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

    /// <summary>The text for an answer: each character of private use, whose form only its sender knows, is ●. The store keeps its code.</summary>
    public static string Answered(string text) =>
        HoldsPrivateUse(text) ? string.Concat(text.EnumerateRunes().Select(static rune => IsPrivateUse(rune) ? Formless.ToString() : rune.ToString())) : text;

    /// <summary>
    /// The text for a screen, a page or a file that people open: as it is answered, and what nobody would see, or what would turn the
    /// order of the letters around it, stands there by its number, as [U+202E].
    /// </summary>
    public static string Shown(string text)
    {
        var answered = Answered(text);
        if (!answered.EnumerateRunes().Any(IsHidden)) return answered;
        var shown = new StringBuilder(answered.Length + 8);
        foreach (var rune in answered.EnumerateRunes())
        {
            if (IsHidden(rune)) shown.Append(CultureInfo.InvariantCulture, $"[U+{rune.Value:X4}]");
            else shown.Append(rune);
        }
        return shown.ToString();
    }

    /// <summary>Whether a character of it is of private use (外字): without a meaning outside its sender's system.</summary>
    public static bool HoldsPrivateUse(string text)
    {
        // Those of the basic plane, and the halves of all others.
        var from = text.AsSpan().IndexOfAnyInRange('\uD800', '\uF8FF');
        if (from < 0) return false;
        foreach (var rune in text.AsSpan(from).EnumerateRunes())
            if (IsPrivateUse(rune)) return true;
        return false;
    }

    private static bool IsPrivateUse(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.PrivateUse;

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
