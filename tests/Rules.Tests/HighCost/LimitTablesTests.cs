using EligibilityGateway.Rules.HighCost;
using EligibilityGateway.Rules.HighCost.Tables;

namespace EligibilityGateway.Rules.Tests.HighCost;

public sealed class LimitTablesTests
{
    [Fact]
    public void A_threshold_is_the_cost_whose_thirty_percent_is_the_base() => Assert.All(
        LimitTables.All.SelectMany(table => table.Classes.Values).Where(row => row.Threshold is not null), row => Assert.Equal(row.Base, Yen.Share(row.Threshold!.Value, 30)));

    [Fact]
    public void Periods_follow_each_other_without_a_gap_and_tell_their_source()
    {
        Assert.Equal(["2018-08", "2026-08", "2027-08"], LimitTables.All.Select(table => table.From));
        Assert.Equal(["2026-07", "2027-07", null], LimitTables.All.Select(table => table.Until));
        Assert.All(LimitTables.All, table => Assert.NotEmpty(table.Sources));
    }

    [Fact]
    public void Every_class_has_figures_in_the_periods_in_force_and_codes_are_known() => Assert.All(LimitTables.All, table =>
    {
        Assert.All(table.Classes.Keys, code => Assert.NotEqual(code, LimitClasses.LabelOf(code)));
        if (table.Status == "in force") Assert.Equal(LimitClasses.All.Select(label => label.Code), table.Classes.Keys.Order());
    });

    [Theory]
    [InlineData("2018-07-31", "A03", null)]
    [InlineData("2018-08-01", "A03", 80_100)]
    [InlineData("2026-07-31", "A03", 80_100)]
    [InlineData("2026-08-01", "A03", 85_800)]
    [InlineData("2027-07-31", "A03", 85_800)]
    [InlineData("2027-08-01", "A03", null)]
    [InlineData("2027-08-01", "A05", 36_900)]
    [InlineData("2040-01-01", "A05", 36_900)]
    [InlineData("2027-08-01", "B04", null)]
    [InlineData("2026-08-01", "C01", null)]
    public void The_month_of_treatment_picks_the_table(string day, string limitClass, int? expected) =>
        Assert.Equal(expected, LimitTables.Find(DateOnly.Parse(day), limitClass)?.Base);

    // The plan of 2025-08 that was never put in force stands on many pages.
    [Fact]
    public void The_abandoned_plan_is_in_no_table() =>
        Assert.DoesNotContain(LimitTables.All.SelectMany(table => table.Classes.Values), row => row.Base is 88_200 or 290_400 || row.MultipleHit == 48_900);
}
