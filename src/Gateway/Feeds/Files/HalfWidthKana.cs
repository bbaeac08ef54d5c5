using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace EligibilityGateway.Gateway.Feeds.Files;

/// <summary>Kana as the official files have them: the half-width letters of JIS X 0201, a voiced sound mark standing for itself.</summary>
internal static class HalfWidthKana
{
    private const char FirstHiragana = 'ぁ', LastHiragana = 'ゖ';
    private const int FromHiraganaToKatakana = 'ァ' - 'ぁ';

    /// <summary>｡ to ﾟ.</summary>
    private static readonly char[] HalfWidth = [.. Enumerable.Range(0xFF61, 63).Select(code => (char)code)];

    private static readonly char[] Ascii = [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code)];

    private static readonly SearchValues<char> Kept = SearchValues.Create([.. Ascii, .. HalfWidth]);

    // By what Unicode says that each is the narrow form of; a sound mark's is the one that combines with the letter before.
    private static readonly FrozenDictionary<char, char> Narrow = HalfWidth.ToDictionary(half => half.ToString().Normalize(NormalizationForm.FormKC)[0]).ToFrozenDictionary();

    /// <summary>Hiragana and full width in half width; null where a character has no such form, as 見, ヱ and ヶ have none.</summary>
    public static string? Of(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Kept)) return text;
        var kana = new StringBuilder(2 * text.Length);
        // Sound marks that stand alone would be parted from their letter by a space.
        foreach (var c in text.Replace('゛', '\u3099').Replace('゜', '\u309A').Normalize(NormalizationForm.FormKD))
        {
            var letter = c is >= FirstHiragana and <= LastHiragana ? (char)(c + FromHiraganaToKatakana) : c;
            if (Narrow.TryGetValue(letter, out var half)) kana.Append(half);
            else if (Kept.Contains(letter)) kana.Append(letter);
            else return null;
        }
        return kana.ToString();
    }
}
