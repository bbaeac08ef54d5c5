using EligibilityGateway.Rules.Eligibility;
using EligibilityGateway.Rules.Facts;
using static EligibilityGateway.Rules.Tests.Eligibility.Known;

namespace EligibilityGateway.Rules.Tests.Eligibility;

public sealed class SpecificDiseaseTests
{
    [Theory]
    [InlineData("2026-03-31", 0)]
    [InlineData("2026-04-01", 1)] // from the 1st of the month of application
    [InlineData("2026-10-31", 1)]
    [InlineData("2026-11-01", 0)]
    public void A_disease_counts_on_its_days(string day, int count) =>
        Assert.Equal(count, DiseasesOf(day, Disease(1, 10000, "2026-04-01", "2026-10-31")).Count);

    [Fact]
    public void Each_category_is_told_once_in_order()
    {
        var diseases = DiseasesOf(
            "2026-10-15", Disease(3, 10000, "2020-01-01"), Disease(1, 20000, "2020-01-01"), Disease(2, 10000, "2020-01-01"));
        Assert.Equal([1, 2, 3], diseases.Select(disease => (int)disease.Category));
    }

    // Dialysis: 20,000 yen under 70 in classes ア and イ, otherwise 10,000. Source: city.sakaide.lg.jp/soshiki/kenkou/tokuteisippei.html
    [Fact]
    public void The_latest_of_a_category_wins() => Assert.Equal(10000,
        Assert.Single(DiseasesOf("2026-10-15", Disease(1, 10000, "2026-08-01"), Disease(1, 20000, "2025-08-01"))).MonthlyLimitYen);

    [Fact]
    public void Of_two_with_one_first_day_the_lower_limit_counts() => Assert.Equal(10000,
        Assert.Single(DiseasesOf("2026-10-15", Disease(1, 10000, "2026-08-01"), Disease(1, 20000, "2026-08-01"))).MonthlyLimitYen);

    [Fact]
    public void Of_two_with_one_first_day_the_one_issued_later_counts() => Assert.Equal(20000, Assert.Single(DiseasesOf(
        "2026-10-15", Disease(1, 20000, "2026-08-01") with { IssuedOn = Day("2026-10-05") }, Disease(1, 10000, "2026-08-01") with { IssuedOn = Day("2026-07-15") })).MonthlyLimitYen);

    [Fact]
    public void A_disease_of_another_coverage_does_not_count() =>
        Assert.Empty(DiseasesOf("2026-10-15", Disease(1, 10000, "2020-01-01", coverage: 2)));

    private static IReadOnlyList<SpecificDiseaseFact> DiseasesOf(string day, params SpecificDiseaseFact[] diseases) =>
        EligibilityRules.Decide(Person("1980-05-05", [Coverage("2020-04-01")], diseases: diseases), Day(day), null, true).SpecificDiseases;
}
