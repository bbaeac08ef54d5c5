using EligibilityGateway.Gateway.Terminals;

namespace EligibilityGateway.Gateway.Tests.Terminals;

/// <summary>How many look-ups a gateway takes on, as learnt from how long work waits.</summary>
public sealed class IntakeLimitTests
{
    private static readonly TimeSpan Waits = Intake.TooLong * 2;
    private static readonly TimeSpan WaitsNot = TimeSpan.FromMilliseconds(1);

    [Fact]
    public void A_moment_in_which_work_waited_lowers_nothing()
    {
        var limit = new IntakeLimit();
        for (var i = 0; i < 100; i++)
        {
            for (var sample = 0; sample < IntakeLimit.Samples / 2; sample++) limit.Learn(Waits, underWay: 300);
            for (var sample = 0; sample < IntakeLimit.Samples; sample++) limit.Learn(WaitsNot, underWay: 5);
        }
        Assert.Equal(Intake.FirstLimit, limit.Value);
    }

    [Fact]
    public void A_queue_that_stands_lowers_it_by_and_by_whatever_moments_without_one_there_are()
    {
        var limit = new IntakeLimit();
        for (var sample = 0; sample < IntakeLimit.Samples; sample++) limit.Learn(Waits, underWay: 300);
        Assert.InRange(limit.Value, Intake.FirstLimit / 2, Intake.FirstLimit - 1);
        for (var sample = 0; sample < 500; sample++) limit.Learn(sample % 3 == 0 ? WaitsNot : Waits, limit.Value);
        Assert.Equal(Intake.LowestLimit, limit.Value);
    }

    [Fact]
    public void Other_work_that_takes_the_processors_lowers_nothing()
    {
        var limit = new IntakeLimit();
        for (var sample = 0; sample < 500; sample++) limit.Learn(Waits, underWay: 100);
        Assert.Equal(Intake.FirstLimit, limit.Value);
    }

    [Fact]
    public void Once_the_queue_is_gone_it_is_back_where_it_began_within_three_seconds()
    {
        var limit = new IntakeLimit();
        for (var sample = 0; sample < 500; sample++) limit.Learn(Waits, limit.Value);
        // At rest, too: a sample is taken ten times a second then, and a hundred times under load.
        for (var sample = 0; sample < 300; sample++) limit.Learn(WaitsNot, underWay: 0);
        Assert.Equal(Intake.FirstLimit, limit.Value);
    }

    [Fact]
    public void Above_where_it_began_it_is_raised_only_where_it_is_in_the_way()
    {
        var limit = new IntakeLimit();
        for (var sample = 0; sample < 1000; sample++) limit.Learn(WaitsNot, underWay: 10);
        Assert.Equal(Intake.FirstLimit, limit.Value);
        // A store that is slow by itself: very many wait for it, and no work waits for a processor.
        for (var sample = 0; sample < 2000; sample++) limit.Learn(WaitsNot, limit.Value);
        Assert.Equal(Intake.HighestLimit, limit.Value);
    }
}
