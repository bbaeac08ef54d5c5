using EligibilityGateway.Rules.Eligibility;
using static EligibilityGateway.Rules.Tests.Eligibility.Known;

namespace EligibilityGateway.Rules.Tests.Eligibility;

// Source: 年齢計算ニ関スル法律 (1902, law 50) with Civil Code art. 143; the turn at 1 April is that of School Education Act art. 17.
public sealed class LegalAgeTests
{
    [Theory]
    [InlineData("1956-10-02", 70, "2026-10-01")]
    [InlineData("1956-10-01", 70, "2026-09-30")]
    [InlineData("2020-01-01", 6, "2025-12-31")]
    [InlineData("2020-03-01", 6, "2026-02-28")]
    [InlineData("2022-03-01", 6, "2028-02-29")]
    public void An_age_is_reached_the_day_before_the_birthday(string born, int age, string reached) =>
        Assert.Equal(Day(reached), LegalAge.ReachedOn(Day(born), age));

    [Theory]
    [InlineData("2020-02-29", 6, "2026-02-28")] // a common year: its month ends on the 28th
    [InlineData("2020-02-29", 8, "2028-02-28")] // a leap year: the day before the 29th
    [InlineData("1956-02-29", 70, "2026-02-28")]
    public void Who_is_born_on_29_February_reaches_an_age_on_the_28th(string born, int age, string reached) =>
        Assert.Equal(Day(reached), LegalAge.ReachedOn(Day(born), age));

    [Theory]
    [InlineData("2020-04-01", "2026-03-31")]
    [InlineData("2020-04-02", "2027-03-31")]
    [InlineData("2020-03-31", "2026-03-31")]
    [InlineData("2020-12-31", "2027-03-31")]
    [InlineData("2021-01-01", "2027-03-31")] // 6 is reached on 31 December 2026
    [InlineData("2020-02-29", "2026-03-31")]
    public void Preschool_ends_on_the_first_31_March_after_six(string born, string lastDay) =>
        Assert.Equal(Day(lastDay), LegalAge.PreschoolUntil(Day(born)));

    [Theory]
    [InlineData("1956-10-01", "2026-10-01")]
    [InlineData("1956-10-02", "2026-11-01")]
    [InlineData("1956-10-31", "2026-11-01")]
    [InlineData("1956-12-02", "2027-01-01")]
    [InlineData("1957-01-01", "2027-01-01")]
    [InlineData("1956-02-29", "2026-03-01")]
    [InlineData("1956-03-01", "2026-03-01")]
    public void An_elderly_recipient_begins_the_month_after_seventy_is_reached(string born, string firstDay) =>
        Assert.Equal(Day(firstDay), LegalAge.ElderlyRecipientFrom(Day(born)));
}
