using System.Text.Json.Nodes;
using EligibilityGateway.Rules.HighCost;
using EligibilityGateway.Rules.HighCost.Tables;
using static EligibilityGateway.Gateway.Tests.Operator.Decide.Lines;

namespace EligibilityGateway.Gateway.Tests.Operator.Decide;

/// <summary>Examples that others worked out, by name; docs/rules.md has their sources.</summary>
public sealed class WorkedExampleTests
{
    [Theory]
    [InlineData("2026-07-10", "A01", 254_180)]
    [InlineData("2026-07-10", "A02", 171_820)]
    [InlineData("2026-07-10", "A03", 87_430)]
    [InlineData("2026-07-10", "A04", 57_600)]
    [InlineData("2026-07-10", "A05", 35_400)]
    [InlineData("2026-07-10", "A06", 35_400)]
    [InlineData("2026-08-10", "A01", 271_290)]
    [InlineData("2026-08-10", "A02", 183_130)]
    [InlineData("2026-08-10", "A03", 92_940)]
    [InlineData("2026-08-10", "A04", 61_500)]
    [InlineData("2026-08-10", "A05", 36_900)]
    [InlineData("2026-08-10", "A06", 36_900)]
    public void Under_70_a_cost_of_a_million(string date, string limitClass, long limit)
    {
        var answer = Ask(Line(date, [Member(limitClass)], Bill(1_000_000, date, inpatient: true)));
        Assert.Equal((300_000, limit, 0, limit), (answer.Shares, answer.Charged, answer.Refund, answer.Final));
        Assert.Equal([0], answer.Left);
    }

    [Fact]
    public void Under_70_below_the_threshold_the_limit_is_its_base_and_nothing_is_refunded()
    {
        var answer = Ask(Line("2026-07-10", [Member()], Bill(100_000, "2026-07-10")));
        Assert.Equal((30_000, 30_000, 0, 30_000), (answer.Shares, answer.Charged, answer.Refund, answer.Final));
        Assert.Equal([80_100 - 30_000], answer.Left);
    }

    [Theory]
    [InlineData("A01", "2025-10 2026-02 2026-06", 140_100)]
    [InlineData("A03", "2025-10 2026-02 2026-06", 44_400)]
    [InlineData("A05", "2025-10 2026-02 2026-06", 24_600)]
    // Two are not enough; nor are three of which one is a year ago, or one is the month itself.
    [InlineData("A03", "2026-02 2026-06", 92_940)]
    [InlineData("A03", "2025-08 2026-02 2026-06", 92_940)]
    [InlineData("A03", "2025-09 2026-02 2026-06", 44_400)]
    [InlineData("A03", "2026-02 2026-06 2026-08", 92_940)]
    [InlineData("A03", "2026-06 2026-06 2026-06", 92_940)]
    public void Multiple_hit_is_a_fourth_month_within_twelve(string limitClass, string months, long limit)
    {
        var member = Member(limitClass);
        member["high_cost_months"] = new JsonArray([.. months.Split(' ').Select(month => (JsonNode)month)]);
        Assert.Equal(limit, Ask(Line("2026-08-10", [member], Bill(1_000_000, "2026-08-10", inpatient: true))).Final);
    }

    [Fact]
    public void Multiple_hit_counts_the_households_months_together()
    {
        var (one, other) = (Member(), Member(id: "w"));
        one["high_cost_months"] = new JsonArray("2026-02", "2026-03");
        other["high_cost_months"] = new JsonArray("2026-03", "2026-04");
        Assert.Equal(44_400, Ask(Line("2026-08-10", [one, other], Bill(1_000_000, "2026-08-10", inpatient: true))).Final);
    }

    [Theory]
    [InlineData("2026-08-10", 22_000)]
    [InlineData("2026-07-10", 18_000)]
    public void From_70_outpatient_only_the_personal_limit(string date, long limit)
    {
        // At two clinics, so that the window does not see it.
        var answer = Ask(Line(date, [Member("B04", "1953-02-03", percent: 20)], Bill(75_000, date), Bill(75_000, date, at: OtherClinic)));
        Assert.Equal((30_000, 30_000, 30_000 - limit, limit), (answer.Shares, answer.Charged, answer.Refund, answer.Final));
        // At one it does.
        Assert.Equal(limit, Ask(Line(date, [Member("B04", "1953-02-03", percent: 20)], Bill(75_000, date), Bill(75_000, date))).Charged);
    }

