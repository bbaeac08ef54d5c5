using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Eligibility;
using EligibilityGateway.Rules.Facts;
using static EligibilityGateway.Rules.Tests.Eligibility.Known;

namespace EligibilityGateway.Rules.Tests.Eligibility;

public sealed class LimitClassTests
{
    private const string Adult = "1980-05-05", Seventies = "1954-05-05", Eighty = "1946-05-05";

    [Fact]
    public void A_class_that_the_insurer_gave_is_told_with_its_certificate()
    {
        var given = Limit("A03", "2026-08-01", "2027-07-31");
        Assert.Equal(new LimitDecision("A03", given), LimitOf(Person(Adult, [Coverage("2020-04-01")], limits: [given])));
    }

    [Theory]
    [InlineData("2026-07-31", null)]
    [InlineData("2026-08-01", "A03")]
    [InlineData("2027-07-31", "A03")] // its last day, inclusive
    [InlineData("2027-08-01", null)]
    public void A_class_counts_on_its_days(string day, string? code)
    {
        var decision = EligibilityRules.Decide(Person(Adult, [Coverage("2020-04-01")],
            limits: [Limit("A03", "2026-08-01", "2027-07-31")]), Day(day), null, true);
        Assert.Equal(code, decision.Limit?.Code);
        Assert.Equal(code is null ? LimitAbsence.NotGivenByInsurer : LimitAbsence.Unspecified, decision.LimitAbsence);
    }

    [Fact]
    public void Under_seventy_none_given_means_none_known_and_not_no_limit()
    {
        var decision = EligibilityRules.Decide(Person(Adult, [Coverage("2020-04-01")]), Day("2026-10-15"), null, true);
        Assert.Null(decision.Limit);
        Assert.Equal(LimitAbsence.NotGivenByInsurer, decision.LimitAbsence);
    }

    // General and the highest class have no certificate: the ratio alone says them.
    [Theory]
    [InlineData(30, "B01")]
    [InlineData(20, "B04")]
    [InlineData(10, "B04")]
    public void From_seventy_to_74_the_ratio_says_the_class(short percent, string code) => Assert.Equal(
        new LimitDecision(code, Certificate: null),
        LimitOf(Person(Seventies, [Coverage("2000-04-01")], burdens: [Burden(percent, "2026-08-01", "2027-07-31")])));

    [Theory]
    [InlineData(30, "B01")]
    [InlineData(20, "B09")]
    [InlineData(10, "B10")]
    public void From_75_the_ratio_says_the_class(short percent, string code) => Assert.Equal(
        new LimitDecision(code, Certificate: null),
        LimitOf(Person(Eighty, [Coverage("2021-05-05", insurer: LateElderlyScheme)],
            burdens: [Burden(percent, "2026-08-01", "2027-07-31")])));

    [Fact]
    public void A_class_that_the_insurer_gave_wins_over_the_ratio() => Assert.Equal("B05",
        LimitOf(Person(Seventies, [Coverage("2000-04-01")],
            burdens: [Burden(20, "2026-08-01")], limits: [Limit("B05", "2026-08-01", certificate: "02")]))?.Code);

    [Fact]
    public void The_latest_judgement_wins() => Assert.Equal("A04",
        LimitOf(Person(Adult, [Coverage("2020-04-01")],
            limits: [Limit("A04", "2026-10-01"), Limit("A01", "2026-08-01", "2027-07-31")]))?.Code);

    [Theory]
    [InlineData("A01", "A03", "A03")]
    [InlineData("A05", "A04", "A05")]
    public void Of_two_classes_with_one_first_day_the_lower_limit_counts(string one, string other, string counts)
    {
        Assert.Equal(counts, LimitOf(Person(Adult, [Coverage("2020-04-01")],
            limits: [Limit(one, "2026-08-01"), Limit(other, "2026-08-01")]))?.Code);
        Assert.Equal(counts, LimitOf(Person(Adult, [Coverage("2020-04-01")],
            limits: [Limit(other, "2026-08-01"), Limit(one, "2026-08-01")]))?.Code);
    }

    [Fact]
    public void Of_two_classes_with_one_first_day_the_one_issued_later_counts()
    {
        var (earlier, later) = (Limit("A05", "2026-08-01") with { IssuedOn = Day("2026-07-15") }, Limit("A03", "2026-08-01") with { IssuedOn = Day("2026-10-05") });
        foreach (var limits in (LimitFact[][])[[earlier, later], [later, earlier]])
            Assert.Equal("A03", LimitOf(Person(Adult, [Coverage("2020-04-01")], limits: limits))?.Code);
    }

    [Theory]
    [InlineData("B09", "B05", "B05")] // General II is above low income II, though its code comes after
    [InlineData("B10", "B08", "B08")]
    public void The_lower_limit_is_not_the_higher_code(string one, string other, string counts) => Assert.Equal(counts,
        LimitOf(Person(Eighty, [Coverage("2021-05-05", insurer: LateElderlyScheme)],
            limits: [Limit(one, "2026-08-01"), Limit(other, "2026-08-01")]))?.Code);

    [Fact]
    public void Of_one_class_twice_the_longer_counts_whatever_the_order()
    {
        LimitFact shorter = Limit("A03", "2026-08-01", "2026-12-31"), longer = Limit("A03", "2026-08-01", "2027-07-31");
        LimitFact[][] orders = [[shorter, longer], [longer, shorter]];
        foreach (var limits in orders)
            Assert.Equal(Day("2027-07-31"), LimitOf(Person(Adult, [Coverage("2020-04-01")], limits: limits))?.ValidUntil);
    }

    [Fact]
    public void A_class_of_under_seventy_does_not_count_from_seventy_on()
    {
        var person = Person("1956-10-02", [Coverage("2000-04-01")],
            burdens: [Burden(20, "2026-11-01")], limits: [Limit("A03", "2026-08-01", "2027-07-31")]);
        Assert.Equal("A03", EligibilityRules.Decide(person, Day("2026-10-31"), null, true).Limit?.Code);
        Assert.Equal("B04", EligibilityRules.Decide(person, Day("2026-11-01"), null, true).Limit?.Code);
    }

    [Fact]
    public void A_class_from_seventy_on_does_not_count_before() =>
        Assert.Null(LimitOf(Person(Adult, [Coverage("2020-04-01")], limits: [Limit("B04", "2026-08-01")])));

    [Fact]
    public void A_certificate_for_meals_only_is_no_limit() =>
        Assert.Null(LimitOf(Person(Adult, [Coverage("2020-04-01")], limits: [Limit("A05", "2026-08-01", certificate: "03")])));

    [Fact]
    public void A_class_of_another_coverage_does_not_count()
    {
        var person = Person(Adult, [Coverage("2020-04-01", "2026-10-01", id: 1), Coverage("2026-10-01", id: 2)],
            limits: [Limit("A03", "2026-08-01", coverage: 1)]);
        Assert.Null(LimitOf(person));
    }

    private static LimitDecision? LimitOf(PersonSnapshot person) => EligibilityRules.Decide(person, Day("2026-10-15"), null, true).Limit;
}
