using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Eligibility;
using EligibilityGateway.Rules.Facts;
using static EligibilityGateway.Rules.Tests.Eligibility.Known;

namespace EligibilityGateway.Rules.Tests.Eligibility;

// Acquisition date inclusive, loss date exclusive: the loss date is the day after leaving (資格喪失日 = 退職日の翌日).
// Source: mykomon.biz/seido/kenpo/kenpo_shikaku.html
public sealed class CoverageTests
{
    private const string Adult = "1980-05-05";

    [Theory]
    [InlineData("2026-03-31", Validity.Invalid, Reason.CoverageNotBegun)]
    [InlineData("2026-04-01", Validity.Valid, Reason.Unspecified)] // the acquisition date is covered
    [InlineData("2026-10-14", Validity.Valid, Reason.Unspecified)]
    [InlineData("2026-10-15", Validity.Valid, Reason.Unspecified)] // leaves the job today: the loss date is tomorrow
    [InlineData("2026-10-16", Validity.Invalid, Reason.CoverageEnded)] // the loss date itself is not covered
    [InlineData("2026-10-17", Validity.Invalid, Reason.CoverageEnded)]
    public void A_coverage_counts_from_its_acquisition_until_the_day_before_its_loss(string day, Validity validity, Reason reason)
    {
        var decision = Decide(day, Coverage("2026-04-01", "2026-10-16"));
        Assert.Equal(validity, decision.Validity);
        Assert.Equal(reason, decision.Reason);
        Assert.Equal(1, Assert.Single(decision.Coverages).CoverageId);
    }

    [Fact]
    public void An_open_coverage_counts_without_end() =>
        Assert.Equal(Validity.Valid, Decide("2099-12-31", Coverage("2026-04-01")).Validity);

    [Theory]
    [InlineData("2026-10-07", 1)]
    [InlineData("2026-10-08", 2)] // lost and acquired on one day, as at a change of employer
    public void At_a_change_of_insurer_exactly_one_counts(string day, long counts)
    {
        var decision = Decide(day, Coverage("2020-04-01", "2026-10-08", id: 1), Coverage("2026-10-08", id: 2));
        Assert.Equal(Validity.Valid, decision.Validity);
        Assert.Equal(counts, Assert.Single(decision.Coverages).CoverageId);
    }

    [Theory]
    [InlineData("2026-09-30", Validity.Valid, Reason.Unspecified, "1")]
    [InlineData("2026-10-01", Validity.InvalidNewerExists, Reason.GapBeforeNewerCoverage, "2 1")]
    [InlineData("2026-10-31", Validity.InvalidNewerExists, Reason.GapBeforeNewerCoverage, "2 1")]
    [InlineData("2026-11-01", Validity.Valid, Reason.Unspecified, "2")]
    public void In_a_gap_the_newer_one_is_shown_and_then_the_last_known(string day, Validity validity, Reason reason, string shown)
    {
        var decision = Decide(day, Coverage("2020-04-01", "2026-10-01", id: 1), Coverage("2026-11-01", id: 2));
        Assert.Equal(validity, decision.Validity);
        Assert.Equal(reason, decision.Reason);
        Assert.Equal(shown, string.Join(' ', decision.Coverages.Select(coverage => coverage.CoverageId)));
        Assert.Equal(validity == Validity.Valid ? 30 : 0, decision.BurdenPercent);
        Assert.Equal(validity == Validity.Valid, decision.IsInsured);
    }

    [Fact]
    public void The_last_known_is_the_one_lost_last_not_the_one_acquired_last()
    {
        var decision = Decide("2026-10-15", Coverage("2019-04-01", "2026-09-01", id: 1), Coverage("2024-04-01", "2025-04-01", id: 2));
        Assert.Equal(Reason.CoverageEnded, decision.Reason);
        Assert.Equal(1, Assert.Single(decision.Coverages).CoverageId);
    }

