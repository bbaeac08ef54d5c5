namespace EligibilityGateway.Contracts.Tests;

/// <summary>Texts with 12 digits here are made up; they are there only to be refused.</summary>
public sealed class MyNumberGuardTests
{
    [Theory]
    [InlineData("123456789018")]
    [InlineData("1234 5678 9018")]
    [InlineData("1234-5678-9018")]
    [InlineData("１２３４ ５６７８ ９０１８")]
    [InlineData("番号は1234－5678－9018です")]
    [InlineData("123456789018です")]
    [InlineData("0123456789018")]
    [InlineData("12345\n6789018")]
    [InlineData("①②③④⑤⑥⑦⑧⑨⓪①⑧")]
    public void Text_that_looks_like_a_My_Number_is_found(string text) => Assert.True(MyNumberGuard.LooksLikeMyNumber(text));

    [Theory]
    [InlineData("123456789012")] // wrong check digit
    [InlineData("12345678901")]
    [InlineData("123456 は 789018")] // a word between
    [InlineData("意識なし、救命のため")]
    [InlineData("")]
    [InlineData(null)]
    public void Other_text_is_not(string? text) => Assert.False(MyNumberGuard.LooksLikeMyNumber(text));
}
