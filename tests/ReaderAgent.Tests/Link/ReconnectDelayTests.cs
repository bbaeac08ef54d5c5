using EligibilityGateway.ReaderAgent.Link;

namespace EligibilityGateway.ReaderAgent.Tests.Link;

public sealed class ReconnectDelayTests
{
    private static readonly Uri[] Two = [new("https://a"), new("https://b")];

    [Fact]
    public void Each_address_is_tried_once_before_any_wait()
    {
        var delay = Delay(Two);
        Assert.Equal(TimeSpan.Zero, delay.Next(worthwhile: false, drained: false));
        Assert.Equal(TimeSpan.FromMilliseconds(250), delay.Next(worthwhile: false, drained: false));
        Assert.Equal(TimeSpan.Zero, delay.Next(worthwhile: false, drained: false));
        Assert.Equal(TimeSpan.FromMilliseconds(500), delay.Next(worthwhile: false, drained: false));
    }

    [Fact]
    public void Waits_double_up_to_the_cap_and_stay_there()
    {
        var delay = Delay(Two[..1]);
        var waits = Enumerable.Range(0, 100).Select(_ => delay.Next(false, false).TotalMilliseconds).ToArray();
        Assert.Equal([250, 500, 1000, 2000, 4000, 8000, 15000, 15000], waits[..8]);
        Assert.All(waits[8..], wait => Assert.Equal(15000, wait));
    }

    [Fact]
    public void A_stream_that_was_worth_it_begins_anew()
    {
        var delay = Delay(Two[..1]);
        for (var n = 0; n < 10; n++) delay.Next(false, false);
        Assert.Equal(TimeSpan.FromMilliseconds(250), delay.Next(worthwhile: true, drained: false));
        Assert.Equal(TimeSpan.FromMilliseconds(250), delay.Next(false, false));
    }

    [Fact]
    public void A_drained_stream_goes_elsewhere_at_once_where_there_is_an_elsewhere()
    {
        Assert.Equal(TimeSpan.Zero, Delay(Two).Next(worthwhile: true, drained: true));
        Assert.Equal(TimeSpan.FromMilliseconds(250), Delay(Two[..1]).Next(worthwhile: true, drained: true));
    }

    [Fact]
    public void Gateways_that_drain_at_once_are_no_tight_loop()
    {
        var delay = Delay(Two);
        Assert.Equal(TimeSpan.Zero, delay.Next(worthwhile: false, drained: true));
        Assert.Equal(TimeSpan.FromMilliseconds(250), delay.Next(worthwhile: false, drained: true));
    }

    [Fact]
    public void Waits_are_drawn_from_the_whole_range()
    {
        var delay = new ReconnectDelay(new LinkSettings { Gateways = Two[..1] }, new Random(7));
        for (var n = 0; n < 10; n++) delay.Next(false, false);
        var waits = Enumerable.Range(0, 1000).Select(_ => delay.Next(false, false).TotalMilliseconds).ToArray();
        Assert.All(waits, wait => Assert.InRange(wait, 0, 15000));
        // 1,000 draws from one range: a mean outside these bounds has a chance below one in a million.
        Assert.InRange(waits.Average(), 6800, 8200);
        Assert.Contains(waits, wait => wait < 500);
        Assert.Contains(waits, wait => wait > 14500);
    }

    private static ReconnectDelay Delay(Uri[] gateways) => new(new LinkSettings { Gateways = gateways }, new Highest());

    private sealed class Highest : Random
    {
        public override double NextDouble() => 1;
    }
}
