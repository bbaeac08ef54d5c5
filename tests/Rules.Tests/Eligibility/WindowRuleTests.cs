using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Eligibility;
using EligibilityGateway.Rules.Facts;
using EligibilityGateway.Rules.HighCost;
using static EligibilityGateway.Rules.Tests.Eligibility.Known;

namespace EligibilityGateway.Rules.Tests.Eligibility;

/// <summary>
/// A bill at one window with what sites have reported of the month. Class A03 in 2026-10: 85,800 + (cost − 286,000) × 1 %; groups of
/// 21,000 yen and more are aggregated (DOMAIN 2.0, 2.2).
/// </summary>
public sealed class WindowRuleTests
{
    private const string Here = "1319990014", Hospital = "0110113719", Clinic = "2714206386", Pharmacy = "1349990026";

    private static readonly DateOnly ServiceDate = Day("2026-10-15");

    public static TheoryData<string, ChargeFact[], long, long?> Months => new()
    {
        { "nothing reported", [], 0, 0 },
        { "one elsewhere, below the limit", [Charge(Hospital, "2026-10-02", 100_000, 30_000)], 30_000, 0 },
        // Two shares of 60,000: 120,000 − (85,800 + (400,000 − 286,000) × 1 %) = 33,060.
        { "two together above it", [Charge(Hospital, "2026-10-02", 200_000, 60_000), Charge(Clinic, "2026-10-14", 200_000, 60_000)], 120_000, 33_060 },
        // Each below 21,000 stays out, share and cost.
        { "one of them below 21,000", [Charge(Hospital, "2026-10-02", 400_000, 86_940), Charge(Clinic, "2026-10-14", 69_990, 21_000)], 107_940, 0 },
        // Capped in kind there: 300,000 of share, 92,940 collected; nothing is left to refund.
        { "capped there already", [Charge(Hospital, "2026-10-02", 1_000_000, 92_940, inpatient: true)], 92_940, 0 },
        // Not capped there, though it was above the limit.
        { "collected in full there", [Charge(Hospital, "2026-10-02", 1_000_000, 300_000, inpatient: true)], 300_000, 207_060 },
        // A dispensing joins its prescriber: 20,000 + 20,000 in one group; with 66,000 more: 106,000 − (85,800 + 673).
        { "pharmacy with its prescriber", [
            Charge(Hospital, "2026-10-02", 66_667, 20_000), Charge(Pharmacy, "2026-10-02", 66_667, 20_000, prescriber: Hospital),
            Charge(Clinic, "2026-10-03", 220_000, 66_000)], 106_000, 19_527 },
        { "held counts until its day", [Charge(Hospital, "2026-10-02", 100_000, 30_000, collected: false, until: "2026-10-15")], 30_000, 0 },
        { "held counts no more", [Charge(Hospital, "2026-10-02", 100_000, 30_000, collected: false, until: "2026-10-14")], 0, 0 },
        { "another month", [Charge(Hospital, "2026-09-30", 100_000, 30_000), Charge(Hospital, "2026-11-01", 100_000, 30_000)], 0, 0 },
        // What is collected here is no sum elsewhere, but a part of the month.
        { "here and elsewhere", [Charge(Here, "2026-10-02", 200_000, 60_000), Charge(Clinic, "2026-10-14", 200_000, 60_000)], 60_000, 33_060 },
        { "held here is not collected yet", [Charge(Here, "2026-10-02", 200_000, 60_000, collected: false), Charge(Clinic, "2026-10-14", 200_000, 60_000)], 60_000, 0 },
    };

    [Theory]
    [MemberData(nameof(Months))]
    public void The_month_elsewhere_and_the_refund_to_expect(string name, ChargeFact[] charges, long elsewhere, long? refund)
    {
        Assert.NotEmpty(name);
        Assert.Equal(new MonthElsewhereOutcome(elsewhere, refund), RuleFor(Insured(charges)).Elsewhere(window: null));
        // Their order counts for nothing.
        Assert.Equal(new MonthElsewhereOutcome(elsewhere, refund), RuleFor(Insured([.. charges.Reverse()])).Elsewhere(window: null));
    }

    [Fact]
    public void The_bill_in_hand_is_a_part_of_the_forecast_and_is_capped_by_this_window_alone()
    {
        var rule = RuleFor(Insured([Charge(Hospital, "2026-10-02", 200_000, 60_000)]));
        var window = rule.Collect(new PlannedBill { TotalCostYen = 200_000 })!.Value;
        Assert.Equal(60_000, window.Charge.Charged);
        Assert.Equal(new MonthElsewhereOutcome(60_000, 33_060), rule.Elsewhere(window));
    }

    [Fact]
    public void Without_a_known_limit_there_is_a_sum_and_no_forecast()
    {
        var person = Person("1980-01-01", [Coverage("2020-04-01")], charges: [Charge(Hospital, "2026-10-02", 200_000, 60_000)]);
        Assert.Equal(new MonthElsewhereOutcome(60_000, null), RuleFor(person).Elsewhere(window: null));
    }

