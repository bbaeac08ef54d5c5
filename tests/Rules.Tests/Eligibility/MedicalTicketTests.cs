using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Eligibility;
using EligibilityGateway.Rules.Facts;
using static EligibilityGateway.Rules.Tests.Eligibility.Known;

namespace EligibilityGateway.Rules.Tests.Eligibility;

/// <summary>Medical assistance (A1) with its tickets: QualificationValidity 6 is "valid, not registered" of this one alone (code list).</summary>
public sealed class MedicalTicketTests
{
    private const string Here = "0110113719", Elsewhere = "2714206386", WelfareOffice = "12131112";

    [Theory]
    [InlineData(Here, "2026-10-01", Validity.Valid)]
    [InlineData(Here, "2026-10-31", Validity.Valid)] // its last day, inclusive
    [InlineData(Here, "2026-09-30", Validity.ValidNotRegistered)] // another month
    [InlineData(Here, "2026-11-01", Validity.ValidNotRegistered)]
    [InlineData(Elsewhere, "2026-10-15", Validity.ValidNotRegistered)] // another institution's is never shown
    [InlineData(null, "2026-10-15", Validity.ValidNotRegistered)]
    public void A_ticket_is_for_one_month_at_one_institution(string? institution, string day, Validity validity)
    {
        var decision = Decide(Assisted(Ticket("2026-10-01", "2026-10-31")), day, institution);
        Assert.Equal((validity, 0, LimitAbsence.TicketSays), (decision.Validity, decision.BurdenPercent, decision.LimitAbsence));
        Assert.Equal(validity == Validity.Valid ? Reason.Unspecified : Reason.TicketNotRegistered, decision.Reason);
        Assert.Equal(validity == Validity.Valid ? [3_000] : [], decision.Tickets.Select(ticket => ticket.SelfPayYen));
    }

    [Theory]
    [InlineData("2026-10-09", false)]
    [InlineData("2026-10-10", true)]
    [InlineData("2026-10-20", true)]
    [InlineData("2026-10-21", false)]
    public void Within_its_month_a_ticket_counts_on_its_days(string day, bool counts) =>
        Assert.Equal(counts, Decide(Assisted(Ticket("2026-10-10", "2026-10-20")), day, Here).Tickets.Count == 1);

    [Fact]
    public void Of_another_coverage_no_ticket_counts()
    {
        Assert.Empty(Decide(Assisted(Ticket("2026-10-01", "2026-10-31") with { CoverageId = 2 }), "2026-10-15", Here).Tickets);
        var insured = Person("1980-05-05", [Coverage("2020-04-01")]) with { MedicalTickets = [Ticket("2026-10-01", "2026-10-31")] };
        Assert.Empty(Decide(insured, "2026-10-15", Here).Tickets);
    }

    [Fact]
    public void Several_tickets_of_a_month_come_in_one_order()
    {
        MedicalTicketFact one = Ticket("2026-10-01", "2026-10-31", "0001"), two = Ticket("2026-10-01", "2026-10-31", "0002"), later = Ticket("2026-10-05", "2026-10-31", "0000");
        MedicalTicketFact[][] orders = [[one, two, later], [later, two, one]];
        foreach (var tickets in orders)
            Assert.Equal(["0001", "0002", "0000"], Decide(Assisted(tickets), "2026-10-15", Here).Tickets.Select(ticket => ticket.Details.IssueNumber));
    }