    [Fact]
    public void From_70_outpatient_and_inpatient()
    {
        var answer = Ask(Line("2026-08-10", [Member(null, "1953-02-03", percent: 20)], Bill(150_000, "2026-08-10"), Bill(300_000, "2026-08-20", inpatient: true)));
        Assert.Equal([22_000, 60_000], answer.Windows);
        Assert.Equal((90_000, 82_000, 20_500, 61_500), (answer.Shares, answer.Charged, answer.Refund, answer.Final));
    }

    // The city of Yamato's example.
    [Fact]
    public void A_couple_from_70()
    {
        var answer = Ask(Line(
            "2026-07-10",
            [Member(null, "1953-02-03", percent: 20), Member(null, "1954-05-06", "wife", percent: 20)],
            Bill(50_000, "2026-07-01"), Bill(50_000, "2026-07-02", at: OtherClinic), Bill(1_000_000, "2026-07-03", inpatient: true, member: "wife")));
        Assert.Equal([10_000, 10_000, 57_600], answer.Windows);
        Assert.Equal((2_000 + 18_000, 57_600), (answer.Refund, answer.Final));
    }

    [Theory]
    // 一般, born on the 10th, a stay over the whole month: half of each insurer's limit.
    [InlineData("1951-01-10", "2026-01-10", 28_800L, 28_800)]
    // Born on the 1st: the month is not divided.
    [InlineData("1951-01-01", "2026-01-01", null, 57_600)]
    public void The_month_of_the_75th_birthday_halves_both_limits(string born, string birthday, long? before, long after)
    {
        var member = Member(null, born, coverages: [Coverage("2015-04-01", birthday, id: "old"), Coverage(birthday, insurer: Late, id: "late")]);
        member["burden_ratios"] = new JsonArray(
            new JsonObject { ["percent"] = 20, ["from"] = "2021-02-01", ["to"] = DateOnly.Parse(birthday).AddDays(-1).ToString("yyyy-MM-dd") },
            new JsonObject { ["percent"] = 10, ["from"] = birthday, ["to"] = null });
        JsonObject[] bills = before is null
            ? [Bill(1_000_000, "2026-01-20", inpatient: true)]
            : [Bill(1_000_000, "2026-01-05", inpatient: true), Bill(1_000_000, "2026-01-20", inpatient: true)];
        var answer = Ask(Line("2026-01-20", [member], bills));
        Assert.Equal(before is null ? new long?[] { after } : [before, after], answer.Windows);
        Assert.Equal((before ?? 0) + after, answer.Final);
    }

    [Fact]
    public void Who_was_in_the_scheme_of_75_already_by_disability_has_no_halves()
    {
        var member = Member("B10", "1951-01-10", percent: 10, coverages: [Coverage("2020-04-01", insurer: Late)]);
        Assert.Equal(57_600, Ask(Line("2026-01-20", [member], Bill(1_000_000, "2026-01-20", inpatient: true))).Final);
    }

    [Theory]
    [InlineData("A03", "1981-02-03", 1, 10_000)]
    [InlineData("A01", "1981-02-03", 1, 20_000)]
    [InlineData("A02", "1981-02-03", 1, 20_000)]
    // Haemophilia and HIV: whatever the income. From 70 dialysis too.
    [InlineData("A01", "1981-02-03", 2, 10_000)]
    [InlineData("B01", "1953-02-03", 1, 10_000)]
    public void A_specific_disease_has_a_limit_of_its_own(string limitClass, string born, int category, long limit)
    {
        var member = Member(limitClass, born, percent: limitClass == "B01" ? 30 : null);
        member["specific_diseases"] = new JsonArray(new JsonObject { ["category"] = category, ["from"] = "2026-01-01", ["to"] = null });
        var answer = Ask(Line("2026-08-10", [member], Bill(400_000, "2026-08-10", specific: true), Bill(10_000, "2026-08-10")));
        Assert.Equal([limit, 3_000], answer.Windows);
        Assert.Equal(limit + 3_000, answer.Final);
    }