    [Fact]
    public void A_day_that_nobody_answers_for_leaves_the_forecast_open()
    {
        var person = Person("1980-01-01", [Coverage("2026-10-10")], limits: [Limit("A03", "2026-08-01")], charges: [Charge(Hospital, "2026-10-09", 200_000, 60_000)]);
        Assert.Equal(new MonthElsewhereOutcome(60_000, null), RuleFor(person).Elsewhere(window: null));
    }

    // The limit of 1,000,000 in all is 92,940, of 800,000 it is 90,940.
    [Theory]
    [InlineData(false, true, 0u, 0u, 92_940L - 60_000)]
    // Another setting, or not collected yet: as if nothing had been.
    [InlineData(true, true, 0u, 0u, 90_940L)]
    [InlineData(false, false, 0u, 0u, 90_940L)]
    // What the site says itself counts: of 900,000 the limit is 91,940.
    [InlineData(false, true, 100_000u, 30_000u, 91_940L - 30_000)]
    public void Earlier_bills_here_are_those_that_were_reported_unless_the_site_says_them(
        bool inpatient, bool collected, uint earlierCost, uint earlierCharged, long charged)
    {
        var rule = RuleFor(Insured([Charge(Here, "2026-10-02", 200_000, 60_000, collected, inpatient)]));
        var bill = new PlannedBill { TotalCostYen = 800_000, EarlierCostYen = earlierCost, EarlierChargedYen = earlierCharged };
        Assert.Equal(charged, rule.Collect(bill)!.Value.Charge.Charged);
    }

    // The insurance leaves its share up to the limit; of that the patient pays what the ticket says for the month, and the assistance bears the rest. Class A03 in 2026-10.
    [Theory]
    [InlineData(100_000u, 0, 0u, 0u, 30_000L, 0L, 30_000L, 55_800L)]
    [InlineData(100_000u, 1_500, 0u, 0u, 30_000L, 1_500L, 28_500L, 55_800L)]
    [InlineData(1_000u, 1_500, 0u, 0u, 300L, 300L, 0L, 85_500L)] // no more than is left
    [InlineData(12_345u, 0, 0u, 0u, 3_704L, 0L, 3_704L, 82_096L)] // claimed to the yen
    [InlineData(1_000_000u, 1_500, 0u, 0u, 300_000L, 1_500L, 91_440L, 0L)] // 92,940 in all
    [InlineData(100_000u, 1_500, 100_000u, 1_000u, 30_000L, 500L, 29_500L, 25_800L)]
    [InlineData(100_000u, 1_500, 1_000_000u, 1_500u, 30_000L, 0L, 1_000L, 0L)] // 93,940 − 92,940
    public void Medical_assistance_bears_what_the_insurance_leaves_up_to_the_limit(
        uint cost, int selfPay, uint earlierCost, uint earlierCharged, long share, long charged, long toAssistance, long left)
    {
        var person = Person("1980-01-01", [Coverage("2020-04-01"), Assistance], limits: [Limit("A03", "2026-08-01")]) with { MedicalTickets = [Ticket(selfPay)] };
        var window = RuleFor(person).Collect(new PlannedBill { TotalCostYen = cost, EarlierCostYen = earlierCost, EarlierChargedYen = earlierCharged })!.Value;
        Assert.Equal(new BillCharge(share, charged, left) { ToAssistance = toAssistance }, window.Charge);
    }

