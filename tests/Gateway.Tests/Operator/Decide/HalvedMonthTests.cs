using System.Text.Json.Nodes;
using static EligibilityGateway.Gateway.Tests.Operator.Decide.Lines;

namespace EligibilityGateway.Gateway.Tests.Operator.Decide;

/// <summary>
/// Months that two insurers share, with halved limits at both. Sources: for the dependants of an insured person who turns 75
/// kyoukaikenpo.or.jp (75歳到達月), city.gamagori.lg.jp, city.saitama.jp p007652; for a household that moves within the prefecture
/// city.chiba.jp 30kougakuseidominaosi, Tondabayashi, town.fuso.lg.jp 1001629.
/// </summary>
public sealed class HalvedMonthTests
{
    private const string City = "138057", NextCity = "138065", RetiredOfNextCity = "67138065", OtherPrefecture = "141002";

    // (80,100 / 2) + (500,000 − 133,500) × 1 %; from August (85,800 / 2) + (500,000 − 143,000) × 1 %.
    [Theory]
    [InlineData("2026-07-20", 43_715)]
    [InlineData("2026-08-20", 46_470)]
    public void Dependants_who_lose_their_cover_as_the_insured_turns_75_have_half_limits_at_both_insurers(string turned75, long limit)
    {
        var before = DateOnly.Parse(turned75).AddDays(-10).ToString("yyyy-MM-dd");
        foreach (var isStatedOfTheNew in (bool[])[true, false])
        {
            var (left, entered) = (Coverage("2015-04-01", turned75, id: "left"), Coverage(turned75, insurer: City, id: "entered"));
            (isStatedOfTheNew ? entered : left)["insured_turned_75"] = turned75;
            var wife = Member("A03", "1958-02-03", coverages: [left, entered]);
            var answer = Ask(Line(turned75, [wife], Bill(500_000, before, inpatient: true), Bill(500_000, turned75, inpatient: true)));
            Assert.Equal([limit, limit], answer.Windows);
            Assert.Equal((0, 2 * limit), (answer.Refund, answer.Final));
        }
    }

    [Fact]
    public void A_dependant_of_70_and_more_has_the_half_of_both_limits()
    {
        var wife = Member(null, "1953-02-03", percent: 20, coverages: [Entered("insured_turned_75", "2026-07-20")]);
        Assert.Equal([9_000, 28_800], Ask(Line("2026-07-20", [wife], Bill(500_000, "2026-07-20"), Bill(500_000, "2026-07-21", inpatient: true))).Windows);
    }

    [Theory]
    // The month is not divided on the 1st; the month after is a month as any other.
    [InlineData("2026-07-01", "2026-07-20")]
    [InlineData("2026-06-20", "2026-07-20")]
    public void No_other_month_is_halved(string turned75, string day)
    {
        foreach (var field in (string[])["insured_turned_75", "household_continues"])
        {
            var member = Member("A03", "1958-02-03", coverages: [Entered(field, turned75)]);
            Assert.Equal(80_100 + ((500_000 - 267_000) / 100), Ask(Line(day, [member], Bill(500_000, day, inpatient: true))).Final);
        }
    }

    [Theory]
    // A share of 10,500 at another clinic counts: (80,100 / 2) + (535,000 − 133,500) × 1 %. Below it stays out.
    [InlineData("insured_turned_75", 35_000, 44_065)]
    [InlineData("insured_turned_75", 34_990, 43_715 + 10_497)]
    [InlineData("household_continues", 35_000, 44_065)]
    [InlineData("household_continues", 34_990, 43_715 + 10_497)]
    public void The_border_of_21_000_is_halved_too(string field, long small, long final)
    {
        var member = Member("A03", "1958-02-03", coverages: [Entered(field, "2026-07-20")]);
        Assert.Equal(final, Ask(Line("2026-07-20", [member], Bill(500_000, "2026-07-20", inpatient: true), Bill(small, "2026-07-21", at: OtherClinic))).Final);
    }

    [Theory]
    // Three persons of one household, each up to a half: their own limits are halved, the household's is not; with a move it is, too.
    [InlineData("insured_turned_75", 57_600)]
    [InlineData("household_continues", 28_800)]
    public void The_households_limit_is_halved_by_a_move_alone(string field, long final)
    {
        string[] ids = ["p", "w", "s"];
        var answer = Ask(Line(
            "2026-07-20", [.. ids.Select(id => Member("A04", "1958-02-03", id, coverages: [Entered(field, "2026-07-20")]))],
            [.. ids.Select(id => Bill(500_000, "2026-07-20", inpatient: true, member: id))]));
        Assert.Equal([28_800, 28_800, 28_800], answer.Windows);
        Assert.Equal((86_400 - final, final), (answer.Refund, answer.Final));
    }