    [Fact]
    public void Of_two_lost_on_one_day_the_later_acquired_is_the_last_known()
    {
        var decision = Decide("2026-10-15", Coverage("2019-04-01", "2026-09-01", id: 1), Coverage("2024-04-01", "2026-09-01", id: 2));
        Assert.Equal(2, Assert.Single(decision.Coverages).CoverageId);
    }

    [Fact]
    public void Of_two_to_come_the_first_is_shown()
    {
        var decision = Decide("2026-10-15", Coverage("2027-04-01", id: 1), Coverage("2026-11-01", "2027-04-01", id: 2));
        Assert.Equal(Reason.CoverageNotBegun, decision.Reason);
        Assert.Equal(2, Assert.Single(decision.Coverages).CoverageId);
    }

    [Fact]
    public void Coverages_that_overlap_are_all_shown_and_none_is_guessed()
    {
        var decision = Decide(
            "2026-10-15", Coverage("2020-04-01", id: 7), Coverage("2010-04-01", "2015-04-01", id: 8), Coverage("2026-10-01", id: 9));
        Assert.Equal(Validity.Multiple, decision.Validity);
        Assert.Equal(Reason.MultipleCoverages, decision.Reason);
        Assert.Equal([9L, 7L], decision.Coverages.Select(coverage => coverage.CoverageId)); // the latest acquired first
        Assert.Null(decision.Limit);
        Assert.Equal(30, decision.BurdenPercent); // the same whichever it is
    }

    [Fact]
    public void Where_overlapping_coverages_differ_in_share_none_is_told()
    {
        var person = Person(
            "1950-05-05",
            [Coverage("2020-04-01", id: 1, insurer: Municipality), Coverage("2025-05-05", id: 2, insurer: LateElderlyScheme)],
            burdens: [Burden(20, "2025-08-01", coverage: 1), Burden(10, "2025-08-01", coverage: 2)]);
        var decision = EligibilityRules.Decide(person, Day("2026-10-15"), null, true);
        Assert.Equal(Validity.Multiple, decision.Validity);
        Assert.Equal(0, decision.BurdenPercent);
    }

    [Fact]
    public void Who_has_no_coverage_at_all_is_known_and_not_insured_as_far_as_known()
    {
        var decision = Decide("2026-10-15");
        Assert.Equal(Validity.Invalid, decision.Validity);
        Assert.Equal(Reason.NoCoverageKnown, decision.Reason);
        Assert.Empty(decision.Coverages);
    }

    [Fact]
    public void A_coverage_taken_back_on_the_day_it_began_is_nobodys_last_coverage()
    {
        Assert.Equal(Reason.NoCoverageKnown, Decide("2026-10-15", Coverage("2026-10-01", "2026-10-01")).Reason);
        Assert.Equal(Reason.NoCoverageKnown, Decide("2026-09-15", Coverage("2026-10-01", "2026-10-01")).Reason);
        var decision = Decide("2026-10-15", Coverage("2020-04-01", "2026-09-01", id: 1), Coverage("2026-10-01", "2026-10-01", id: 2));
        Assert.Equal(1, Assert.Single(decision.Coverages).CoverageId);
    }

    [Fact]
    public void Where_none_counts_neither_share_nor_limit_is_told()
    {
        var person = Person(Adult, [Coverage("2020-04-01", "2026-10-01")],
            limits: [Limit("A03", "2026-08-01")], diseases: [Disease(1, 10000, "2020-04-01")]);
        var decision = EligibilityRules.Decide(person, Day("2026-10-15"), null, true);
        Assert.Equal(0, decision.BurdenPercent);
        Assert.Null(decision.Limit);
        Assert.Equal(LimitAbsence.Unspecified, decision.LimitAbsence);
        Assert.Empty(decision.SpecificDiseases);
    }

    private static EligibilityDecision Decide(string day, params CoverageFact[] coverages) =>
        EligibilityRules.Decide(Person(Adult, coverages), Day(day), document: null, limitConsent: true);
}
