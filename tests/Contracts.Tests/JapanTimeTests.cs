using Microsoft.Extensions.Time.Testing;

namespace EligibilityGateway.Contracts.Tests;

public sealed class JapanTimeTests
{
    [Theory]
    [InlineData("2026-10-14T14:59:59.999Z", "2026-10-14")]
    [InlineData("2026-10-14T15:00:00Z", "2026-10-15")]
    [InlineData("2026-10-15T00:00:00+09:00", "2026-10-15")]
    [InlineData("2026-12-31T10:00:00-08:00", "2027-01-01")]
    public void Today_is_Japans_whatever_the_zone(string moment, string day) =>
        Assert.Equal(day, JapanTime.Format(JapanTime.Today(new FakeTimeProvider(DateTimeOffset.Parse(moment)))));

    [Theory]
    [InlineData("2024-02-29", true)]
    [InlineData("2023-02-29", false)]
    [InlineData("2026-2-3", false)]
    [InlineData("20260203", false)]
    [InlineData(" 2026-02-03", false)]
    public void A_date_is_a_day_that_exists_as_year_month_day(string text, bool exists) => Assert.Equal(exists, JapanTime.TryParseDate(text, out _));

    [Fact]
    public void A_shifted_clock_moves_the_day_and_not_the_time_outs()
    {
        var clock = new ShiftedClock(TimeSpan.FromDays(-40));
        Assert.InRange(clock.GetUtcNow() - TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(-40.001), TimeSpan.FromDays(-39.999));
        Assert.InRange(clock.GetTimestamp() - TimeProvider.System.GetTimestamp(), -TimeSpan.TicksPerSecond * 100, TimeSpan.TicksPerSecond * 100);
    }
}