    [Fact]
    public void A_specific_disease_at_the_clinic_and_its_pharmacy_is_one_limit_and_the_rest_is_refunded()
    {
        var member = Member();
        member["specific_diseases"] = new JsonArray(new JsonObject { ["category"] = 1, ["from"] = "2026-01-01", ["to"] = null });
        var answer = Ask(Line(
            "2026-08-10", [member], Bill(400_000, "2026-08-10", specific: true), Bill(50_000, "2026-08-10", at: Pharmacy, table: "pharmacy", prescriber: Clinic, specific: true)));
        Assert.Equal([10_000, 10_000], answer.Windows);
        Assert.Equal((10_000, 10_000), (answer.Refund, answer.Final));
    }

    [Fact]
    public void The_border_of_21_000_lets_the_final_burden_fall()
    {
        JsonObject Household(long small) => Line(
            "2026-08-10", [Member(), Member(id: "w")], Bill(1_000_000, "2026-08-01", inpatient: true), Bill(small, "2026-08-02", inpatient: true, member: "w"));
        // 20,970: left out, share and cost. 21,000 counts: the whole household has one limit.
        Assert.Equal(92_940 + 20_970, Ask(Household(69_900)).Final);
        Assert.Equal(85_800 + ((1_070_000 - 286_000) / 100), Ask(Household(70_000)).Final);
    }

    [Fact]
    public void A_pharmacy_belongs_to_its_prescriber_and_dental_care_stands_apart()
    {
        // 15,000 and 6,000 of one clinic: 21,000 together. Dental care of the same institution: left out.
        JsonObject Household(string table, string? prescriber) => Line(
            "2026-08-10", [Member(), Member(id: "w")],
            Bill(1_000_000, "2026-08-01", inpatient: true, at: OtherClinic), Bill(50_000, "2026-08-02", member: "w"),
            Bill(20_000, "2026-08-02", member: "w", at: table == "pharmacy" ? Pharmacy : Clinic, table: table, prescriber: prescriber));
        var together = 85_800 + ((1_070_000 - 286_000) / 100);
        Assert.Equal(together, Ask(Household("pharmacy", Clinic)).Final);
        Assert.Equal(92_940 + 21_000, Ask(Household("pharmacy", OtherClinic)).Final);
        Assert.Equal(92_940 + 21_000, Ask(Household("dental", null)).Final);
    }

    [Fact]
    public void A_household_of_both_ages_is_capped_in_three_steps()
    {
        // From 70: 22,000 of 30,000 outpatient. Under 70: a stay at its limit. Together: the limit under 70 on all costs.
        var answer = Ask(Line(
            "2026-08-10", [Member(), Member(null, "1953-02-03", "w", percent: 20)],
            Bill(1_000_000, "2026-08-01", inpatient: true), Bill(150_000, "2026-08-02", member: "w")));
        Assert.Equal([92_940, 22_000], answer.Windows);
        Assert.Equal(85_800 + ((1_150_000 - 286_000) / 100), answer.Final);
    }

    [Fact]
    public void Who_is_75_is_never_aggregated_with_who_is_74()
    {
        var answer = Ask(Line(
            "2026-08-10", [Member(null, "1952-02-03", percent: 20), Member(null, "1949-02-03", "h", percent: 10, coverages: [Coverage("2024-02-03", insurer: Late)])],
            Bill(1_000_000, "2026-08-01", inpatient: true), Bill(1_000_000, "2026-08-02", inpatient: true, member: "h")));
        Assert.Equal((0, 61_500 + 61_500), (answer.Refund, answer.Final));
    }

    [Theory]
    [InlineData("2025-09-10", 50_000, 8_000)]
    [InlineData("2025-09-10", 25_000, 5_000)]
    [InlineData("2025-09-10", 1_000_000, 18_000)]
    [InlineData("2025-10-10", 50_000, 10_000)]
    public void The_easing_of_the_20_percent_from_75_ended_with_September_2025(string date, long cost, long charged) =>
        Assert.Equal(charged, Ask(Line(date, [Member("B09", "1945-02-03", percent: 20, coverages: [Coverage("2020-02-03", insurer: Late)])], Bill(cost, date))).Charged);

