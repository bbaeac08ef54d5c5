using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Eligibility;
using EligibilityGateway.Rules.Eligibility.Policies;
using static EligibilityGateway.Rules.Tests.Eligibility.Known;

namespace EligibilityGateway.Rules.Tests.Eligibility;

/// <summary>Dates and codes that are rows of data, each with its source: src/Rules/Eligibility/Policies.</summary>
public sealed class PolicyTests
{
    // The ministry's notice of 2025-11-12: expired cards of every insurer were tolerated until 2026-03-31 (hodanren.doc-net.or.jp/info/news/2025-11-12-4,
    // gifu-np.co.jp/articles/-/629879, hiroshima-hokeni.net/2025/11/25). The extension is not verified.
    [Theory]
    [InlineData(Municipality, "2025-12-01", Reason.Unspecified, false)]
    [InlineData(Municipality, "2025-12-02", Reason.Unspecified, true)]
    [InlineData(Municipality, "2026-03-31", Reason.Unspecified, true)]
    [InlineData(Municipality, "2026-04-01", Reason.InsuranceCardEnded, false)]
    [InlineData(LateElderlyScheme, "2025-12-01", Reason.Unspecified, false)]
    [InlineData(LateElderlyScheme, "2026-03-31", Reason.Unspecified, true)]
    [InlineData(LateElderlyScheme, "2026-04-01", Reason.InsuranceCardEnded, false)]
    [InlineData(LateElderlyScheme, "2026-07-31", Reason.InsuranceCardEnded, false)]
    [InlineData("67130011", "2026-03-31", Reason.Unspecified, true)]
    [InlineData("390013", "2026-03-31", Reason.Unspecified, true)] // a municipality in Kōchi
    [InlineData(EmployeesInsurer, "2025-12-01", Reason.Unspecified, false)]
    [InlineData(EmployeesInsurer, "2025-12-02", Reason.Unspecified, true)]
    [InlineData(EmployeesInsurer, "2026-03-31", Reason.Unspecified, true)]
    [InlineData(EmployeesInsurer, "2026-04-01", Reason.InsuranceCardEnded, false)]
    [InlineData("06139992", "2026-03-31", Reason.Unspecified, true)]
    [InlineData("06139992", "2026-04-01", Reason.InsuranceCardEnded, false)]
    [InlineData("32130011", "2026-03-31", Reason.Unspecified, true)] // public servants
    [InlineData("32130011", "2026-04-01", Reason.InsuranceCardEnded, false)]
    [InlineData("63130011", "2026-03-31", Reason.Unspecified, true)]
    public void An_old_insurance_card_of_every_insurer_was_tolerated_until_31_March_2026(string insurer, string day, Reason reason, bool tolerated)
    {
        var person = Person("1946-05-05", [Coverage("2020-04-01", insurer: insurer)]);
        var decision = EligibilityRules.Decide(person, Day(day), new DocumentInHand(DocumentKind.InsuranceCard, 1), limitConsent: true);
        Assert.Equal((reason, tolerated), (decision.Reason, decision.InsuranceCardTolerated));
        Assert.Equal(reason == Reason.Unspecified ? Validity.Valid : Validity.Invalid, decision.Validity);
    }

    // Tolerated "if eligibility could be looked up by number": a coverage that ended before opens nothing newer.
    [Fact]
    public void An_ended_card_of_an_ended_coverage_is_not_tolerated()
    {
        var person = Person("1980-05-05", [Coverage("2020-04-01", "2026-01-01", id: 1, insurer: Municipality), Coverage("2026-01-01", id: 2)]);
        var decision = EligibilityRules.Decide(person, Day("2026-01-01"), new DocumentInHand(DocumentKind.InsuranceCard, 1), limitConsent: true);
        Assert.Equal((Reason.InsuranceCardEnded, 1L), (decision.Reason, Assert.Single(decision.Coverages).CoverageId));
    }

