using EligibilityGateway.Rules.Emergency;
using EligibilityGateway.Rules.Facts;
using static EligibilityGateway.Rules.Tests.Eligibility.Known;

namespace EligibilityGateway.Rules.Tests.Emergency;

// Windows: MHLW, 医療保険部会 189, document 3, page 18 (wic-net.com/material/document/18002/18).
public sealed class EmergencySummaryRulesTests
{
    private static readonly DateOnly Today = Day("2026-10-15");

    [Theory]
    [InlineData(ClinicalKind.Visit, "2026-07-15", "2026-07-14")]
    [InlineData(ClinicalKind.Medicine, "2026-07-15", "2026-07-14")]
    [InlineData(ClinicalKind.Treatment, "2026-07-15", "2026-07-14")]
    [InlineData(ClinicalKind.Dialysis, "2026-07-15", "2026-07-14")]
    [InlineData(ClinicalKind.EPrescription, "2026-08-31", "2026-08-30")]
    [InlineData(ClinicalKind.Operation, "2021-10-15", "2021-10-14")]
    [InlineData(ClinicalKind.HealthCheck, "2021-10-15", "2021-10-14")]
    public void Each_kind_has_its_own_window(ClinicalKind kind, string firstShown, string lastHidden)
    {
        Assert.Equal(Day(firstShown), Assert.Single(Shown(kind, Fact(kind, firstShown), Fact(kind, lastHidden))));
        Assert.Equal(Today, Assert.Single(Shown(kind, Fact(kind, "2026-10-15"), Fact(kind, "2026-10-16"))));
    }

    [Fact]
    public void Each_kind_stands_in_its_own_list()
    {
        foreach (var kind in Enum.GetValues<ClinicalKind>())
        {
            foreach (var other in Enum.GetValues<ClinicalKind>())
                Assert.Equal(kind == other ? 1 : 0, Shown(other, Fact(kind, "2026-10-01")).Count);
        }
    }

    [Fact]
    public void The_newest_comes_first_whatever_the_order()
    {
        ClinicalFact[] facts =
        [
            Fact(ClinicalKind.Visit, "2026-09-01"),
            Fact(ClinicalKind.Visit, "2026-10-01", "b"),
            Fact(ClinicalKind.Visit, "2026-08-01"),
            Fact(ClinicalKind.Visit, "2026-10-01", "a"),
        ];
        var summary = EmergencySummaryRules.Summarise(facts, Today);
        Assert.Equal([facts[3], facts[1], facts[0], facts[2]], summary.Visits);
        Array.Reverse(facts);
        Assert.Equal(summary.Visits, EmergencySummaryRules.Summarise(facts, Today).Visits);
    }

    [Fact]
    public void Lines_that_say_the_same_are_shown_once()
    {
        ClinicalFact[] facts = [Fact(ClinicalKind.Medicine, "2026-10-01"), Fact(ClinicalKind.Medicine, "2026-10-01")];
        var summary = EmergencySummaryRules.Summarise(facts, Today);
        Assert.Single(summary.Medicines);
        Assert.Equal(0, summary.LeftOut);
    }

    [Fact]
    public void Of_a_health_check_only_the_date_is_told_and_each_date_once()
    {
        ClinicalFact[] facts =
        [
            Fact(ClinicalKind.HealthCheck, "2025-06-01", "one"),
            Fact(ClinicalKind.HealthCheck, "2025-06-01", "other"),
            Fact(ClinicalKind.HealthCheck, "2026-06-01"),
        ];
        var summary = EmergencySummaryRules.Summarise(facts, Today);
        Assert.Equal([Day("2026-06-01"), Day("2025-06-01")], summary.CheckDates);
    }

    [Fact]
    public void A_list_is_bounded_keeps_the_newest_and_says_how_many_were_left_out()
    {
        var facts = Enumerable.Range(0, EmergencySummaryRules.MostLines + 3)
            .Select(n => new ClinicalFact(ClinicalKind.Operation, Today.AddDays(-n), $"line {n}", "")).ToArray();
        var summary = EmergencySummaryRules.Summarise(facts, Today);
        Assert.Equal(EmergencySummaryRules.MostLines, summary.Operations.Count);
        Assert.Equal(Today, summary.Operations[0].HappenedOn);
        Assert.Equal(Today.AddDays(1 - EmergencySummaryRules.MostLines), summary.Operations[^1].HappenedOn);
        Assert.Equal(3, summary.LeftOut);
    }

    [Fact]
    public void Nothing_known_is_an_empty_summary()
    {
        foreach (var kind in Enum.GetValues<ClinicalKind>()) Assert.Empty(Shown(kind));
    }

    private static ClinicalFact Fact(ClinicalKind kind, string on, string what = "what") => new(kind, Day(on), what, "somewhere");

    private static IReadOnlyList<DateOnly> Shown(ClinicalKind kind, params ClinicalFact[] facts)
    {
        var summary = EmergencySummaryRules.Summarise(facts, Today);
        return kind switch
        {
            ClinicalKind.Visit => Dates(summary.Visits),
            ClinicalKind.EPrescription => Dates(summary.EPrescriptions),
            ClinicalKind.Medicine => Dates(summary.Medicines),
            ClinicalKind.Operation => Dates(summary.Operations),
            ClinicalKind.Treatment => Dates(summary.Treatments),
            ClinicalKind.Dialysis => Dates(summary.Dialysis),
            ClinicalKind.HealthCheck => summary.CheckDates,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
    }

    private static DateOnly[] Dates(IReadOnlyList<ClinicalFact> facts) => [.. facts.Select(fact => fact.HappenedOn)];
}