    [Theory]
    [InlineData("2026-07-15", City, NextCity, 28_800, 28_800)]
    [InlineData("2026-08-15", City, NextCity, 30_750, 30_750)]
    [InlineData("2026-07-15", City, RetiredOfNextCity, 28_800, 28_800)]
    // Another prefecture's household was another one.
    [InlineData("2026-07-15", OtherPrefecture, NextCity, 57_600, 28_800)]
    public void A_household_that_moves_within_the_prefecture_and_goes_on_has_half_limits_at_both(string moved, string from, string to, long before, long after)
    {
        var member = Member("A04", coverages: Moved(moved, from, to));
        var answer = Ask(Line(moved, [member], Bill(500_000, $"{moved[..8]}10", inpatient: true), Bill(500_000, moved, inpatient: true)));
        Assert.Equal([before, after], answer.Windows);
        Assert.Equal((0, before + after), (answer.Refund, answer.Final));
    }

    [Fact]
    public void A_household_that_does_not_go_on_has_a_whole_limit_at_each()
    {
        var coverages = Moved("2026-07-15");
        coverages[1]!["household_continues"] = null;
        var answer = Ask(Line("2026-07-20", [Member("A04", coverages: coverages)], Bill(500_000, "2026-07-10", inpatient: true), Bill(500_000, "2026-07-20", inpatient: true)));
        Assert.Equal([57_600, 57_600], answer.Windows);
    }

    [Theory]
    [InlineData("2026-07", 14_400, 14_400, 28_800)]
    [InlineData("2026-08", 15_375, 15_375, 30_750)]
    public void With_the_75th_birthday_in_the_month_of_the_move_it_is_a_quarter_a_quarter_and_a_half(string month, long first, long second, long third)
    {
        var (moved, birthday) = ($"{month}-10", $"{month}-20");
        var coverages = Moved(moved);
        coverages[1]!["lost_on"] = birthday;
        coverages.Add(Coverage(birthday, insurer: Late, id: "late"));
        var answer = Ask(Line(
            birthday, [Member(null, $"1951-{month[5..]}-20", coverages: coverages)],
            Bill(1_000_000, $"{month}-05", inpatient: true), Bill(1_000_000, $"{month}-15", inpatient: true), Bill(1_000_000, $"{month}-25", inpatient: true)));
        Assert.Equal([first, second, third], answer.Windows);
        Assert.Equal(first + second + third, answer.Final);
    }

    [Theory]
    // Half of 44,400 at both, whichever is asked for; a month later the whole, and the count still goes on.
    [InlineData("2026-07-10")]
    [InlineData("2026-07-20")]
    public void The_count_of_months_goes_on_with_the_household(string serviceDate)
    {
        var member = Member(coverages: Moved("2026-07-15"));
        member["high_cost_months"] = new JsonArray("2026-02", "2026-03", "2026-04");
        Assert.Equal([22_200, 22_200], Ask(Line(serviceDate, [member], Bill(500_000, "2026-07-10", inpatient: true), Bill(500_000, "2026-07-20", inpatient: true))).Windows);
        Assert.Equal([44_400], Ask(Line("2026-08-10", [member.DeepClone()], Bill(500_000, "2026-08-10", inpatient: true))).Windows);
    }

    [Fact]
    public void What_a_household_moves_with_may_be_in_more_rows()
    {
        var coverages = Moved("2026-07-15");
        var again = coverages[1]!.DeepClone();
        (coverages[1]!["lost_on"], again["acquired_on"], again["household_continues"]) = ("2026-07-18", "2026-07-18", null);
        coverages.Add(again);
        Assert.Equal(
            [28_800, 28_800],
            Ask(Line("2026-07-20", [Member("A04", coverages: coverages)], Bill(500_000, "2026-07-10", inpatient: true), Bill(500_000, "2026-07-20", inpatient: true))).Windows);
    }

    [Theory]
    [InlineData("household_continues", "2026-07-14", City)]
    [InlineData("insured_turned_75", "2026-07-14", City)]
    [InlineData("insured_turned_75", "2026-08-02", City)]
    // Where no prefecture insures, no household goes on.
    [InlineData("household_continues", "2026-07-15", Employees)]
    public void A_day_that_cannot_be_is_an_error(string field, string day, string insurer)
    {
        var coverage = Coverage("2026-07-15", "2026-08-01", insurer);
        coverage[field] = day;
        Assert.Equal($"members[0].coverages[0].{field}", Ask(Line("2026-07-20", [Member(coverages: [coverage])])).Field);
    }

    private static JsonObject Entered(string field, string day)
    {
        var coverage = Coverage(day, insurer: City);
        coverage[field] = day;
        return coverage;
    }

    private static JsonArray Moved(string day, string from = City, string to = NextCity)
    {
        var after = Coverage(day, insurer: to, id: "after");
        (after["number"], after["household_continues"]) = ("0099", day);
        return [Coverage("2015-04-01", day, from, "before"), after];
    }
}
