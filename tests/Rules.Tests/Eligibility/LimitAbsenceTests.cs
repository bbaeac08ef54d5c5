using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Eligibility;
using EligibilityGateway.Rules.Facts;
using static EligibilityGateway.Rules.Tests.Eligibility.Known;

namespace EligibilityGateway.Rules.Tests.Eligibility;

/// <summary>Missing is never "no limit": why it is missing. DOMAIN 3.7; city.asaka.lg.jp (unpaid premiums).</summary>
public sealed class LimitAbsenceTests
{
    private const string Adult = "1980-05-05", Seventies = "1954-05-05";

    [Theory]
    [InlineData("2026-08-31", "A04", LimitAbsence.Unspecified)]
    [InlineData("2026-09-01", null, LimitAbsence.WithheldUnpaid)]
    [InlineData("2026-10-15", null, LimitAbsence.WithheldUnpaid)] // its last day, inclusive
    [InlineData("2026-10-16", "A04", LimitAbsence.Unspecified)]
    public void A_limit_is_withheld_on_the_days_that_the_insurer_says(string day, string? limitClass, LimitAbsence absence)
    {
        var person = Person(Adult, [Coverage("2020-04-01", insurer: Municipality)], limits: [Limit("A04", "2026-08-01", "2027-07-31")]) with
        {
            WithheldLimits = [new WithheldLimitFact(1, Day("2026-09-01"), Day("2026-10-15"))],
        };
        var decision = EligibilityRules.Decide(person, Day(day), null, true);
        Assert.Equal((Validity.Valid, 30, limitClass, absence), (decision.Validity, decision.BurdenPercent, decision.Limit?.Code, decision.LimitAbsence));
    }

    [Fact]
    public void Of_another_coverage_nothing_is_withheld()
    {
        var person = Person(Adult, [Coverage("2026-09-01", id: 2)], limits: [Limit("A04", "2026-09-01", coverage: 2)]) with { WithheldLimits = [new WithheldLimitFact(1, Day("2026-09-01"), null)] };
        Assert.Equal("A04", EligibilityRules.Decide(person, Day("2026-10-15"), null, true).Limit?.Code);
    }

    [Fact]
    public void From_seventy_on_the_ratio_says_a_class_whatever_is_owed()
    {
        var person = Person(Seventies, [Coverage("2000-04-01", insurer: Municipality)], burdens: [Burden(20, "2026-08-01")]) with { WithheldLimits = [new WithheldLimitFact(1, Day("2026-08-01"), null)] };
        Assert.Equal("B04", EligibilityRules.Decide(person, Day("2026-10-15"), null, true).Limit?.Code);
    }

    [Theory]
    [InlineData("01", true, LimitAbsence.NotGivenByInsurer)]
    [InlineData("05", true, LimitAbsence.PaysAllFirst)]
    [InlineData("A1", true, LimitAbsence.TicketSays)]
    [InlineData("01", false, LimitAbsence.NoConsent)]
    public void Each_absence_has_its_reason(string classification, bool consent, LimitAbsence absence)
    {
        var person = Person(Adult, [Coverage("2020-04-01", classification: classification)], certificates: [Certificate("2026-08-01", "2027-07-31")]);
        var decision = EligibilityRules.Decide(person, Day("2026-10-15"), new DocumentInHand(DocumentKind.EligibilityCertificate, 1), consent);
        Assert.Equal((null, absence), (decision.Limit, decision.LimitAbsence));
    }

    [Fact]
    public void Several_coverages_have_limits_of_their_own() => Assert.Equal(
        LimitAbsence.SeveralCoverages,
        EligibilityRules.Decide(Person(Adult, [Coverage("2020-04-01", id: 1), Coverage("2026-09-01", id: 2)]), Day("2026-10-15"), null, true).LimitAbsence);
}
