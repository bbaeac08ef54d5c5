using System.Text.Json.Nodes;
using EligibilityGateway.Gateway.Operator.Decide;
using static EligibilityGateway.Gateway.Tests.Operator.Decide.Lines;

namespace EligibilityGateway.Gateway.Tests.Operator.Decide;

/// <summary>Days on both sides of each border.</summary>
public sealed class BorderTests
{
    [Theory]
    // The acquisition date counts, the loss date does not (資格喪失日 is the day after).
    [InlineData("2026-03-31", "2026-04-01", null, "invalid")]
    [InlineData("2026-04-01", "2026-04-01", null, "valid")]
    [InlineData("2026-04-30", "2020-04-01", "2026-05-01", "valid")]
    [InlineData("2026-05-01", "2020-04-01", "2026-05-01", "invalid")]
    [InlineData("2028-02-28", "2020-04-01", "2028-02-29", "valid")]
    [InlineData("2028-02-29", "2020-04-01", "2028-02-29", "invalid")]
    [InlineData("2028-02-29", "2028-02-29", null, "valid")]
    [InlineData("2026-12-31", "2020-04-01", "2027-01-01", "valid")]
    // Lost on the day it was acquired: it never counted.
    [InlineData("2026-04-01", "2026-04-01", "2026-04-01", "invalid")]
    public void A_coverage_is_half_open(string day, string acquired, string? lost, string validity) =>
        Assert.Equal(validity, Ask(Line(day, [Member(coverages: [Coverage(acquired, lost)])])).Validity);

    // FHIR pads a municipality's number with zeros (JP_Insurance_memberID), the official files with spaces, and a clerk types what the keyboard gives.
    [Theory]
    [InlineData("138057", "00138057")]
    [InlineData("00138057", "  138057")]
    [InlineData("138057", "１３８０５７")]
    public void One_insurer_is_one_however_its_number_is_written(string first, string then)
    {
        var members = new JsonArray(Member(coverages: [Coverage("2015-04-01", "2026-08-06", first), Coverage("2026-08-06", insurer: then, id: "d")]));
        var answer = Ask(Line("2026-08-10", members, Bill(1_000_000, "2026-08-05", inpatient: true), Bill(1_000_000, "2026-08-10", inpatient: true)));
        // One limit: 85,800 and 1 % of what is above 286,000.
        Assert.Equal((102_940, 92_940), (answer.Charged, answer.Windows[0]));
    }

    [Fact]
    public void Lost_and_acquired_on_one_day_the_new_one_counts()
    {
        var answer = Ask(Line("2026-05-01", [Member(coverages: [Coverage("2020-04-01", "2026-05-01", id: "old"), Coverage("2026-05-01", insurer: "138057", id: "new")])]));
        Assert.Equal(("valid", "new"), (answer.Validity, (string?)answer.Json["coverage_id"]));
    }

    [Theory]
    [InlineData("2026-06-15", "invalid_newer_exists", "gap_before_newer_coverage")]
    [InlineData("2020-03-31", "invalid", "coverage_not_begun")]
    public void A_gap_tells_whether_a_newer_one_is_known(string day, string validity, string reason)
    {
        var answer = Ask(Line(day, [Member(coverages: [Coverage("2020-04-01", "2026-06-01"), Coverage("2026-07-01", insurer: "138057")])], Bill(1000, day)));
        Assert.Equal((validity, reason), (answer.Validity, answer.Reason));
        Assert.Null(answer.Json["charges"]);
        Assert.Null(answer.Json["month"]);
        Assert.Equal("insurer", (string?)answer.Json["remedy"]!["who"]);
    }

    [Fact]
    public void Two_that_count_are_never_guessed()
    {
        var answer = Ask(Line("2026-06-15", [Member(coverages: [Coverage("2020-04-01"), Coverage("2026-05-01", insurer: "138057")])]));
        Assert.Equal(("multiple", "multiple_coverages"), (answer.Validity, answer.Reason));
    }

