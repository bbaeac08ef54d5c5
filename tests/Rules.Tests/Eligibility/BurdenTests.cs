using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Eligibility;
using EligibilityGateway.Rules.Facts;
using static EligibilityGateway.Rules.Tests.Eligibility.Known;

namespace EligibilityGateway.Rules.Tests.Eligibility;

public sealed class BurdenTests
{
    [Theory]
    [InlineData("2020-04-01", "2026-03-31", 20)]
    [InlineData("2020-04-01", "2026-04-01", 30)] // reaches 6 on 31 March: to school at once
    [InlineData("2020-04-02", "2026-04-01", 20)]
    [InlineData("2020-04-02", "2027-03-31", 20)]
    [InlineData("2020-04-02", "2027-04-01", 30)]
    [InlineData("2026-10-15", "2026-10-15", 20)] // born today
    [InlineData("1956-10-02", "2026-10-31", 30)] // 70 is reached on 1 October: the month itself is still 30 %
    public void Age_decides_up_to_seventy(string born, string day, int percent) =>
        Assert.Equal(percent, PercentOf(Person(born, [Coverage(born)]), day));

    // Source: 163.43.17.26/kakuka/sonmin/news/2024-0619-1419-10.html
    [Theory]
    [InlineData("1956-10-02", "2026-10-31", 30)]
    [InlineData("1956-10-02", "2026-11-01", 20)]
    [InlineData("1956-10-01", "2026-09-30", 30)]
    [InlineData("1956-10-01", "2026-10-01", 20)] // born on the 1st: that very month
    public void From_seventy_the_elderly_recipients_ratio_counts(string born, string day, int percent) =>
        Assert.Equal(percent, PercentOf(Person(born, [Coverage("2000-04-01")], burdens: [Burden(20, "2026-01-01")]), day));

    [Theory]
    [InlineData(20)]
    [InlineData(30)]
    public void An_elderly_recipient_pays_what_the_insurer_set(short percent) =>
        Assert.Equal(percent, PercentOf(Person("1954-05-05", [Coverage("2000-04-01")],
            burdens: [Burden(percent, "2026-08-01", "2027-07-31")]), "2026-10-15"));

    // Sources: fujibo-kenpo.or.jp/qa/13.html, toyota-groupkenpo.jp/qa/qa4770: 30 % where none is shown, and a refund.
    [Fact]
    public void An_elderly_recipient_without_ratio_pays_30_percent_and_has_no_limit_derived_from_it()
    {
        var decision = EligibilityRules.Decide(Person("1954-05-05", [Coverage("2000-04-01")]), Day("2026-10-15"), null, true);
        Assert.Equal(30, decision.BurdenPercent);
        Assert.Null(decision.Limit);
        Assert.Equal(LimitAbsence.NotGivenByInsurer, decision.LimitAbsence);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(30)]
    public void Late_elderly_pay_what_their_scheme_set(short percent) => Assert.Equal(percent,
        PercentOf(Person("1946-05-05", [Coverage("2021-05-05", insurer: LateElderlyScheme)],
            burdens: [Burden(percent, "2026-08-01", "2027-07-31")]), "2026-10-15"));

    [Fact]
    public void Late_elderly_without_ratio_have_no_known_share_and_no_limit()
    {
        var person = Person("1946-05-05", [Coverage("2021-05-05", insurer: LateElderlyScheme)]);
        var decision = EligibilityRules.Decide(person, Day("2026-10-15"), null, true);
        Assert.Equal(Validity.Valid, decision.Validity);
        Assert.Equal(0, decision.BurdenPercent);
        Assert.Null(decision.Limit);
    }

    [Fact]
    public void Who_entered_the_late_elderly_scheme_by_disability_at_66_pays_its_ratio() => Assert.Equal(10,
        PercentOf(Person("1960-05-05", [Coverage("2026-04-01", insurer: LateElderlyScheme)],
            burdens: [Burden(10, "2026-04-01")]), "2026-10-15"));

    [Theory]
    [InlineData("390013")] // a municipality in Kōchi, prefecture 39
    [InlineData("06390013")]
    public void An_insurer_of_prefecture_39_is_not_the_late_elderly_scheme(string insurer) => Assert.Equal(30,
        PercentOf(Person("1980-05-05", [Coverage("2021-05-05", insurer: insurer)], burdens: [Burden(10, "2026-08-01")]), "2026-10-15"));

