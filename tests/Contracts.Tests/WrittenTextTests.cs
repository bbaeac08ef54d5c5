using System.Globalization;
using System.Text;

namespace EligibilityGateway.Contracts.Tests;

public sealed class WrittenTextTests
{
    [Theory]
    [InlineData("救命のため", null)]
    [InlineData("", null)]
    [InlineData("葛\U000E0100城 👨", null)] // a variant of a character, and a picture
    [InlineData("12345678901", WrittenTextFault.TooLong)]
    [InlineData("a\u0007", WrittenTextFault.Unprintable)]
    [InlineData("a\nb", WrittenTextFault.Unprintable)]
    [InlineData("a\u0085b", WrittenTextFault.Unprintable)]
    [InlineData("a\u2028b", WrittenTextFault.Unprintable)]
    [InlineData("a\uFFFDb", WrittenTextFault.Unprintable)]
    [InlineData("a\u202Eb", WrittenTextFault.Invisible)]
    [InlineData("a\u200Bb", WrittenTextFault.Invisible)]
    [InlineData("\uFEFFa", WrittenTextFault.Invisible)]
    public void A_text_holds_what_people_see(string text, WrittenTextFault? fault) => Assert.Equal(fault, WrittenText.FaultOf(text, 10));

    [Fact]
    public void A_lone_surrogate_is_no_text() => Assert.Equal(WrittenTextFault.Unprintable, WrittenText.FaultOf("a" + '\uD800', 10));

    [Fact]
    public void A_My_Number_is_none() => Assert.Equal(WrittenTextFault.LooksLikeMyNumber, WrittenText.FaultOf("123456789018", 12));

    [Fact]
    public void In_a_name_what_nobody_sees_is_kept_and_shown_by_its_number()
    {
        foreach (var rune in Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select(value => new Rune(value)).Where(rune => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format))
        {
            var name = $"見本{rune}花子";
            Assert.Null(WrittenText.FaultOf(name, 10, isName: true));
            Assert.Equal(WrittenTextFault.Invisible, WrittenText.FaultOf(name, 10));
            Assert.Equal($"見本[U+{rune.Value:X4}]花子", WrittenText.Shown(name));
        }
    }

    // 外字: the basic plane's, and those of planes 15 and 16.
    [Theory]
    [InlineData("\uE000", "●")]
    [InlineData("見\uF8FF本　花\uE123子", "見●本　花●子")]
    [InlineData("𠮷\U000F0000\U0010FFFD", "𠮷●●")]
    [InlineData("葛\U000E0100城 👨", "葛\U000E0100城 👨")]
    [InlineData("", "")]
    public void A_character_of_private_use_is_a_dot_wherever_it_is_answered_or_shown(string text, string answered)
    {
        Assert.Equal(text != answered, WrittenText.HoldsPrivateUse(text));
        Assert.Equal(answered, WrittenText.Answered(text));
        Assert.Equal(answered, WrittenText.Shown(text));
        Assert.Null(WrittenText.FaultOf(text, 10));
    }

    [Fact]
    public void What_nobody_sees_is_shown_by_its_number_beside_a_dot() => Assert.Equal("●[U+202E]a", WrittenText.Shown("\uE000\u202Ea"));

    [Theory]
    [InlineData("見本　花子")]
    [InlineData("葛\U000E0100城")]
    [InlineData("")]
    public void What_people_see_is_shown_as_it_is(string text) => Assert.Same(text, WrittenText.Shown(text));
}