    [Fact]
    public void No_coverage_at_all_is_not_found() => Assert.Equal("not_found", Ask(Line("2026-06-15", [Member(coverages: [])])).Validity);

    [Theory]
    // School begins on 1 April after 6 is reached, which is the day before the birthday.
    [InlineData("2020-04-01", "2026-03-31", 20)]
    [InlineData("2020-04-01", "2026-04-01", 30)]
    [InlineData("2020-04-02", "2027-03-31", 20)]
    [InlineData("2020-04-02", "2027-04-01", 30)]
    // From 70: the month after; born on the 1st, that month.
    [InlineData("1956-10-02", "2026-10-31", 30)]
    [InlineData("1956-10-02", "2026-11-01", 20)]
    [InlineData("1956-10-01", "2026-09-30", 30)]
    [InlineData("1956-10-01", "2026-10-01", 20)]
    [InlineData("1956-02-29", "2026-02-28", 30)]
    [InlineData("1956-02-29", "2026-03-01", 20)]
    // From 75: the birthday itself.
    [InlineData("1951-10-15", "2026-10-14", 20)]
    [InlineData("1951-10-15", "2026-10-15", 10)]
    [InlineData("1952-02-29", "2027-02-28", 20)]
    [InlineData("1952-02-29", "2027-03-01", 10)]
    public void A_share_follows_the_age_of_the_law(string born, string day, int percent) => Assert.Equal(percent, Ask(Line(day, [Member(null, born)])).Percent);

    [Theory]
    [InlineData("2026-07-31", 20, "B04")]
    [InlineData("2026-08-01", 30, "B01")]
    public void Ratios_and_classes_are_inclusive_of_both_days(string day, int percent, string limitClass)
    {
        var member = Member(null, "1953-02-03");
        member["burden_ratios"] = new JsonArray(
            new JsonObject { ["percent"] = 20, ["from"] = "2025-08-01", ["to"] = "2026-07-31" }, new JsonObject { ["percent"] = 30, ["from"] = "2026-08-01", ["to"] = null });
        var answer = Ask(Line(day, [member]));
        Assert.Equal((percent, limitClass), (answer.Percent, answer.LimitClass));
    }

    [Theory]
    // From 70 the ratio alone decides: 30 % is the highest class.
    [InlineData("1953-02-03", 30, Employees, "B01")]
    [InlineData("1953-02-03", 20, Employees, "B04")]
    [InlineData("1945-02-03", 30, Late, "B01")]
    [InlineData("1945-02-03", 20, Late, "B09")]
    [InlineData("1945-02-03", 10, Late, "B10")]
    [InlineData("1981-02-03", null, Employees, null)]
    public void Without_a_class_the_ratio_decides_from_70(string born, int? percent, string insurer, string? limitClass) =>
        Assert.Equal(limitClass, Ask(Line("2026-08-10", [Member(null, born, percent: percent, coverages: [Coverage("2015-04-01", insurer: insurer)])])).LimitClass);

    [Theory]
    [InlineData(30, 20)]
    [InlineData(20, 30)]
    public void Of_two_ratios_of_one_first_day_the_lower_counts_whatever_their_order(int first, int second)
    {
        var member = Member(null, "1953-02-03");
        member["burden_ratios"] = new JsonArray([.. new[] { first, second }.Select(percent => (JsonNode)new JsonObject { ["percent"] = percent, ["from"] = "2026-08-01", ["to"] = null })]);
        Assert.Equal(20, Ask(Line("2026-08-10", [member])).Percent);
    }

