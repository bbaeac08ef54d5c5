using EligibilityGateway.Rules.HighCost;

namespace EligibilityGateway.Rules.Tests.HighCost;

/// <summary>What a clerk reads to the patient, line by line. Figures: DOMAIN 2.2, 2.4, 2.5, 2.7, 2.8.</summary>
public sealed class WindowExplanationTests
{
    private static readonly BillTerms Employee = new(0, 30, "A03", false, default, false, null);

    public static TheoryData<string, BillTerms, bool, long, long, long, string[]> Bills => new()
    {
        {
            "rounded", Employee, false, 12_340, 0, 0,
            ["30 % of 12,340 yen: the patient's share is 3,702 yen.", "The month's limit is 85,800 yen.", "To be paid now, rounded to 10 yen: 3,700 yen.", "82,100 yen are left to this month's limit here."]
        },
        {
            "up to the limit", Employee, true, 1_000_000, 0, 0,
            ["30 % of 1,000,000 yen: the patient's share is 300,000 yen.", "The month's limit is 85,800 yen and 1 % of (1,000,000 − 286,000): 92,940 yen.",
             "To be paid now, up to the limit: 92,940 yen.", "This month's limit here is reached."]
        },
        {
            "after earlier bills", Employee, true, 100_000, 1_000_000, 92_940,
            ["30 % of 100,000 yen: the patient's share is 30,000 yen.", "Paid here earlier this month: 92,940 yen, for care of 1,000,000 yen.",
             "The month's limit is 85,800 yen and 1 % of (1,100,000 − 286,000): 93,940 yen.", "To be paid now, up to the limit: 1,000 yen.", "This month's limit here is reached."]
        },
        {
            "outpatient from 70", new(0, 20, "B04", true, default, false, null), false, 100_000, 0, 0,
            ["20 % of 100,000 yen: the patient's share is 20,000 yen.", "The month's limit of outpatient care, for one person, is 22,000 yen.", "To be paid now: 20,000 yen.", "2,000 yen are left to this month's limit here."]
        },
        {
            "halved", new(0, 10, "B10", true, new LimitHalves(Turns75: true), false, null), true, 1_000_000, 0, 0,
            ["10 % of 1,000,000 yen: the patient's share is 100,000 yen.", "The month's limit is 30,750 yen (halved in the month of the 75th birthday).",
             "To be paid now, up to the limit: 30,750 yen.", "This month's limit here is reached."]
        },
        {
            "halved with the insured person", Employee with { Halves = new LimitHalves(InsuredTurns75: true) }, true, 500_000, 0, 0,
            ["30 % of 500,000 yen: the patient's share is 150,000 yen.",
             "The month's limit is 42,900 yen and 1 % of (500,000 − 143,000): 46,470 yen (halved in the month of the insured person's 75th birthday).",
             "To be paid now, up to the limit: 46,470 yen.", "This month's limit here is reached."]
        },
        {
            "a quarter", new(0, 20, "B04", true, new LimitHalves(Turns75: true, HouseholdMoves: true), false, null), true, 1_000_000, 0, 0,
            ["20 % of 1,000,000 yen: the patient's share is 200,000 yen.", "The month's limit is 15,375 yen (a quarter in the month of the 75th birthday and of the move within the prefecture).",
             "To be paid now, up to the limit: 15,375 yen.", "This month's limit here is reached."]
        },
        {
            "specific disease", Employee with { SpecificDiseaseYen = 10_000 }, false, 300_000, 0, 0,
            ["30 % of 300,000 yen: the patient's share is 90,000 yen.", "The month's limit of the specific disease is 10,000 yen.", "To be paid now, up to the limit: 10,000 yen.", "This month's limit here is reached."]
        },
        {
            "limit not known", Employee with { LimitClass = null }, false, 1_000_000, 0, 0,
            ["30 % of 1,000,000 yen: the patient's share is 300,000 yen.", "The limit is not known, which does not mean that there is none: the insurer refunds later what is above it.", "To be paid now: 300,000 yen."]
        },
        {
            "medical assistance beside an insurance", Employee with { IsAssisted = true, SelfPayYen = 1_500 }, true, 1_000_000, 0, 0,
            ["30 % of 1,000,000 yen: the patient's share is 300,000 yen.", "The month's limit is 85,800 yen and 1 % of (1,000,000 − 286,000): 92,940 yen.",
             "Medical assistance bears 91,440 yen.", "To be paid now, as the medical ticket says: 1,500 yen."]
        },
        {
            "medical assistance alone", new BillTerms(0, 0, null, false, default, false, null) { IsAssisted = true, SelfPayYen = 1_504 }, false, 5_000, 0, 0,
            ["Medical assistance covers the 5,000 yen.", "Medical assistance bears 3,496 yen.", "To be paid now, as the medical ticket says: 1,504 yen."]
        },
    };

    [Theory]
    [MemberData(nameof(Bills))]
    public void Each_step_has_its_line_in_both_languages(string name, BillTerms terms, bool inpatient, long cost, long earlierCost, long earlierCollected, string[] lines)
    {
        Assert.NotEmpty(name);
        var bill = new Bill(0, new DateOnly(2026, 10, 15), "0110113719", CareTable.Medical, null, inpatient, cost, terms.SpecificDiseaseYen is not null);
        var explanation = new WindowExplanation(bill, terms, WindowCharges.Charge(bill, terms, earlierCost, earlierCollected), earlierCost, earlierCollected);
        Assert.Equal(lines, explanation.Lines(inJapanese: false));
        // The same figures in the same lines.
        Assert.Equal(lines.Select(FiguresIn), explanation.Lines(inJapanese: true).Select(FiguresIn));
    }

    private static string FiguresIn(string line) =>
        string.Join(' ', System.Text.RegularExpressions.Regex.Matches(line, "[0-9][0-9,]+[0-9]").Select(match => match.Value).Order(StringComparer.Ordinal));
}
