using EligibilityGateway.LoadTests.ColdPeaks;
using EligibilityGateway.LoadTests.FreshGateways;
using EligibilityGateway.LoadTests.Tests.Drive;

namespace EligibilityGateway.LoadTests.Tests.ColdPeaks;

public sealed class ColdPeakRunTests
{
    [Fact]
    public void Without_the_burner_all_must_be_answered_and_proved()
    {
        Assert.Empty(Alone(Ledgers.Proved(9_000), Ledgers.Proved(5)).Missed());
        Assert.Equal(["1 of 2 taps answered and proved"], Alone(Ledgers.Proved(5), Ledgers.Busy(5)).Missed());
        Assert.Equal(["1 errors", "1 of 2 taps answered and proved"], Alone(Ledgers.Proved(5), Ledgers.Nothing()).Missed());
    }

    [Fact]
    public void No_answer_may_be_in_doubt_burner_or_not()
    {
        Assert.Equal(["1 answers UNCONFIRMED", "1 of 2 taps answered and proved"], Alone(Ledgers.Proved(5), Ledgers.Unconfirmed(5)).Missed());
        Assert.Contains("1 answers UNCONFIRMED", Beside(Ledgers.Proved(5), Ledgers.Unconfirmed(5)).Missed());
    }

    [Fact]
    public void Beside_the_burner_half_are_enough_where_the_rest_is_told_busy_at_once()
    {
        Assert.Empty(Beside(Ledgers.Proved(5), Ledgers.Busy(49)).Missed());
        Assert.Equal(["1 of 3 taps answered and proved, less than half"], Beside(Ledgers.Proved(5), Ledgers.Busy(5), Ledgers.Busy(5)).Missed());
        Assert.Equal(["1 errors", "1 taps neither proved nor told busy"], Beside(Ledgers.Proved(5), Ledgers.Nothing()).Missed());
    }

    [Fact]
    public void A_busy_reply_is_judged_from_when_its_tap_went_out_and_stated_from_its_intended_start_too()
    {
        var run = Beside(Ledgers.Proved(5), Ledgers.Busy(60, writtenAfter: 20));
        Assert.Equal((0, 1), (run.BusyInTime, run.BusyInTimeSinceWritten));
        Assert.Empty(run.Missed());
        Assert.Equal(["1 of 2 busy replies later than 50 ms"], Beside(Ledgers.Proved(5), Ledgers.Proved(5), Ledgers.Busy(51), Ledgers.Busy(49)).Missed());
    }

    [Fact]
    public void What_was_missed_is_told_with_the_runs_in_one_line()
    {
        var figures = Figures(Alone(Ledgers.Proved(5)), Beside(Ledgers.Unconfirmed(5)), Alone(Ledgers.Busy(5)));
        Assert.StartsWith("2 of 3 runs missed a goal: run 2, beside the burner: 1 answers UNCONFIRMED, ", figures.Missed, StringComparison.Ordinal);
        Assert.EndsWith("; run 3: 0 of 1 taps answered and proved.", figures.Missed, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", figures.Missed, StringComparison.Ordinal);
        Assert.Equal(2 + 3, figures.Table().ToString().Split(Environment.NewLine).Length);
    }

    [Fact]
    public void Nothing_missed_is_nothing_told() => Assert.Null(Figures(Alone(Ledgers.Proved(5)), Beside(Ledgers.Proved(5))).Missed);

    private static ColdPeakRun Alone(params Ledgers.Became[] outcomes) => ColdPeakRun.Of(new FreshGatewayRun(Ledgers.Of(outcomes), new CpuPerTap(1, 2, 3, 4), CoresBurnt: null));

    private static ColdPeakRun Beside(params Ledgers.Became[] outcomes) => ColdPeakRun.Of(new FreshGatewayRun(Ledgers.Of(outcomes), new CpuPerTap(1, 2, 3, 4), CoresBurnt: 1));

    private static ColdPeaksFigures Figures(params ColdPeakRun[] runs) => new()
    {
        Rate = 1,
        Seconds = 1,
        Terminals = 1,
        Window = 1,
        People = 1,
        Runs = runs,
    };
}