    [Theory]
    // docs/rules.md, section 3: below 70 the age alone says the share.
    [InlineData("1981-02-03", 20, Employees, 30)]
    [InlineData("1981-02-03", 10, Employees, 30)]
    [InlineData("2021-05-06", 30, Employees, 20)]
    [InlineData("1956-10-02", 20, Employees, 30)]
    [InlineData("1953-02-03", 30, Employees, 30)]
    [InlineData("1945-02-03", 20, Late, 20)]
    // In the scheme of 75 and over by disability the scheme's ratio counts at any age.
    [InlineData("1960-02-03", 10, Late, 10)]
    public void A_ratio_on_record_counts_from_70_alone(string born, int onRecord, string insurer, int percent)
    {
        var answer = Ask(Line("2026-10-10", [Member(null, born, percent: onRecord, coverages: [Coverage("2021-05-06", insurer: insurer)])], Bill(10_000, "2026-10-10")));
        Assert.Equal((percent, 100 * percent), (answer.Percent, answer.Charged));
    }

    [Theory]
    // Both from 1 August: the judgement of October is the later one. Sources: Mitaka; the 75+ scheme of Chiba. One whose day of issue is not
    // known is the earliest.
    [InlineData(10, "2026-07-15", 30, "2026-10-05", 30)]
    [InlineData(30, "2026-07-15", 10, "2026-10-05", 10)]
    [InlineData(10, null, 30, "2026-07-15", 30)]
    [InlineData(10, "2026-07-15", 30, "2026-07-15", 10)]
    [InlineData(10, null, 30, null, 10)]
    public void Of_two_ratios_of_one_first_day_the_one_issued_later_counts(int one, string? oneIssued, int other, string? otherIssued, int percent)
    {
        foreach (var isReversed in (bool[])[false, true])
        {
            var member = Member(null, "1945-02-03", coverages: [Coverage("2020-02-03", insurer: Late)]);
            JsonNode[] ratios = [Ratio(one, oneIssued), Ratio(other, otherIssued)];
            if (isReversed) Array.Reverse(ratios);
            member["burden_ratios"] = new JsonArray(ratios);
            Assert.Equal(percent, Ask(Line("2026-10-10", [member])).Percent);
        }

        static JsonObject Ratio(int percent, string? issued) => new() { ["percent"] = percent, ["issued_on"] = issued, ["from"] = "2026-08-01", ["to"] = null };
    }

    [Fact]
    public void Of_two_classes_of_one_first_day_the_one_issued_later_counts()
    {
        var member = Member(null);
        member["limit_classes"] = new JsonArray(
            new JsonObject { ["class"] = "A03", ["issued_on"] = "2026-10-05", ["from"] = "2026-08-01" },
            new JsonObject { ["class"] = "A05", ["issued_on"] = "2026-07-15", ["from"] = "2026-08-01" });
        Assert.Equal("A03", Ask(Line("2026-10-10", [member])).LimitClass);
    }

    [Fact]
    public void Without_a_bill_no_amount_is_missing()
    {
        var answer = Ask(Line("2026-08-10", [Member(null)]));
        Assert.Equal(("valid", null, 30), (answer.Validity, answer.Reason, answer.Percent));
        Assert.Equal((0, 0), (answer.Charged, answer.Final));
    }

    [Fact]
    public void Medical_assistance_without_its_ticket_is_a_yes_with_a_reason()
    {
        var answer = Ask(Line("2026-08-10", [Member(null, coverages: [Coverage("2015-04-01", cardClass: "A1")])], Bill(10_000, "2026-08-10")));
        Assert.Equal(("valid", "ticket_not_registered", 0, 0), (answer.Validity, answer.Reason, answer.Percent, answer.Charged));
        Assert.Null(answer.Final);
    }

    // Unpaid premiums are an insurance's: medical assistance has neither premiums nor a class.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Medical_assistance_alone_is_not_explained_by_unpaid_premiums(bool inJapanese)
    {
        var line = Line("2026-08-10", [Member(null, coverages: [Coverage("2015-04-01", cardClass: "A1")])], Bill(10_000, "2026-08-10")).ToJsonString();
        using var writer = new DecisionWriter(inJapanese);
        LineDecider.Decide(System.Text.Encoding.UTF8.GetBytes(line), 1, writer);
        var explanation = JsonNode.Parse(writer.Written.Span)!["explanation"]!.AsArray().Select(text => (string)text!).ToArray();
        Assert.DoesNotContain(explanation, text => text.Contains("保険料", StringComparison.Ordinal) || text.Contains("premiums", StringComparison.Ordinal) || text.Contains("適用区分", StringComparison.Ordinal));
        Assert.Contains(explanation, text => text.Contains(inJapanese ? "本人支払額" : "medical ticket says", StringComparison.Ordinal));
    }

