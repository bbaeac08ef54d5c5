using EligibilityGateway.LoadTests.Drive;
using EligibilityGateway.LoadTests.FreshGateways;
using EligibilityGateway.LoadTests.Overload;
using EligibilityGateway.LoadTests.Tests.Drive;

namespace EligibilityGateway.LoadTests.Tests.Overload;

public sealed class OverloadFiguresTests
{
    private static readonly OverloadRun Best = Run(1000, goodput: 995);

    [Fact]
    public void Goodput_is_what_was_proved_within_a_quarter_of_a_second_of_its_intended_start()
    {
        var ledger = Ledgers.Of(
            Ledgers.Proved(afterMilliseconds: 249),
            Ledgers.Proved(afterMilliseconds: 251),
            Ledgers.Unconfirmed(afterMilliseconds: 10),
            Ledgers.Busy(afterMilliseconds: 10),
            Ledgers.Nothing());
        var run = OverloadRun.Of(new FreshGatewayRun(ledger, new CpuPerTap(1, 2, 3, 4), CoresBurnt: null), 2.4, TimeSpan.FromSeconds(2));
        Assert.Equal((2.5, 0.5, false), (run.Offered, run.Goodput, run.IsCarried));
    }

    [Theory]
    [InlineData(99, true)]
    [InlineData(98, false)]
    public void A_rate_is_carried_where_99_of_100_were_answered_promptly(int promptly, bool carried)
    {
        var ledger = Ledgers.Of([.. Enumerable.Range(0, 100).Select(n => n < promptly ? Ledgers.Proved(afterMilliseconds: 5) : Ledgers.Busy(afterMilliseconds: 5))]);
        Assert.Equal(carried, OverloadRun.Of(new FreshGatewayRun(ledger, new CpuPerTap(1, 2, 3, 4), CoresBurnt: null), 100, TimeSpan.FromSeconds(1)).IsCarried);
    }

    [Fact]
    public void Four_fifths_of_the_best_rate_and_nothing_in_doubt_meet_the_goals() => Assert.Null(Figures(Run(2000, goodput: 800), Run(3000, goodput: 801)).Missed);

    [Fact]
    public void Each_goal_that_is_missed_is_told_with_its_multiple_in_one_line()
    {
        var missed = Figures(Run(2000, goodput: 799), Run(3000, goodput: 900, unconfirmed: 7, late: 151)).Missed!;
        Assert.Contains("goodput 799/s at 2 x", missed, StringComparison.Ordinal);
        Assert.Contains("7 answers UNCONFIRMED at 3 x", missed, StringComparison.Ordinal);
        Assert.Contains("151 of 3000 taps not sent at their time at 3 x, 0 of them held back by a full window", missed, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", missed, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_that_got_slower_meanwhile_is_told()
    {
        var figures = Figures(Run(2000, goodput: 800), Run(3000, goodput: 801));
        Assert.Null((figures with { BestAgain = Run(1000, goodput: 896) }).Missed);
        Assert.Contains("the machine got slower meanwhile", (figures with { BestAgain = Run(1000, goodput: 895) }).Missed, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_has_a_row_for_each_run() =>
        Assert.Equal(2 + 3, Figures(Run(2000, goodput: 800), Run(3000, goodput: 801)).Table().ToString().Split(Environment.NewLine).Length);

    private static OverloadFigures Figures(OverloadRun twice, OverloadRun thrice) => new()
    {
        Seconds = 1,
        WarmUpSeconds = 0,
        Terminals = 500,
        Window = 4,
        People = 1000,
        Best = Best,
        Multiples = [new Multiple(2, twice), new Multiple(3, thrice)],
    };

    private static OverloadRun Run(int rate, double goodput, int unconfirmed = 0, int late = 0) => new()
    {
        Rate = rate,
        Offered = rate,
        Goodput = goodput,
        Unconfirmed = unconfirmed,
        Run = RunTally.Of(Ledgers.Of()) with { Sent = rate, SentLate = late },
        CpuMicrosecondsPerTap = new CpuPerTap(1, 2, 3, 4),
    };
}