    // The insurance first, whichever began later, with its share and limit; what it leaves goes to the assistance: Public Assistance Act, art. 4 (medicalwords.info on
    // 生活保護法, biz.trans-suite.jp/51610).
    [Theory]
    [InlineData("2020-04-01", "2026-04-01", Here, Validity.Valid)]
    [InlineData("2026-04-01", "2020-04-01", Here, Validity.Valid)]
    [InlineData("2026-04-01", "2026-04-01", Here, Validity.Valid)]
    [InlineData("2020-04-01", "2026-04-01", Elsewhere, Validity.ValidNotRegistered)]
    [InlineData("2026-04-01", "2020-04-01", Elsewhere, Validity.ValidNotRegistered)]
    public void Beside_medical_assistance_the_insurance_comes_first_with_its_share_and_limit(string insured, string assisted, string institution, Validity validity)
    {
        var decision = Decide(BesideInsurance(insured, assisted), "2026-10-15", institution);
        Assert.Equal((validity, 30, "A04", LimitAbsence.Unspecified), (decision.Validity, decision.BurdenPercent, decision.Limit?.Code, decision.LimitAbsence));
        Assert.Equal([2L, 1L], decision.Coverages.Select(coverage => coverage.CoverageId));
        Assert.Equal((2L, 1L), (decision.BillFirst?.CoverageId, decision.Assistance?.CoverageId));
        Assert.Equal(validity == Validity.Valid ? 3_000 : null, decision.SelfPayYen);
        Assert.Equal(validity == Validity.Valid ? Reason.Unspecified : Reason.TicketNotRegistered, decision.Reason);
    }

    [Theory]
    [InlineData("2026-03-31", Validity.Valid, 30, new[] { 2L })] // the day before the assistance begins
    [InlineData("2026-10-31", Validity.ValidNotRegistered, 30, new[] { 2L, 1L })]
    [InlineData("2026-11-01", Validity.ValidNotRegistered, 0, new[] { 1L })] // the insurance is lost
    public void Each_day_is_judged_by_what_counts_on_it(string day, Validity validity, int share, long[] shown)
    {
        var person = Person("1980-05-05", [Coverage("2020-04-01", "2026-11-01", id: 2), Coverage("2026-04-01", insurer: WelfareOffice, classification: "A1")]);
        var decision = Decide(person, day, Here);
        Assert.Equal((validity, share), (decision.Validity, decision.BurdenPercent));
        Assert.Equal(shown, decision.Coverages.Select(coverage => coverage.CoverageId));
    }

    // Typed numbers of an insurance that has ended lead to the one that counts, assistance or not.
    [Fact]
    public void A_document_of_an_ended_insurance_leads_to_the_one_beside_the_assistance()
    {
        var person = BesideInsurance("2026-08-01", "2026-04-01");
        person = person with { Coverages = [.. person.Coverages, Coverage("2020-04-01", "2026-08-01", id: 3)] };
        var decision = EligibilityRules.Decide(person, Day("2026-10-15"), new DocumentInHand(DocumentKind.EligibilityNotice, 3), limitConsent: true, Here);
        Assert.Equal((Validity.InvalidNewerExists, Reason.NewerCoverageExists, 30), (decision.Validity, decision.Reason, decision.BurdenPercent));
        Assert.Equal([2L, 1L], decision.Coverages.Select(coverage => coverage.CoverageId));
    }

    [Fact]
    public void Two_insurances_beside_the_assistance_are_never_guessed()
    {
        var person = BesideInsurance("2026-08-01", "2026-04-01");
        person = person with { Coverages = [.. person.Coverages, Coverage("2020-04-01", id: 3)] };
        var decision = Decide(person, "2026-10-15", Here);
        Assert.Equal((Validity.Multiple, Reason.MultipleCoverages, 3, null), (decision.Validity, decision.Reason, decision.Coverages.Count, decision.Billed));
        Assert.Single(decision.Tickets);
    }

    private static PersonSnapshot BesideInsurance(string insured, string assisted) =>
        Person("1980-05-05", [Coverage(insured, id: 2), Coverage(assisted, insurer: WelfareOffice, classification: "A1")], limits: [Limit("A04", "2020-04-01", coverage: 2)]) with
        {
            MedicalTickets = [Ticket("2026-10-01", "2026-10-31")],
        };

    private static PersonSnapshot Assisted(params MedicalTicketFact[] tickets) =>
        Person("1980-05-05", [Coverage("2026-04-01", insurer: WelfareOffice, classification: "A1")]) with { MedicalTickets = tickets };

    private static MedicalTicketFact Ticket(string from, string until, string issue = "0001") =>
        new(1, Day(from), Day(until), Day("2026-10-01"), Here, null, 3_000, new TicketDetails { IssueNumber = issue });

    private static EligibilityDecision Decide(PersonSnapshot person, string day, string? institution) =>
        EligibilityRules.Decide(person, Day(day), document: null, limitConsent: true, institution);
}