    // Public Assistance Act, art. 4: the insurance first, whichever began later and wherever it stands on the line.
    [Theory]
    [InlineData("2015-04-01", "01", "2020-04-01", "A1", 0)]
    [InlineData("2020-04-01", "01", "2015-04-01", "A1", 0)]
    [InlineData("2015-04-01", "A1", "2020-04-01", "01", 1)]
    [InlineData("2020-04-01", "A1", "2015-04-01", "01", 1)]
    [InlineData("2015-04-01", "01", "2015-04-01", "A1", 0)]
    [InlineData("2015-04-01", "A1", "2015-04-01", "01", 1)]
    public void Beside_medical_assistance_the_insurance_comes_first(string first, string firstClass, string second, string secondClass, int told)
    {
        var answer = Ask(Line(
            "2026-08-10", [Member(coverages: [Coverage(first, id: "0", cardClass: firstClass), Coverage(second, id: "1", cardClass: secondClass)])], Bill(1_000_000, "2026-08-10", inpatient: true)));
        Assert.Equal(("valid", "ticket_not_registered", $"{told}"), (answer.Validity, answer.Reason, (string?)answer.Json["coverage_id"]));
        Assert.Equal((30, "A03"), (answer.Percent, answer.LimitClass));
        // 30 % of the cost, of which the insurance leaves 92,940 to the assistance. What the patient pays of it, the ticket says.
        Assert.Equal("""[{"share":300000,"charged":null,"left_to_limit":0,"to_assistance":92940}]""", answer.Json["charges"]!.ToJsonString());
        Assert.Equal((300_000, 0, null, null), (answer.Shares, answer.Charged, answer.Refund, answer.Final));
    }

    [Fact]
    public void A_bill_of_before_the_assistance_is_the_insurances_alone()
    {
        var answer = Ask(Line(
            "2026-08-20", [Member(coverages: [Coverage("2015-04-01", id: "0"), Coverage("2026-08-16", id: "1", insurer: "12131112", cardClass: "A1")])],
            Bill(100_000, "2026-08-10"), Bill(100_000, "2026-08-20", at: OtherClinic)));
        Assert.Equal([30_000, null], answer.Windows);
        Assert.Equal((60_000, 30_000, null), (answer.Shares, answer.Charged, answer.Final));
    }

    [Fact]
    public void Each_bill_is_judged_on_its_own_day()
    {
        // Six until 31 March: two bills around it have two shares, and the service date's is told.
        var answer = Ask(Line("2027-03-31", [Member(null, "2020-04-02")], Bill(10_000, "2027-03-31")));
        Assert.Equal((20, 2_000), (answer.Percent, answer.Charged));
        var changed = Ask(Line(
            "2026-08-10", [Member(coverages: [Coverage("2020-04-01", "2026-08-16", id: "old"), Coverage("2026-08-16", insurer: "138057", id: "new")])],
            Bill(1_000_000, "2026-08-10", inpatient: true), Bill(1_000_000, "2026-08-20", inpatient: true)));
        // Two insurers, two limits.
        Assert.Equal([92_940, 92_940], changed.Windows);
        Assert.Equal(("old", 185_880), ((string?)changed.Json["coverage_id"], changed.Final));
    }

    [Fact]
    public void A_bill_of_a_day_without_coverage_leaves_the_sums_open()
    {
        var answer = Ask(Line("2026-08-10", [Member(coverages: [Coverage("2026-08-05")])], Bill(1_000, "2026-08-04"), Bill(1_000, "2026-08-05")));
        Assert.Equal("bill_not_covered", answer.Reason);
        Assert.Equal([null, 300], answer.Windows);
        Assert.Null(answer.Final);
    }
}