    // In the month of the 75th birthday the limit is halved and the easing is not: min(9,000, 6,000 + (cost − 30,000) × 10 %). The ministry's
    // worked cases of 2023-04.
    [Theory]
    [InlineData(25_000, 5_000)]
    [InlineData(30_000, 6_000)]
    [InlineData(40_000, 7_000)]
    [InlineData(60_000, 9_000)]
    [InlineData(200_000, 9_000)]
    public void The_easing_is_not_halved_in_the_month_of_the_75th_birthday(long cost, long charged)
    {
        var member = Member("B09", "1950-05-10", percent: 20, coverages: [Coverage("2015-04-01", "2025-05-10", id: "old"), Coverage("2025-05-10", insurer: Late, id: "late")]);
        var answer = Ask(Line("2025-05-20", [member], Bill(cost, "2025-05-20")));
        Assert.Equal((charged, charged), (answer.Charged, answer.Final));
    }

    [Theory]
    [InlineData(12_340, 3_702, 3_700)]
    [InlineData(12_350, 3_705, 3_710)]
    [InlineData(10, 3, 0)]
    [InlineData(20, 6, 10)]
    [InlineData(0, 0, 0)]
    public void The_window_rounds_to_ten_yen_and_the_insurer_refunds_no_rounding(long cost, long share, long charged)
    {
        var answer = Ask(Line("2026-08-10", [Member()], Bill(cost, "2026-08-10")));
        Assert.Equal((share, charged, 0, share), (answer.Shares, answer.Charged, answer.Refund, answer.Final));
    }

    [Theory]
    // The 1 % of 49 yen above is nothing, of 50 a yen.
    [InlineData(286_049, 85_800)]
    [InlineData(286_050, 85_801)]
    [InlineData(286_149, 85_801)]
    [InlineData(286_150, 85_802)]
    public void One_percent_is_rounded_half_up(long cost, long limit)
    {
        var row = LimitTables.Find(new DateOnly(2026, 8, 1), "A03")!;
        Assert.Equal(limit, MonthlyLimit.Whole(row, cost, false));
    }

    [Theory]
    [InlineData("2027-08-10", "A03", "limit_not_decided")]
    [InlineData("2027-08-10", "B04", "limit_not_decided")]
    [InlineData("2018-07-10", "A03", "limit_not_decided")]
    [InlineData("2026-08-10", null, "limit_not_given")]
    public void A_limit_that_is_missing_is_not_no_limit(string date, string? limitClass, string reason)
    {
        var answer = Ask(Line(date, [Member(limitClass, limitClass?[0] == 'B' ? "1955-02-03" : "1981-02-03")], Bill(1_000_004, date, inpatient: true)));
        Assert.Equal(("valid", reason), (answer.Validity, answer.Reason));
        Assert.Equal(Yen.ToTen(answer.Shares!.Value), answer.Charged);
        Assert.Equal([null], answer.Left);
        Assert.Null(answer.Refund);
        Assert.Null(answer.Final);
    }

    [Fact]
    public void An_arrears_certificate_pays_all()
    {
        var answer = Ask(Line("2026-08-10", [Member(coverages: [Coverage("2020-04-01", cardClass: "05")])], Bill(10_000, "2026-08-10")));
        Assert.Equal((100, 10_000, "pays_all_first"), (answer.Percent, answer.Charged, answer.Reason));
        Assert.Null(answer.Final);
    }

    [Fact]
    public void Annual_caps_stand_apart_and_change_no_month()
    {
        var member = Member();
        member["annual_to_date"] = new JsonObject { ["outpatient"] = 0, ["all"] = 500_000 };
        var answer = Ask(Line("2026-08-10", [member], Bill(1_000_000, "2026-08-10", inpatient: true)));
        Assert.Equal((92_940, 92_940), (answer.Charged, answer.Final));
        Assert.Equal((530_000, 62_940), ((int?)answer.Json["annual"]!["cap"], (int?)answer.Json["annual"]!["over"]));
        Assert.Null(Ask(Line("2026-08-10", [Member()], Bill(1_000_000, "2026-08-10"))).Json["annual"]);
    }
}
