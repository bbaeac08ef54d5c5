using EligibilityGateway.Rules.Expenses;
using EligibilityGateway.Rules.Expenses.Tables;

namespace EligibilityGateway.Rules.Tests.Expenses;

/// <summary>Income tax act, article 73: what is above 5 % of the income or 100,000 yen, whichever is lower, up to 2,000,000 yen.</summary>
public sealed class DeductionTests
{
    [Theory]
    [InlineData(90_000, 1_600_000, 80_000, 10_000)] // kimotokaikei.com/kimoto/qa_zeimu/qa_zeimu007.html
    [InlineData(99_501, 1_990_000, 99_500, 1)] // tax-cellblock.com: an income of 1,990,000 gives 99,500
    [InlineData(100_000, 2_000_000, 100_000, 0)]
    [InlineData(100_001, 2_000_000, 100_000, 1)]
    [InlineData(350_000, 6_000_000, 100_000, 250_000)]
    [InlineData(2_099_999, 6_000_000, 100_000, 1_999_999)]
    [InlineData(2_100_001, 6_000_000, 100_000, 2_000_000)]
    [InlineData(50_000, 0, 0, 50_000)]
    [InlineData(50_000, -3_000_000, 0, 50_000)] // a loss is an income of 0
    [InlineData(50_000, 1_999, 99, 49_901)]
    [InlineData(-5_000, 0, 0, 0)] // more was given back than paid
    [InlineData(150_000, long.MaxValue, 100_000, 50_000)]
    public void What_may_be_deducted(long net, long income, long floor, long amount) =>
        Assert.Equal(new Deduction(income, floor, amount), Deduction.Of(DeductionRule.Of(2026)!, net, income));

    [Theory]
    [InlineData(2016, false)]
    [InlineData(2017, true)]
    [InlineData(2026, true)]
    public void A_year_without_a_rule_gets_no_other_years(int year, bool known) => Assert.Equal(known, DeductionRule.Of(year) is not null);
}
