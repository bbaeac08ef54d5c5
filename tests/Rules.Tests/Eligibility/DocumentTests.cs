using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Eligibility;
using EligibilityGateway.Rules.Facts;
using static EligibilityGateway.Rules.Tests.Eligibility.Known;

namespace EligibilityGateway.Rules.Tests.Eligibility;

public sealed class DocumentTests
{
    private static readonly DocumentInHand OldCard = new(DocumentKind.InsuranceCard, 1);
    private static readonly DocumentInHand Certificate1 = new(DocumentKind.EligibilityCertificate, 1);
    private static readonly DocumentInHand Notice1 = new(DocumentKind.EligibilityNotice, 1);

    [Theory]
    [InlineData("2025-11-30", Validity.Valid, Reason.Unspecified, false)]
    [InlineData("2025-12-01", Validity.Valid, Reason.Unspecified, false)] // its last day, inclusive
    [InlineData("2025-12-02", Validity.Valid, Reason.Unspecified, true)]
    [InlineData("2026-10-15", Validity.Invalid, Reason.InsuranceCardEnded, false)]
    public void The_old_insurance_card_ends_with_1_December_2025(string day, Validity validity, Reason reason, bool tolerated)
    {
        var decision = Decide(Person("1980-05-05", [Coverage("2020-04-01")]), day, OldCard);
        Assert.Equal((validity, reason, tolerated), (decision.Validity, decision.Reason, decision.InsuranceCardTolerated));
        Assert.Equal(1, Assert.Single(decision.Coverages).CoverageId);
    }

    [Fact]
    public void An_old_insurance_card_past_its_last_day_opens_nothing_but_its_own_coverage()
    {
        var person = Person("1980-05-05", [Coverage("2020-04-01", "2026-04-01", id: 1), Coverage("2026-04-01", id: 2)],
            limits: [Limit("A03", "2026-04-01", coverage: 2)]);
        var decision = Decide(person, "2026-10-15", OldCard);
        Assert.Equal(Reason.InsuranceCardEnded, decision.Reason);
        Assert.Equal(1, Assert.Single(decision.Coverages).CoverageId);
        Assert.Equal(0, decision.BurdenPercent);
        Assert.Null(decision.Limit);
    }

    [Fact]
    public void An_old_insurance_card_needs_no_eligibility_certificate_while_it_lasted() =>
        Assert.Equal(Validity.Valid, Decide(Person("1980-05-05", [Coverage("2020-04-01")]), "2025-06-01", OldCard).Validity);

    [Theory]
    [InlineData("2026-04-09", Validity.Invalid, Reason.EligibilityCertificateEnded)]
    [InlineData("2026-04-10", Validity.Valid, Reason.Unspecified)] // the day of issue
    [InlineData("2026-10-31", Validity.Valid, Reason.Unspecified)] // the last day, inclusive
    [InlineData("2026-11-01", Validity.Invalid, Reason.EligibilityCertificateEnded)]
    public void An_eligibility_certificate_must_be_in_its_dates(string day, Validity validity, Reason reason)
    {
        var decision = Decide(Person("1980-05-05", [Coverage("2026-04-01")],
            certificates: [Certificate("2026-04-10", "2026-10-31")]), day, Certificate1);
        Assert.Equal(validity, decision.Validity);
        Assert.Equal(reason, decision.Reason);
        Assert.Equal(1, Assert.Single(decision.Coverages).CoverageId);
    }

    [Fact]
    public void An_eligibility_certificate_that_was_never_issued_is_as_good_as_ended() =>
        Assert.Equal(
            Reason.EligibilityCertificateEnded,
            Decide(Person("1980-05-05", [Coverage("2026-04-01")]), "2026-10-15", Certificate1).Reason);

    // The notice (資格情報のお知らせ) beside a card that can't be read is the official fallback (ibmjapankenpo.jp/asp/faq/faq.asp?articleid=16661;
    // phia.or.jp/benefits/13744), and who holds a card is mostly issued no certificate at all (city.yonago.lg.jp/1148.htm).
    [Theory]
    [InlineData(null, null)]
    [InlineData("2024-12-02", "2026-07-31")]
    [InlineData("2026-10-20", "2027-07-31")]
    [InlineData("2026-08-01", "2027-07-31")]
    public void A_notice_of_eligibility_answers_the_entitlement_whatever_certificate_was_issued(string? issued, string? until)
    {
        var person = Person("1980-05-05", [Coverage("2026-04-01")], limits: [Limit("A03", "2026-08-01")],
            certificates: issued is null ? [] : [Certificate(issued, until!)]);
        var decision = Decide(person, "2026-10-15", Notice1);
        Assert.Equal((Validity.Valid, Reason.Unspecified, 30, "A03"), (decision.Validity, decision.Reason, decision.BurdenPercent, decision.Limit?.Code));
    }

