using EligibilityGateway.ReaderAgent.Link;
using FsCheck;
using FsCheck.Fluent;

namespace EligibilityGateway.ReaderAgent.Tests.Link;

public sealed class GatewayClockTests
{
    [Fact]
    public void Until_a_gateway_has_told_its_time_it_is_the_machines()
    {
        var machine = new MachineClock { Ahead = TimeSpan.FromSeconds(61) };
        var clock = new GatewayClock(machine);
        Assert.False(clock.IsKnown);
        Assert.Equal((machine.GetUtcNow(), TimeSpan.Zero), (clock.GetUtcNow(), clock.MachineOff));
    }

    // Whatever is done to the machine's clock meanwhile, and however often: what was told last goes on as time truly passes.
    [Fact]
    public void Once_told_it_goes_on_as_time_passes_however_the_machine_is_set() =>
        Check.QuickThrowOnFailure(Prop.ForAll(
            Gen.Zip(Gen.Choose(0, 2), Gen.Choose(-100_000, 100_000)).ListOf().ToArbitrary(),
            steps =>
            {
                var machine = new MachineClock { Ahead = TimeSpan.FromMinutes(-7) };
                var clock = new GatewayClock(machine);
                clock.Follow(MachineClock.Opening);
                var expected = MachineClock.Opening;
                foreach (var (kind, seconds) in steps)
                {
                    var span = TimeSpan.FromSeconds(seconds);
                    switch (kind)
                    {
                        case 0:
                            machine.Advance(span.Duration());
                            expected += span.Duration();
                            break;
                        case 1:
                            machine.Ahead = span;
                            break;
                        default:
                            expected = MachineClock.Opening + span;
                            clock.Follow(expected);
                            break;
                    }
                    if (clock.GetUtcNow() != expected || clock.MachineOff != expected - machine.GetUtcNow()) return false;
                }
                return clock.IsKnown;
            }));

    [Theory]
    [InlineData("00:01:01", "00:01:01")]
    [InlineData("-00:01:01.9", "00:01:01")]
    [InlineData("2.03:00:00", "2.03:00:00")]
    public void By_how_much_a_clock_is_off_is_told_with_its_days(string off, string text) => Assert.Equal(text, LinkStatus.ClockText(TimeSpan.Parse(off)));
}
