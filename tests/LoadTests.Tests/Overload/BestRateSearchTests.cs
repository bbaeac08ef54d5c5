using EligibilityGateway.LoadTests.Overload;

namespace EligibilityGateway.LoadTests.Tests.Overload;

public sealed class BestRateSearchTests
{
    private readonly List<double> _tried = [];

    [Theory]
    [InlineData(1000)]
    [InlineData(1730)]
    [InlineData(4000)]
    [InlineData(400)]
    [InlineData(999)]
    public async Task The_best_rate_is_found_to_five_percent_wherever_the_search_begins(double capacity)
    {
        var best = await FindAsync(rate => rate <= capacity);
        Assert.InRange(best, capacity / BestRateSearch<string>.Precision, capacity);
    }

    [Fact]
    public async Task One_spoilt_run_at_a_rate_is_not_held_against_it()
    {
        var spoilt = new HashSet<double>();
        var best = await FindAsync(rate => !spoilt.Add(rate) && rate <= 1730);
        Assert.InRange(best, 1730 / BestRateSearch<string>.Precision, 1730);
    }

    [Fact]
    public async Task No_rate_is_tried_more_than_twice_and_one_that_was_carried_once()
    {
        await FindAsync(rate => rate <= 1730);
        Assert.All(_tried.GroupBy(rate => rate), tries => Assert.Equal(tries.Key <= 1730 ? 1 : 2, tries.Count()));
    }

    [Fact]
    public async Task The_run_that_was_carried_is_the_one_that_is_told_and_not_the_spoilt_one_before_it()
    {
        var runs = 0;
        var told = await new BestRateSearch<string>(
            rate => Task.FromResult($"{(rate > 1100 ? "failed" : ++runs == 1 ? "spoilt" : "carried")} at {rate:F0}"),
            run => run.StartsWith("carried", StringComparison.Ordinal)).FindAsync(1000);
        Assert.StartsWith("carried", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "begin higher")]
    [InlineData(false, "something is wrong")]
    public async Task A_search_without_an_end_ends(bool carried, string why)
    {
        var failure = await Assert.ThrowsAsync<MeasurementException>(() => FindAsync(_ => carried));
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
    }

    private async Task<double> FindAsync(Func<double, bool> isCarried)
    {
        var found = await new BestRateSearch<Tried>(
            rate =>
            {
                _tried.Add(rate);
                return Task.FromResult(new Tried(rate, isCarried(rate)));
            },
            tried => tried.Carried).FindAsync(1000);
        return found.Rate;
    }

    private sealed record Tried(double Rate, bool Carried);
}