    [Fact]
    public void A_ratio_on_record_does_not_count_before_seventy() =>
        Assert.Equal(30, PercentOf(Person("1980-05-05", [Coverage("2000-04-01")], burdens: [Burden(20, "2026-01-01")]), "2026-10-15"));

    [Fact]
    public void An_arrears_certificate_means_100_percent_and_no_limit_in_kind()
    {
        var person = Person("1954-05-05", [Coverage("2000-04-01", insurer: Municipality, classification: "05")],
            burdens: [Burden(20, "2026-08-01")], limits: [Limit("B05", "2026-08-01")]);
        var decision = EligibilityRules.Decide(person, Day("2026-10-15"), null, true);
        Assert.Equal(Validity.Valid, decision.Validity);
        Assert.Equal(100, decision.BurdenPercent);
        Assert.Null(decision.Limit);
        Assert.Equal(LimitAbsence.PaysAllFirst, decision.LimitAbsence);
    }

    // Re-judged every 1 August; a change of household counts from the 1st of the next month.
    // Source: koukikourei-nagano.jp/www/contents/1732237813238
    [Theory]
    [InlineData("2026-07-31", 20)]
    [InlineData("2026-08-01", 30)]
    [InlineData("2026-09-30", 30)]
    [InlineData("2026-10-01", 10)] // the later judgement wins though the earlier runs on
    [InlineData("2027-07-31", 10)]
    public void The_latest_judgement_wins(string day, int percent)
    {
        var person = Person("1946-05-05", [Coverage("2021-05-05", insurer: LateElderlyScheme)],
            burdens:
            [
                Burden(10, "2026-10-01", "2027-07-31"),
                Burden(20, "2025-08-01", "2026-07-31"),
                Burden(30, "2026-08-01", "2027-07-31"),
            ]);
        Assert.Equal(percent, PercentOf(person, day));
    }

    [Fact]
    public void Of_two_ratios_with_one_first_day_the_lower_counts()
    {
        var person = Person("1954-05-05", [Coverage("2000-04-01")],
            burdens: [Burden(20, "2026-08-01"), Burden(30, "2026-08-01", "2027-07-31")]);
        Assert.Equal(20, PercentOf(person, "2026-10-15"));
    }

    // The judgement of October, made anew back to 1 August, is later than that of July. Sources: Mitaka; the 75+ scheme of Chiba.
    [Theory]
    [InlineData(10, "2026-07-15", 30, "2026-10-05", 30)]
    [InlineData(30, "2026-07-15", 10, "2026-10-05", 10)]
    [InlineData(10, "2026-07-15", 30, "2026-07-15", 10)]
    public void Of_two_ratios_with_one_first_day_the_one_issued_later_counts(short one, string oneIssued, short other, string otherIssued, int percent)
    {
        BurdenFact[] burdens = [Burden(one, "2026-08-01") with { IssuedOn = Day(oneIssued) }, Burden(other, "2026-08-01") with { IssuedOn = Day(otherIssued) }];
        foreach (var order in (BurdenFact[][])[burdens, [.. burdens.Reverse()]])
            Assert.Equal(percent, PercentOf(Person("1946-05-05", [Coverage("2021-05-05", insurer: LateElderlyScheme)], burdens: order), "2026-10-15"));
    }

    [Fact]
    public void Of_two_that_say_the_same_the_longer_is_told_whatever_their_order()
    {
        var (longer, shorter) = (Burden(20, "2026-08-01"), Burden(20, "2026-08-01", "2027-07-31"));
        foreach (var burdens in (BurdenFact[][])[[longer, shorter], [shorter, longer]])
        {
            var decision = EligibilityRules.Decide(Person("1954-05-05", [Coverage("2000-04-01")], burdens: burdens), Day("2026-10-15"), null, true);
            Assert.Equal(longer, decision.Ratio);
        }
    }

    [Fact]
    public void A_ratio_of_another_coverage_does_not_count()
    {
        var person = Person("1954-05-05", [Coverage("2000-04-01", "2026-10-01", id: 1), Coverage("2026-10-01", id: 2)],
            burdens: [Burden(20, "2026-08-01", coverage: 1)]);
        Assert.Equal(30, PercentOf(person, "2026-10-15"));
    }

    private static int PercentOf(PersonSnapshot person, string day) => EligibilityRules.Decide(person, Day(day), null, true).BurdenPercent;
}
