using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EligibilityGateway.Contracts;

/// <summary>
/// Symbol, number and branch (記号・番号・枝番) as printed on a document, brought to one form: NFKC (full-width and half-width are
/// the same), spaces out, the two readings of one Shift_JIS character as one, and whatever is typed for a hyphen as a hyphen. They are
/// texts: leading zeros count. A character of private use (外字) counts by its code: what it looks like only its insurer knows.
/// </summary>
public readonly record struct DocumentNumbers
{
    /// <summary>Longest symbol and longest number.</summary>
    public const int MaxLength = 20;

    private DocumentNumbers(string symbol, string number, string? branch)
    {
        Symbol = symbol;
        Number = number;
        Branch = branch;
    }

    /// <summary>Empty where the document has none.</summary>
    public string Symbol { get; }

    public string Number { get; }

    /// <summary>2 digits; null where the document has none (75 and over).</summary>
    public string? Branch { get; }

    /// <summary>Which part is wrong, and how; null where all is well.</summary>
    public static DocumentNumbersFault? TryParse(string? symbol, string? number, string? branch, out DocumentNumbers numbers)
    {
        numbers = default;
        if (FormOf(symbol) is not { } cleanSymbol) return DocumentNumbersFault.Symbol;
        if (FormOf(number) is not { Length: > 0 } cleanNumber) return DocumentNumbersFault.Number;
        string? cleanBranch = null;
        // Padded with spaces as the official files are, a branch that is absent is blank.
        if (!string.IsNullOrWhiteSpace(branch))
        {
            cleanBranch = FormOf(branch);
            if (cleanBranch is not { Length: 2 } || !char.IsAsciiDigit(cleanBranch[0]) || !char.IsAsciiDigit(cleanBranch[1]))
                return DocumentNumbersFault.Branch;
        }
        numbers = new DocumentNumbers(cleanSymbol, cleanNumber, cleanBranch);
        return null;
    }

    /// <summary>
    /// The key under which the store keeps the version of "who matches these numbers": the first 16 bytes of the SHA-256 of
    /// insurer, symbol and number, parted by U+001F. Branch and birth date narrow the matches and are no part of it.
    /// </summary>
    public Guid LookUpKey(InsurerNumber insurer)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{insurer}\u001f{Symbol}\u001f{Number}"), hash);
        return new Guid(hash[..16], bigEndian: true);
    }

    /// <summary>A symbol or a number in its one form; null where it holds what no document has, or more than there is room for.</summary>
    public static string? FormOf(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        // Normalisation can lengthen a text; bound it first.
        if (text.Length > 2 * MaxLength || !IsWellFormed(text)) return null;
        var builder = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormKC))
        {
            if (c == ' ') continue;
            if (CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned)
                return null;
            builder.Append(OneReading(c));
            if (char.IsAsciiDigit(c)) MakeHyphensBefore(builder);
        }
        return builder.Length > MaxLength ? null : builder.ToString();
    }

    // Programs read these characters of Shift_JIS in two ways (JIS X 0208 and code page 932): a minus typed here and the one in the
    // insurer's file are the same character on the document. The full-width form of code page 932 is behind us: NFKC.
    private static char OneReading(char c) => c switch
    {
        '\u2212' => '-', // 817C: U+2212, U+FF0D
        >= '\u2010' and <= '\u2013' => '-', // 815D: U+2010; and dashes that nobody tells from it
        '\u301C' => '~', // 8160: U+301C, U+FF5E
        '\u2015' => '\u2014', // 815C: U+2014, U+2015
        '\u2225' => '\u2016', // 8161: U+2016, U+2225
        _ => c,
    };

    // What stands between the digit that came last and one before it. Elsewhere a long vowel mark is one.
    private static void MakeHyphensBefore(StringBuilder text)
    {
        var digit = text.Length - 1;
        var first = digit;
        while (first > 0 && TypedNumber.IsHyphen(text[first - 1])) first--;
        if (first == digit || first == 0 || !char.IsAsciiDigit(text[first - 1])) return;
        for (var i = first; i < digit; i++) text[i] = '-';
    }

    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1])) return false;
            i++;
        }
        return true;
    }
}

/// <summary>Which part of a document's numbers can't be right.</summary>
public enum DocumentNumbersFault
{
    Symbol,
    Number,
    Branch,
}
