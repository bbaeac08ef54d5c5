using EligibilityGateway.Rules.Emergency;
using static EligibilityGateway.Rules.Tests.Eligibility.Known;

namespace EligibilityGateway.Rules.Tests.Emergency;

// Periods as the Civil Code counts them: art. 140 (the first day is not counted), art. 143 (a month without that day ends with its last).
public sealed class SummaryWindowTests
{
    [Theory]
    [InlineData("2026-10-15", "2026-07-15")]
    [InlineData("2026-05-31", "2026-02-28")]
    [InlineData("2026-05-28", "2026-02-28")]
    [InlineData("2028-05-31", "2028-02-29")]
    [InlineData("2026-01-31", "2025-10-31")]
    [InlineData("2026-07-31", "2026-04-30")]
    [InlineData("2026-02-28", "2025-11-28")]
    public void Three_months_begin_on_the_same_day_of_the_month_or_its_last(string today, string firstDay) =>
        Assert.Equal(Day(firstDay), SummaryWindow.ThreeMonths.FirstDay(Day(today)));

    [Theory]
    [InlineData("2026-10-15", "2026-08-31")]
    [InlineData("2026-03-01", "2026-01-15")]
    [InlineData("2028-03-01", "2028-01-16")]
    public void Forty_five_days_do_not_count_today(string today, string firstDay) =>
        Assert.Equal(Day(firstDay), SummaryWindow.FortyFiveDays.FirstDay(Day(today)));

    [Theory]
    [InlineData("2026-10-15", "2021-10-15")]
    [InlineData("2028-02-29", "2023-02-28")]
    [InlineData("2029-02-28", "2024-02-28")]
    public void Five_years_begin_on_the_same_day_of_the_year(string today, string firstDay) =>
        Assert.Equal(Day(firstDay), SummaryWindow.FiveYears.FirstDay(Day(today)));
}