    // Code list 別紙5-1 as transcribed in public code: QualificationValidity 6 is of medical assistance alone; 05 pays all.
    [Theory]
    [InlineData("01", Validity.Valid, 30)]
    [InlineData("02", Validity.Valid, 30)]
    [InlineData("03", Validity.Valid, 30)]
    [InlineData("04", Validity.Valid, 30)]
    [InlineData("05", Validity.Valid, 100)]
    [InlineData("06", Validity.Valid, 30)]
    [InlineData("07", Validity.Valid, 30)]
    [InlineData("A1", Validity.ValidNotRegistered, 0)]
    public void A_classification_decides_validity_and_share(string classification, Validity validity, int share)
    {
        var person = Person("1980-05-05", [Coverage("2020-04-01", classification: classification)], limits: [Limit("A03", "2020-04-01")]);
        var decision = EligibilityRules.Decide(person, Day("2026-10-15"), document: null, limitConsent: true);
        Assert.Equal((validity, share), (decision.Validity, decision.BurdenPercent));
        Assert.Equal(validity == Validity.Valid ? Reason.Unspecified : Reason.TicketNotRegistered, decision.Reason);
        Assert.Equal(share == 30 ? "A03" : null, decision.Limit?.Code);
    }

    // iryohokenjyoho-portalsite.jp/faq/post-14.html. Numbers of 6 digits are municipal.
    [Theory]
    [InlineData("03130015", false)]
    [InlineData("04130014", false)]
    [InlineData("07130011", false)]
    [InlineData("01130012", true)]
    [InlineData("39131156", true)]
    [InlineData("031301", true)]
    public void Documents_of_some_schemes_are_not_looked_up(string number, bool found)
    {
        Assert.True(InsurerNumber.TryParse(number, out var insurer));
        Assert.Equal(found, LookUpRule.CanFind(insurer));
    }

    // jplaws.app/d/506M60002000004-s.html: an ordinance of 2024-11-29 put another paper in the place of the Self-Defence card. What it is called was not seen.
    [Fact]
    public void The_Self_Defence_cards_successor_is_a_row_of_its_own_that_is_not_verified() =>
        Assert.Equal([true, false], NotLookedUpPolicy.All.Where(row => row.LawNumber == "07").Select(row => row.Verified));

    // city.yonago.lg.jp/1148.htm: up to five years; the first were issued on 2024-12-02.
    [Theory]
    [InlineData("2026-10-15", "2031-10-15", "2031-10-15", Reason.Unspecified)]
    [InlineData("2026-10-15", "2033-10-15", "2031-10-15", Reason.Unspecified)]
    [InlineData("2026-10-15", "2033-10-15", "2031-10-16", Reason.EligibilityCertificateEnded)]
    [InlineData("2028-02-29", "2033-03-31", "2033-02-28", Reason.Unspecified)]
    [InlineData("2028-02-29", "2033-03-31", "2033-03-01", Reason.EligibilityCertificateEnded)]
    [InlineData("2024-12-01", "2026-12-01", "2025-01-01", Reason.EligibilityCertificateEnded)]
    [InlineData("2024-12-02", "2026-12-01", "2025-01-01", Reason.Unspecified)]
    public void An_eligibility_certificate_is_good_for_five_years_at_most(string issued, string until, string day, Reason reason)
    {
        var person = Person("1980-05-05", [Coverage("2020-04-01")], certificates: [Certificate(issued, until)]);
        Assert.Equal(reason, EligibilityRules.Decide(person, Day(day), new DocumentInHand(DocumentKind.EligibilityCertificate, 1), limitConsent: true).Reason);
    }

    [Fact]
    public void The_classifications_are_those_that_the_store_takes() =>
        Assert.Equal(["01", "02", "03", "04", "05", "06", "07", "A1"], ClassificationPolicy.All.Select(row => row.Code).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_row_names_its_source_and_none_that_is_not_verified_is_tolerated()
    {
        string[] sources =
        [
            .. InsuranceCardPolicy.All.Select(row => row.Source), .. ClassificationPolicy.All.Select(row => row.Source),
            .. NotLookedUpPolicy.All.Select(row => row.Source), .. BillingOrderPolicy.All.Select(row => row.Source), .. EligibilityCertificatePolicy.All.Select(row => row.Source),
            .. ReceiptCodePolicy.All.Select(row => row.Source),
        ];
        Assert.All(sources, source => Assert.NotEmpty(source.Trim()));
        Assert.All(InsuranceCardPolicy.All.Where(row => !row.Verified), row => Assert.False(row.Applies));
    }
}
