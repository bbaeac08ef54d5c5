using System.Text.Json.Nodes;
using static EligibilityGateway.Gateway.Tests.Operator.Decide.Lines;

namespace EligibilityGateway.Gateway.Tests.Operator.Decide;

/// <summary>
/// Who shares one limit: a symbol and number of an insurer, in the scheme of 75 and over the insurer. Sources: town.soeda.fukuoka.jp/page/1529,
/// city.tamana.lg.jp/q/aview/294/34124 (a household that is parted within a month has a limit under each number); az-oncology.jp (the count of
/// months begins anew where an insured person becomes a dependant).
/// </summary>
public sealed class InsuredHouseholdTests
{
    private const string City = "138057";

    /// <summary>
    /// Two persons of class A03 in 2026-08, 200,000 yen each: as one household 120,000 − (85,800 + (400,000 − 286,000) × 1 %) is refunded.
    /// </summary>
    public static TheoryData<string, JsonObject, JsonObject, long> Pairs => new()
    {
        { "insured person and dependant", Numbered(Employees, "12", "34", "00"), Numbered(Employees, "12", "34", "01"), 33_060 },
        { "the same in full width", Numbered(Employees, "12", "34", "00"), Numbered(Employees, "１２", "３４", "01"), 33_060 },
        { "two insured persons of one insurer", Numbered(Employees, "12", "34", "00"), Numbered(Employees, "12", "35", "00"), 0 },
        { "two symbols", Numbered(Employees, "12", "34", "00"), Numbered(Employees, "13", "34", "00"), 0 },
        { "a household of national health insurance", Numbered(City, "国1", "100", "01"), Numbered(City, "国1", "100", "02"), 33_060 },
        { "two households of one municipality", Numbered(City, "国1", "100", "01"), Numbered(City, "国1", "200", "01"), 0 },
        { "neither symbol nor number: as stated", Numbered(City, null, null, null), Numbered(City, "", "", null), 33_060 },
        { "two insurers without numbers", Numbered(City, null, null, null), Numbered(Employees, null, null, null), 0 },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void One_insurer_number_is_not_one_limit(string name, JsonObject one, JsonObject other, long refund)
    {
        Assert.NotEmpty(name);
        var answer = Ask(Line(
            "2026-08-10", [Member(coverages: [one]), Member(id: "w", coverages: [other])], Bill(200_000, "2026-08-01"), Bill(200_000, "2026-08-02", member: "w")));
        Assert.Equal((refund, 120_000 - refund), (answer.Refund, answer.Final));
    }

    [Fact]
    public void In_the_scheme_of_75_and_over_a_household_is_told_by_the_insurer()
    {
        var answer = Ask(Line(
            "2026-08-10",
            [Member(null, "1945-02-03", percent: 10, coverages: [Numbered(Late, "", "00000001", null)]), Member(null, "1946-02-03", "w", 10, [Numbered(Late, "", "00000002", null)])],
            Bill(615_000, "2026-08-01", inpatient: true), Bill(615_000, "2026-08-02", inpatient: true, member: "w")));
        Assert.Equal((61_500, 61_500), (answer.Refund, answer.Final));
    }

    [Fact]
    public void Two_numbers_of_one_insurer_in_a_month_have_a_limit_each()
    {
        var answer = Ask(Line(
            "2026-08-20", [Member("A04", coverages: [Numbered(City, "国1", "100", "01", "2015-04-01", "2026-08-16"), Numbered(City, "国1", "200", "01", "2026-08-16")])],
            Bill(1_000_000, "2026-08-10", inpatient: true), Bill(1_000_000, "2026-08-20", inpatient: true)));
        Assert.Equal([61_500, 61_500], answer.Windows);
        Assert.Equal((0, 123_000), (answer.Refund, answer.Final));
    }

    // Insured until the 15th, with three months that count; a dependant of another insured person of the same insurer from the 16th.
    [Theory]
    [InlineData("2026-08-10")]
    [InlineData("2026-08-20")]
    public void The_multiple_hit_does_not_carry_from_insured_to_dependant(string serviceDate)
    {
        var member = Member(coverages: [Numbered(Employees, "12", "34", "00", "2015-04-01", "2026-08-16"), Numbered(Employees, "12", "35", "01", "2026-08-16")]);
        member["high_cost_months"] = new JsonArray("2026-02", "2026-03", "2026-04");
        var answer = Ask(Line(serviceDate, [member], Bill(1_000_000, "2026-08-10", inpatient: true), Bill(1_000_000, "2026-08-20", inpatient: true)));
        Assert.Equal([44_400, 92_940], answer.Windows);
    }

    [Fact]
    public void The_months_of_two_insured_persons_are_not_counted_together()
    {
        var (one, other) = (Member(coverages: [Numbered(Employees, "12", "34", "00")]), Member(id: "w", coverages: [Numbered(Employees, "12", "35", "00")]));
        one["high_cost_months"] = new JsonArray("2026-02", "2026-03");
        other["high_cost_months"] = new JsonArray("2026-02", "2026-03", "2026-04");
        var answer = Ask(Line("2026-08-10", [one, other], Bill(1_000_000, "2026-08-10", inpatient: true), Bill(1_000_000, "2026-08-10", inpatient: true, member: "w")));
        Assert.Equal([92_940, 44_400], answer.Windows);
    }

    [Theory]
    [InlineData("34", null, "members[1].coverages[0].number")]
    [InlineData(null, "34", "members[1].coverages[0].number")]
    [InlineData("34", " ", "members[1].coverages[0].number")]
    public void Some_with_numbers_and_some_without_is_an_error(string? one, string? other, string field)
    {
        var answer = Ask(Line("2026-08-10", [Member(coverages: [Numbered(City, null, one, null)]), Member(id: "w", coverages: [Numbered(City, null, other, null)])]));
        Assert.Equal(field, answer.Field);
    }

    private static JsonObject Numbered(string insurer, string? symbol, string? number, string? branch, string from = "2015-04-01", string? lost = null)
    {
        var coverage = Coverage(from, lost, insurer, id: number ?? "c");
        (coverage["symbol"], coverage["number"], coverage["branch"]) = (symbol, number, branch);
        return coverage;
    }
}
