using EligibilityGateway.Rules.HighCost;

namespace EligibilityGateway.Rules.Tests.HighCost;

public sealed class LimitClassesTests
{
    [Fact]
    public void All_sixteen_codes_have_a_label_in_both_languages()
    {
        string[] codes = [.. Enumerable.Range(1, 6).Select(n => $"A{n:00}"), .. Enumerable.Range(1, 10).Select(n => $"B{n:00}")];
        Assert.Equal(codes, LimitClasses.All.Select(label => label.Code));
        foreach (var code in codes)
        {
            Assert.Contains(LimitClasses.LabelOf(code), c => c > 'ÿ');
            Assert.All(LimitClasses.EnglishLabelOf(code), c => Assert.True(char.IsAscii(c)));
        }
        Assert.Equal(16, codes.Select(LimitClasses.LabelOf).Distinct().Count());
        Assert.Equal(16, codes.Select(LimitClasses.EnglishLabelOf).Distinct().Count());
    }

    [Theory]
    [InlineData("A01", "ア")]
    [InlineData("A05", "オ")]
    [InlineData("B01", "現役並みⅢ")]
    [InlineData("B04", "一般")]
    [InlineData("B05", "低所得Ⅱ")]
    [InlineData("B09", "一般Ⅱ")]
    [InlineData("B10", "一般Ⅰ")]
    public void Labels_are_those_of_the_certificates(string code, string label) => Assert.Equal(label, LimitClasses.LabelOf(code));

    [Fact]
    public void An_unknown_code_is_shown_as_it_is()
    {
        Assert.Equal("C01", LimitClasses.LabelOf("C01"));
        Assert.Equal("C01", LimitClasses.EnglishLabelOf("C01"));
    }
}