    // Cases of a published billing product's tests (FutancalcUT.cs): insurance of 10 % beside assistance, in the class of low income that who is assisted has; assistance alone.
    [Fact]
    public void The_cases_of_a_billing_product_hold()
    {
        var beside = Person("1950-01-01", [Coverage("2025-01-01", insurer: LateElderlyScheme), Assistance], burdens: [Burden(10, "2026-08-01")], limits: [Limit("B06", "2026-08-01")]) with
        {
            MedicalTickets = [Ticket(0)],
        };
        Assert.Equal(new BillCharge(10_000, 0, 0) { ToAssistance = 8_000 }, RuleFor(beside).Collect(new PlannedBill { TotalCostYen = 100_000 })!.Value.Charge);
        var alone = Person("1980-01-01", [Assistance]) with { MedicalTickets = [Ticket(1_504)] };
        Assert.Equal(new BillCharge(0, 1_504, null) { ToAssistance = 3_496 }, RuleFor(alone).Collect(new PlannedBill { TotalCostYen = 5_000 })!.Value.Charge);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_a_ticket_nobody_knows_what_an_assisted_patient_pays(bool isInsured)
    {
        var person = Person("1980-01-01", isInsured ? [Coverage("2020-04-01"), Assistance] : [Assistance], limits: [Limit("A03", "2026-08-01")]);
        Assert.Null(RuleFor(person).Collect(new PlannedBill { TotalCostYen = 100_000 }));
        // One for each of two purposes: which of them this bill is for, the gateway does not know.
        Assert.Null(RuleFor(person with { MedicalTickets = [Ticket(0), Ticket(1_500)] }).Collect(new PlannedBill { TotalCostYen = 100_000 }));
    }

    [Fact]
    public void Of_an_insurance_whose_share_is_not_known_nothing_is_worked_out_beside_the_assistance_either()
    {
        var person = Person("1950-01-01", [Coverage("2025-01-01", insurer: LateElderlyScheme), Assistance]) with { MedicalTickets = [Ticket(0)] };
        Assert.Null(RuleFor(person).Collect(new PlannedBill { TotalCostYen = 100_000 }));
    }

    [Fact]
    public void What_the_insurer_pays_back_of_an_assisted_month_is_not_the_patients()
    {
        var person = Person("1980-01-01", [Coverage("2020-04-01"), Assistance], limits: [Limit("A03", "2026-08-01")], charges: [Charge(Hospital, "2026-10-02", 1_000_000, 1_500)]);
        Assert.Equal(new MonthElsewhereOutcome(1_500, null), RuleFor(person).Elsewhere(window: null));
    }

    private static CoverageFact Assistance => Coverage("2026-04-01", id: 9, insurer: "12131112", classification: "A1");

    private static MedicalTicketFact Ticket(int selfPay) => new(9, Day("2026-10-01"), Day("2026-10-31"), Day("2026-10-01"), Here, null, selfPay, new TicketDetails());

    // A household of national health insurance that is parted within the month has a limit under each number
    // (city.tamana.lg.jp/q/aview/294/34124).
    [Fact]
    public void A_first_bill_under_another_number_is_charged_up_to_its_own_limit()
    {
        var parted = Person(
            "1980-01-01",
            [
                Coverage("2020-04-01", "2026-10-10", id: 1, insurer: Municipality) with { Symbol = "国1", Number = "100" },
                Coverage("2026-10-10", id: 2, insurer: Municipality) with { Symbol = "国1", Number = "200" },
            ],
            limits: [Limit("A04", "2026-08-01", coverage: 1), Limit("A04", "2026-08-01", coverage: 2)],
            charges: [Charge(Here, "2026-10-02", 1_000_000, 61_500, inpatient: true)]);
        var window = RuleFor(parted).Collect(new PlannedBill { TotalCostYen = 1_000_000, Inpatient = true })!.Value;
        Assert.Equal((61_500L, 0L), (window.Charge.Charged, window.EarlierCharged));
        Assert.Equal(0, RuleFor(parted).Elsewhere(window).RefundForecast);
    }

    // 30,750 at both municipalities: half of 61,500 (city.chiba.jp 30kougakuseidominaosi).
    [Fact]
    public void After_a_move_within_the_prefecture_the_window_charges_up_to_the_half()
    {
        var moved = Person(
            "1980-01-01",
            [Coverage("2020-04-01", "2026-10-10", id: 1, insurer: Municipality), Coverage("2026-10-10", id: 2, insurer: "138065") with { HouseholdContinuesOn = Day("2026-10-10") }],
            limits: [Limit("A04", "2026-08-01", coverage: 1), Limit("A04", "2026-08-01", coverage: 2)],
            charges: [Charge(Hospital, "2026-10-02", 1_000_000, 30_750, inpatient: true)]);
        var window = RuleFor(moved).Collect(new PlannedBill { TotalCostYen = 1_000_000, Inpatient = true })!.Value;
        Assert.Equal(30_750, window.Charge.Charged);
        Assert.Equal(new MonthElsewhereOutcome(30_750, 0), RuleFor(moved).Elsewhere(window));
    }

    // From 70 without a ratio on record the answer says 30 %, and so it is for what is reported: 30,000 − 11,000 of class B05. In the scheme
    // of 75 and over it says none, and nothing is forecast.
    [Theory]
    [InlineData("1954-05-05", EmployeesInsurer, "B05", 30, 19_000L)]
    [InlineData("1954-05-05", EmployeesInsurer, null, 30, null)]
    [InlineData("1946-05-05", LateElderlyScheme, "B05", 0, null)]
    public void What_is_reported_has_the_share_that_the_answer_shows(string born, string insurer, string? limitClass, int percent, long? refund)
    {
        var person = Person(
            born, [Coverage("2022-04-01", insurer: insurer)], limits: limitClass is null ? null : [Limit(limitClass, "2026-08-01")], charges: [Charge(Hospital, "2026-10-02", 100_000, 30_000)]);
        Assert.Equal(percent, EligibilityRules.Decide(person, ServiceDate, document: null, limitConsent: true).BurdenPercent);
        Assert.Equal(new MonthElsewhereOutcome(30_000, refund), RuleFor(person).Elsewhere(window: null));
    }

    private static PersonSnapshot Insured(ChargeFact[] charges) => Person("1980-01-01", [Coverage("2020-04-01")], limits: [Limit("A03", "2026-08-01")], charges: charges);

    private static WindowRule RuleFor(PersonSnapshot person) =>
        new(person, EligibilityRules.Decide(person, ServiceDate, document: null, limitConsent: true, Here), ServiceDate, today: ServiceDate, Here);
}