    [Theory]
    [InlineData("2026-03-31", Validity.Invalid, Reason.CoverageNotBegun, 1)]
    [InlineData("2026-04-01", Validity.Valid, Reason.Unspecified, 1)]
    [InlineData("2026-09-30", Validity.Valid, Reason.Unspecified, 1)]
    [InlineData("2026-10-01", Validity.InvalidNewerExists, Reason.NewerCoverageExists, 2)]
    [InlineData("2026-11-01", Validity.Multiple, Reason.MultipleCoverages, 2)]
    [InlineData("2026-12-01", Validity.Invalid, Reason.CoverageEnded, 3)]
    public void A_notice_of_eligibility_is_of_its_own_coverage(string day, Validity validity, Reason reason, long shown)
    {
        var person = Person("1980-05-05", [Coverage("2026-04-01", "2026-10-01", id: 1), Coverage("2026-10-01", "2026-12-01", id: 2), Coverage("2026-11-01", "2026-12-01", id: 3)]);
        var decision = Decide(person, day, Notice1);
        Assert.Equal((validity, reason), (decision.Validity, decision.Reason));
        Assert.Contains(shown, decision.Coverages.Select(coverage => coverage.CoverageId));
    }

    [Fact]
    public void A_certificate_on_another_coverage_does_not_count_for_this_one()
    {
        var person = Person("1980-05-05", [Coverage("2020-04-01", "2026-04-01", id: 2), Coverage("2026-04-01", id: 1)],
            certificates: [Certificate("2024-12-02", "2028-12-01", coverage: 2)]);
        Assert.Equal(Reason.EligibilityCertificateEnded, Decide(person, "2026-10-15", Certificate1).Reason);
    }

    [Fact]
    public void A_renewed_certificate_counts_beside_the_ended_one()
    {
        var person = Person("1980-05-05", [Coverage("2020-04-01")],
            certificates: [Certificate("2024-12-02", "2026-07-31"), Certificate("2026-08-01", "2027-07-31")]);
        Assert.Equal(Validity.Valid, Decide(person, "2026-08-01", Certificate1).Validity);
        Assert.Equal(Validity.Valid, Decide(person, "2026-07-31", Certificate1).Validity);
    }

    [Theory]
    [InlineData("2026-09-30", Validity.Valid, Reason.Unspecified, 1)]
    [InlineData("2026-10-01", Validity.InvalidNewerExists, Reason.NewerCoverageExists, 2)]
    public void A_document_of_the_coverage_before_gets_the_one_that_counts(string day, Validity validity, Reason reason, long shown)
    {
        var person = Person("1980-05-05", [Coverage("2020-04-01", "2026-10-01", id: 1), Coverage("2026-10-01", id: 2)],
            limits: [Limit("A04", "2020-04-01", coverage: 1), Limit("A03", "2026-10-01", coverage: 2)],
            certificates: [Certificate("2024-12-02", "2028-12-01", coverage: 1)]);
        var decision = Decide(person, day, Certificate1);
        Assert.Equal(validity, decision.Validity);
        Assert.Equal(reason, decision.Reason);
        Assert.Equal(shown, Assert.Single(decision.Coverages).CoverageId);
        // Share and limit are those of the coverage to bill.
        Assert.Equal(30, decision.BurdenPercent);
        Assert.Equal(shown == 1 ? "A04" : "A03", decision.Limit?.Code);
    }

    [Fact]
    public void An_ended_certificate_of_an_ended_coverage_still_leads_to_the_one_that_counts()
    {
        var person = Person("1980-05-05", [Coverage("2020-04-01", "2026-10-01", id: 1), Coverage("2026-10-01", id: 2)],
            certificates: [Certificate("2024-12-02", "2026-09-30")]);
        Assert.Equal(Reason.NewerCoverageExists, Decide(person, "2026-10-15", Certificate1).Reason);
    }

