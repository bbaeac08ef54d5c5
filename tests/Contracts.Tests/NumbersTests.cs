namespace EligibilityGateway.Contracts.Tests;

public sealed class NumbersTests
{
    // Worked examples of insurer numbers and institution codes in public explanations of the check digit.
    [Theory]
    [InlineData("33120015", true)]
    [InlineData("138057", true)]
    [InlineData("01130012", true)]
    [InlineData("39131156", true)]
    [InlineData("06139992", true)]
    [InlineData("0110113719", true)]
    [InlineData("2714206386", true)]
    [InlineData("01234567", false)]
    [InlineData("00123456", false)]
    [InlineData("1312345678", false)]
    [InlineData("1", false)]
    [InlineData("", false)]
    [InlineData("３３１２００１５", false)]
    public void Check_digit_is_as_the_field_counts_it(string digits, bool fits) => Assert.Equal(fits, Luhn.IsValid(digits));

    [Fact]
    public void Check_digit_that_is_computed_is_valid_and_no_other_is()
    {
        for (var n = 0; n < 2_000; n++)
        {
            var digits = n.ToString("0000000");
            var right = Luhn.CheckDigit(digits);
            for (var check = '0'; check <= '9'; check++) Assert.Equal(check == right, Luhn.IsValid(digits + check));
        }
    }

    [Theory]
    [InlineData("138057", "138057")]
    [InlineData("  138057", "138057")] // as official files pad 6 digits
    [InlineData("\u3000\u3000138057", "138057")]
    [InlineData("138057  ", "138057")]
    [InlineData("１３８０５７", "138057")]
    [InlineData("00138057", "138057")] // as FHIR pads them (JP_Insurance_memberID, 00012345:あいう:１８７:05)
    [InlineData("００１３８０５７", "138057")]
    [InlineData("01138057", "01138057")]
    [InlineData("0138057", null)]
    [InlineData("13 8057", null)]
    [InlineData(" 38057", null)]
    [InlineData("３３１２００１５", "33120015")]
    [InlineData("1380571", null)]
    [InlineData("13805a", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Insurer_number_is_six_or_eight_digits(string? text, string? read)
    {
        Assert.Equal(read is not null, InsurerNumber.TryParse(text, out var number));
        Assert.Equal(read ?? "", number.ToString());
    }

    [Theory]
    [InlineData("138057", "13")]
    [InlineData("67138065", "13")]
    [InlineData("06139992", null)]
    [InlineData("39131156", null)]
    public void National_health_insurance_tells_its_prefecture(string insurer, string? prefecture)
    {
        Assert.True(InsurerNumber.TryParse(insurer, out var number));
        Assert.Equal(prefecture, number.NationalHealthPrefecture);
    }

    [Fact]
    public void Insurer_number_of_the_late_elderly_begins_with_39()
    {
        Assert.True(InsurerNumber.TryParse("39131156", out var late) && late.IsLateElderly);
        Assert.True(InsurerNumber.TryParse("01130012", out var other) && !other.IsLateElderly);
        Assert.True(InsurerNumber.TryParse("391311", out var municipal) && !municipal.IsLateElderly);
    }

    [Theory]
    [InlineData("0110113719", true)]
    [InlineData("0110113718", false)]
    [InlineData("4810113710", false)]
    [InlineData("011011371", false)]
    [InlineData("０110113719", false)]
    public void Institution_code_has_ten_digits_a_prefecture_and_a_check_digit(string text, bool right) =>
        Assert.Equal(right, InstitutionCode.TryParse(text, out _));

    [Theory]
    [InlineData("１２・ア", "00 12", "01", "12・ア", "0012", "01")]
    [InlineData("", "7", "", "", "7", null)]
    [InlineData("ｱｲ", "０７", "０１", "アイ", "07", "01")]
    [InlineData("ｶﾞ･ﾊﾟ", "0007", "００", "ガ・パ", "0007", "00")]
    [InlineData("12                  ", "                3456", "  ", "12", "3456", null)]
    [InlineData("１２　３", "7", "\u3000", "123", "7", null)]
    // One character of Shift_JIS, read in two ways.
    [InlineData("1\u2212\uFF0D2", "3\u301C\uFF5E4", "", "1--2", "3~~4", null)]
    [InlineData("\u2014\u2015", "\u2016\u2225", "", "\u2014\u2014", "\u2016\u2016", null)]
    // Between digits all that is typed for a hyphen is one: the long vowel mark in both widths, U+2010, U+2011, en and em dash, bar, line.
    [InlineData("12ー3", "4ｰ56", "", "12-3", "4-56", null)]
    [InlineData("１２‐３", "4\u201156", "", "12-3", "4-56", null)]
    [InlineData("12–3", "4—56", "", "12-3", "4-56", null)]
    [InlineData("12―3", "4─5ー6", "", "12-3", "4-5-6", null)]
    [InlineData("12 ー 3", "4ーー5", "", "12-3", "4--5", null)]
    // Some of them are hyphens wherever they stand.
    [InlineData("国‐1", "1–ア", "", "国-1", "1-ア", null)]
    // They look alike and are others: a long vowel is no hyphen, a letter no digit.
    [InlineData("ー", "Ｏ0", "", "ー", "O0", null)]
    [InlineData("ルー1", "1ー", "", "ルー1", "1ー", null)]
    // By its code alone a character of private use is told from another.
    [InlineData("\uE000国", "\uE0011", "", "\uE000国", "\uE0011", null)]
    public void Symbol_number_and_branch_come_to_one_form(string symbol, string number, string branch, string s, string n, string? b)
    {
        Assert.Null(DocumentNumbers.TryParse(symbol, number, branch, out var numbers));
        Assert.Equal((s, n, b), (numbers.Symbol, numbers.Number, numbers.Branch));
    }

    [Theory]
    [InlineData("12\u0007", "1", "", DocumentNumbersFault.Symbol)]
    [InlineData("12\u200B", "1", "", DocumentNumbersFault.Symbol)]
    [InlineData("123456789012345678901", "1", "", DocumentNumbersFault.Symbol)]
    [InlineData("", "", "", DocumentNumbersFault.Number)]
    [InlineData("", " ", "", DocumentNumbersFault.Number)]
    [InlineData("", "1", "1", DocumentNumbersFault.Branch)]
    [InlineData("", "1", "ab", DocumentNumbersFault.Branch)]
    [InlineData("", "123456789012345678901", "", DocumentNumbersFault.Number)]
    [InlineData("", "1", "001", DocumentNumbersFault.Branch)]
    public void What_is_wrong_with_numbers_is_told(string symbol, string number, string branch, DocumentNumbersFault fault) =>
        Assert.Equal(fault, DocumentNumbers.TryParse(symbol, number, branch, out _));

    // Not as inline data: an attribute can't hold a lone surrogate.
    [Fact]
    public void A_lone_surrogate_is_no_symbol() => Assert.Equal(DocumentNumbersFault.Symbol, DocumentNumbers.TryParse(new string((char)0xD800, 1), "1", "", out _));

    [Fact]
    public void Leading_zeros_and_the_place_of_a_digit_make_other_keys()
    {
        Assert.True(InsurerNumber.TryParse("01130012", out var insurer));
        var keys = new[] { ("", "0012"), ("", "12"), ("00", "12"), ("0", "012") }
            .Select(n => DocumentNumbers.TryParse(n.Item1, n.Item2, "", out var numbers) is null ? numbers.LookUpKey(insurer) : default)
            .ToHashSet();
        Assert.Equal(4, keys.Count);
    }
}
