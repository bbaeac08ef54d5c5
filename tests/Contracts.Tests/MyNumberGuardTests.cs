using System.Globalization;
using System.Text;

namespace EligibilityGateway.Contracts.Tests;

/// <summary>Texts with 12 digits here are made up; they are there only to be refused.</summary>
public sealed class MyNumberGuardTests
{
    private const string Shown = "123456789018";

    [Theory]
    [InlineData("123456789018")]
    [InlineData("1234 5678 9018")]
    [InlineData("1234-5678-9018")]
    [InlineData("1234.5678.9018")]
    [InlineData("1234・5678・9018")]
    [InlineData("1234ー5678ｰ9018")]
    [InlineData("1\u200D2\u200D3\u200D4\u200D5\u200D6\u200D7\u200D8\u200D9\u200D0\u200D1\u200D8")]
    [InlineData("１２３４ ５６７８ ９０１８")]
    [InlineData("番号は1234－5678－9018です")]
    [InlineData("123456789018です")]
    [InlineData("0123456789018")]
    [InlineData("12345\n6789018")]
    [InlineData("①②③④⑤⑥⑦⑧⑨⓪①⑧")]
    [InlineData("一二三四五六七八九〇一八")]
    [InlineData("⑫345678901⑧")]
    [InlineData("1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣9️⃣0️⃣1️⃣8️⃣")]
    public void Text_that_looks_like_a_My_Number_is_found(string text) => Assert.True(MyNumberGuard.LooksLikeMyNumber(text));

    [Theory]
    [InlineData("123456789012")] // wrong check digit
    [InlineData("12345678901")]
    [InlineData("123456 は 789018")] // a word between
    [InlineData("十二万三千四百五十六")]
    [InlineData("意識なし、救命のため")]
    [InlineData("")]
    [InlineData(null)]
    public void Other_text_is_not(string? text) => Assert.False(MyNumberGuard.LooksLikeMyNumber(text));

    [Fact]
    public void Whatever_is_no_letter_and_no_digit_between_the_digits_is_passed_over()
    {
        foreach (var rune in Runes(category => category is not (UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber)))
            Assert.True(MyNumberGuard.LooksLikeMyNumber(string.Join(rune.ToString(), Shown.Select(digit => digit.ToString()))), $"U+{rune.Value:X4}");
        // A lone surrogate, which is no character.
        Assert.True(MyNumberGuard.LooksLikeMyNumber(string.Join('\uD800', Shown.Select(digit => digit.ToString()))));
    }

    [Fact]
    public void A_letter_between_the_digits_parts_them()
    {
        foreach (var rune in Runes(category => category is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter))
            Assert.False(MyNumberGuard.LooksLikeMyNumber($"123456{rune}789018"), $"U+{rune.Value:X4}");
    }

    [Fact]
    public void A_digit_of_any_script_counts_by_its_value()
    {
        foreach (var zero in Runes(category => category == UnicodeCategory.DecimalDigitNumber).Where(rune => Rune.GetNumericValue(rune) == 0))
            Assert.True(MyNumberGuard.LooksLikeMyNumber(string.Concat(Shown.Select(digit => new Rune(zero.Value + digit - '0').ToString()))), $"U+{zero.Value:X4}");
    }

    private static IEnumerable<Rune> Runes(Func<UnicodeCategory, bool> of) =>
        Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select(value => new Rune(value)).Where(rune => of(Rune.GetUnicodeCategory(rune)));
}