    [Fact]
    public void A_document_whose_coverage_has_not_begun_gets_the_one_that_counts_on_the_service_date()
    {
        var person = Person("1980-05-05", [Coverage("2026-11-01", id: 1), Coverage("2020-04-01", "2026-11-01", id: 2)],
            certificates: [Certificate("2026-10-10", "2028-12-01")]);
        var decision = Decide(person, "2026-10-15", Certificate1);
        Assert.Equal(Validity.InvalidNewerExists, decision.Validity);
        Assert.Equal(2, Assert.Single(decision.Coverages).CoverageId);
    }

    [Fact]
    public void A_document_of_an_ended_coverage_with_none_after_it_says_ended()
    {
        var person = Person("1980-05-05", [Coverage("2020-04-01", "2026-10-01")], certificates: [Certificate("2024-12-02", "2028-12-01")]);
        var decision = Decide(person, "2026-10-15", Certificate1);
        Assert.Equal(Validity.Invalid, decision.Validity);
        Assert.Equal(Reason.CoverageEnded, decision.Reason);
    }

    [Fact]
    public void A_good_document_does_not_choose_between_coverages_that_overlap()
    {
        var person = Person("1980-05-05", [Coverage("2020-04-01", id: 1), Coverage("2026-10-01", id: 2)],
            certificates: [Certificate("2024-12-02", "2028-12-01")]);
        Assert.Equal(Validity.Multiple, Decide(person, "2026-10-15", Certificate1).Validity);
    }

    [Fact]
    public void A_document_without_certificate_does_not_open_coverages_that_overlap()
    {
        var person = Person("1980-05-05", [Coverage("2020-04-01", id: 1), Coverage("2026-10-01", id: 2)]);
        var decision = Decide(person, "2026-10-15", Certificate1);
        Assert.Equal(Reason.EligibilityCertificateEnded, decision.Reason);
        Assert.Equal(1, Assert.Single(decision.Coverages).CoverageId);
    }

    [Theory]
    [InlineData(DocumentKind.InsuranceCard)]
    [InlineData(DocumentKind.EligibilityCertificate)]
    [InlineData(DocumentKind.EligibilityNotice)]
    public void A_document_whose_coverage_was_withdrawn_meanwhile_opens_nothing(DocumentKind kind)
    {
        var decision = Decide(Person("1980-05-05", [Coverage("2020-04-01", id: 2)]), "2025-06-01", new DocumentInHand(kind, 1));
        Assert.Equal(Validity.Invalid, decision.Validity);
        Assert.Equal(Reason.NoCoverageKnown, decision.Reason);
        Assert.Empty(decision.Coverages);
    }

    [Fact]
    public void A_document_of_no_known_kind_is_treated_as_strictly_as_a_certificate() =>
        Assert.Equal(Reason.EligibilityCertificateEnded,
            Decide(Person("1980-05-05", [Coverage("2020-04-01")]), "2026-10-15", new DocumentInHand(DocumentKind.Unspecified, 1)).Reason);

    [Fact]
    public void Typed_numbers_show_limit_and_specific_diseases_only_with_consent()
    {
        var person = Person("1980-05-05", [Coverage("2020-04-01")],
            limits: [Limit("A03", "2026-08-01")], diseases: [Disease(1, 10000, "2020-04-01")],
            certificates: [Certificate("2024-12-02", "2028-12-01")]);
        var without = EligibilityRules.Decide(person, Day("2026-10-15"), Certificate1, limitConsent: false);
        Assert.Equal(Validity.Valid, without.Validity);
        Assert.Equal(30, without.BurdenPercent);
        Assert.Null(without.Limit);
        Assert.Equal(LimitAbsence.NoConsent, without.LimitAbsence);
        Assert.Empty(without.SpecificDiseases);

        var with = EligibilityRules.Decide(person, Day("2026-10-15"), Certificate1, limitConsent: true);
        Assert.Equal("A03", with.Limit?.Code);
        Assert.Equal(LimitAbsence.Unspecified, with.LimitAbsence);
        Assert.Single(with.SpecificDiseases);
    }

    // Source: media.shaho.co.jp/n/nf650364b1e76 (since 2024-10-07 kiosks no longer ask).
    [Fact]
    public void A_card_shows_the_limit_without_asking()
    {
        var person = Person("1980-05-05", [Coverage("2020-04-01")], limits: [Limit("A03", "2026-08-01")]);
        Assert.Equal("A03", EligibilityRules.Decide(person, Day("2026-10-15"), document: null, limitConsent: false).Limit?.Code);
    }

    private static EligibilityDecision Decide(PersonSnapshot person, string day, DocumentInHand document) =>
        EligibilityRules.Decide(person, Day(day), document, limitConsent: true);
}
