namespace EligibilityGateway.Contracts.Tests;

public sealed class JapaneseDayTests
{
    // Each era's first day and the day before it.
    [Theory]
    [InlineData("1960-05-01", "1960年（昭和35年）5月1日")]
    [InlineData("2019-05-01", "2019年（令和元年）5月1日")]
    [InlineData("2019-04-30", "2019年（平成31年）4月30日")]
    [InlineData("1989-01-08", "1989年（平成元年）1月8日")]
    [InlineData("1989-01-07", "1989年（昭和64年）1月7日")]
    [InlineData("1926-12-25", "1926年（昭和元年）12月25日")]
    [InlineData("1926-12-24", "1926年（大正15年）12月24日")]
    [InlineData("1912-07-30", "1912年（大正元年）7月30日")]
    [InlineData("1912-07-29", "1912年（明治45年）7月29日")]
    [InlineData("1873-01-01", "1873年（明治6年）1月1日")]
    [InlineData("1872-12-31", "1872年12月31日")]
    public void A_birth_date_has_the_year_of_its_era(string day, string written) => Assert.Equal(written, JapaneseDay.WithEra(Day(day)));

    [Fact]
    public void Another_day_has_the_year_alone()
    {
        Assert.Equal("2015年4月1日", JapaneseDay.Of(Day("2015-04-01")));
        Assert.Equal("2026年10月", JapaneseDay.Month(Day("2026-10-01")));
    }

    private static DateOnly Day(string text) => JapanTime.TryParseDate(text, out var day) ? day : throw new FormatException(text);
}
