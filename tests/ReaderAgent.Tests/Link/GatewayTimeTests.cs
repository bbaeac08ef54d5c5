using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.ReaderAgent.Link;
using EligibilityGateway.ReaderAgent.Tests.Peer;
using Google.Protobuf;
using Grpc.Core;

namespace EligibilityGateway.ReaderAgent.Tests.Link;

/// <summary>
/// A terminal whose clock is wrong, or set while it runs: its events go by the gateway's time, over streams, restarts and the spool. Gateways
/// here tell the true time.
/// </summary>
public sealed class GatewayTimeTests : IDisposable
{
    private readonly PeerPki _pki = new();
    private readonly TemporaryFolder _folder = new();
    private readonly MachineClock _machine = new();

    /// <summary>Ahead by a second more than gateways bear, and far; behind by more than their window.</summary>
    public static TheoryData<string> Offs => ["00:01:01", "01:00:00", "-00:11:00", "-3.00:00:00"];

    public void Dispose()
    {
        _pki.Dispose();
        _folder.Dispose();
    }

    [Theory, MemberData(nameof(Offs))]
    public async Task What_was_asked_before_the_first_welcome_goes_out_under_an_id_of_its_moment(string off)
    {
        _machine.Ahead = TimeSpan.Parse(off);
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(gateway);
        var (_, lookUp) = LookUps.Typed(agent.Clock);
        var askedAt = _machine.True;
        var outcome = agent.Link.Ask(lookUp);
        agent.Link.Start();
        var stream = await gateway.NextStreamAsync();
        _machine.Advance(TimeSpan.FromSeconds(5));
        await WelcomeAsync(stream);
        var sent = await stream.NextLookUpAsync();
        Assert.Equal(askedAt, TimeOf(sent));
        // The desk knows it under the id that was sent, and so does the disk.
        Assert.Equal(sent.EventId, lookUp.EventId);
        Assert.Equal([sent.EventId + ".event"], SpooledFiles());
        await stream.AnswerAsync(sent.EventId);
        Assert.IsType<Outcome.Answered>(await outcome.Soon());
        Assert.Empty(SpooledFiles());
    }

    [Fact]
    public async Task An_id_that_is_right_stays()
    {
        _machine.Ahead = TimeSpan.FromSeconds(59);
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(gateway);
        var (id, lookUp) = LookUps.Typed(agent.Clock);
        _ = agent.Link.Ask(lookUp);
        agent.Link.Start();
        var stream = await gateway.NextStreamAsync();
        await WelcomeAsync(stream);
        Assert.Equal(id.ToString(), (await stream.NextLookUpAsync()).EventId);
    }

    [Fact]
    public async Task An_id_that_a_card_has_signed_stays_though_it_is_refused()
    {
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(gateway);
        var (id, lookUp) = LookUps.Typed(agent.Clock);
        lookUp.Card = new CardPresented { Proof = Proof.Pin, Signature = ByteString.CopyFrom(new byte[256]) };
        _ = agent.Link.Ask(lookUp);
        agent.Link.Start();
        var stream = await gateway.NextStreamAsync();
        await stream.WelcomeAsync(gatewayTime: _machine.True - TimeSpan.FromMinutes(5));
        Assert.Equal(id.ToString(), (await stream.NextLookUpAsync()).EventId);
    }

    [Fact]
    public async Task An_id_that_was_sent_stays_whatever_time_the_next_gateway_tells()
    {
        await using var first = await PeerGateway.StartAsync(_pki);
        await using var second = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(first, second);
        agent.Link.Start();
        var cut = await first.NextStreamAsync();
        await WelcomeAsync(cut);
        await agent.Link.FirstWelcome.Soon();
        var (_, lookUp) = LookUps.Typed(agent.Clock);
        _ = agent.Link.Ask(lookUp);
        var sent = await cut.NextLookUpAsync();
        cut.End(StatusCode.Unavailable);
        var resumed = await second.NextStreamAsync();
        await resumed.WelcomeAsync(gatewayTime: _machine.True - TimeSpan.FromMinutes(3));
        Assert.Equal(sent.ToByteString(), (await resumed.NextLookUpAsync()).ToByteString());
    }

    [Theory, MemberData(nameof(Offs))]
    public async Task An_event_of_an_earlier_run_is_judged_by_the_gateways_time_and_not_before_that_is_known(string off)
    {
        var asked = await AskInAnEarlierRunAsync(TimeSpan.FromMinutes(9), off);
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(gateway);
        var left = Assert.Single(agent.Link.Start());
        var stream = await gateway.NextStreamAsync();
        Assert.Equal([asked.EventId], stream.Hello.UnansweredEventIds);
        await WelcomeAsync(stream);
        Assert.Equal(asked.ToByteString(), (await stream.NextLookUpAsync()).ToByteString());
        await stream.AnswerAsync(asked.EventId);
        Assert.IsType<Outcome.Answered>(await left.Ended.Soon());
    }

    [Theory, MemberData(nameof(Offs))]
    public async Task One_that_is_too_old_by_the_gateways_time_is_never_sent(string off)
    {
        await AskInAnEarlierRunAsync(TimeSpan.FromMinutes(10), off);
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(gateway);
        var left = Assert.Single(agent.Link.Start());
        var stream = await gateway.NextStreamAsync();
        await WelcomeAsync(stream);
        Assert.IsType<Outcome.TooOld>(await left.Ended.Soon());
        var (id, lookUp) = LookUps.Typed(agent.Clock);
        _ = agent.Link.Ask(lookUp);
        Assert.Equal(id.ToString(), (await stream.NextLookUpAsync()).EventId);
    }

    [Theory, MemberData(nameof(Offs))]
    public async Task A_clock_that_is_set_while_it_runs_changes_neither_ids_nor_what_waits(string off)
    {
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(gateway);
        agent.Link.Start();
        var stream = await gateway.NextStreamAsync();
        await WelcomeAsync(stream);
        await agent.Link.FirstWelcome.Soon();
        var (waitingId, waiting) = LookUps.Typed(agent.Clock);
        var waited = agent.Link.Ask(waiting);
        await stream.NextLookUpAsync();

        _machine.Ahead = TimeSpan.Parse(off);
        Assert.Equal(-_machine.Ahead, agent.Link.Status.ClockOff);
        var (id, lookUp) = LookUps.Typed(agent.Clock);
        Assert.Equal(_machine.True, id.Time);
        _ = agent.Link.Ask(lookUp);
        Assert.Equal(id.ToString(), (await stream.NextLookUpAsync()).EventId);
        var again = agent.Link.AskAgain(waiting);
        Assert.Equal(waiting.ToByteString(), (await stream.NextLookUpAsync()).ToByteString());
        await stream.AnswerAsync(waiting.EventId);
        Assert.IsType<Outcome.Answered>(await waited.Soon());
        Assert.IsType<Outcome.Answered>(await again.Soon());
    }

    [Theory, MemberData(nameof(Offs))]
    public async Task Without_a_gateway_an_event_waits_for_ten_minutes_however_the_clock_is_set(string off)
    {
        await using var agent = new LinkUnderTest(_pki, _folder, _machine, Closed());
        agent.Link.Start();
        var (_, lookUp) = LookUps.Typed(agent.Clock);
        var outcome = agent.Link.Ask(lookUp);
        _machine.Ahead = TimeSpan.Parse(off);
        _machine.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        Assert.False(outcome.IsCompleted);
        _machine.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<Outcome.TooOld>(await outcome.Soon());
    }

    // The gateway's clock was set under the open stream: the next tap goes by what its refusal tells.
    [Theory]
    [InlineData(Reason.ClockAhead, "-00:05:00")]
    [InlineData(Reason.TooOld, "00:20:00")]
    public async Task A_refusal_for_its_time_tells_the_gateways(Reason reason, string set)
    {
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(gateway);
        agent.Link.Start();
        var stream = await gateway.NextStreamAsync();
        await WelcomeAsync(stream);
        await agent.Link.FirstWelcome.Soon();
        var (_, lookUp) = LookUps.Typed(agent.Clock);
        var outcome = agent.Link.Ask(lookUp);
        var now = _machine.True + TimeSpan.Parse(set);
        await RefuseAsync(stream, await stream.NextLookUpAsync(), reason, now);
        Assert.IsType<Outcome.Refused>(await outcome.Soon());
        Assert.Equal(now, EventId.New(agent.Clock).Time);
    }

    // What was known to be true when an answer was given may be long ago.
    [Fact]
    public async Task No_other_refusal_does()
    {
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(gateway);
        agent.Link.Start();
        var stream = await gateway.NextStreamAsync();
        await WelcomeAsync(stream);
        await agent.Link.FirstWelcome.Soon();
        var (_, lookUp) = LookUps.Typed(agent.Clock);
        var outcome = agent.Link.Ask(lookUp);
        await RefuseAsync(stream, await stream.NextLookUpAsync(), Reason.CardLost, _machine.True - TimeSpan.FromMinutes(9));
        Assert.IsType<Outcome.Refused>(await outcome.Soon());
        Assert.Equal(_machine.True, EventId.New(agent.Clock).Time);
    }

    // A port that nobody listens on.
    private static Uri Closed() => new("https://127.0.0.1:9");

    private LinkUnderTest Agent(params PeerGateway[] gateways) => new(_pki, _folder, _machine, [.. gateways.Select(gateway => gateway.Address)]);

    /// <summary>Of an agent that was killed before it could send, so long ago; since then the machine's clock is off.</summary>
    private async Task<LookUp> AskInAnEarlierRunAsync(TimeSpan ago, string off)
    {
        var (_, lookUp) = LookUps.Typed(_machine);
        await using (var killed = new LinkUnderTest(_pki, _folder, _machine, Closed())) _ = killed.Link.Ask(lookUp);
        _machine.Advance(ago);
        _machine.Ahead = TimeSpan.Parse(off);
        return lookUp;
    }

    private Task WelcomeAsync(PeerStream stream) => stream.WelcomeAsync(gatewayTime: _machine.True);

    private static Task RefuseAsync(PeerStream stream, LookUp asked, Reason reason, DateTimeOffset asOf) => stream.SendAsync(new GatewayMessage
    {
        Refusal = new Refusal { EventId = asked.EventId, Remedy = new Remedy { Reason = reason }, Freshness = new Freshness { AsOf = asOf.ToString("O") } },
    });

    private string[] SpooledFiles() => [.. Directory.GetFiles(_folder["spool"], "*.event").Select(path => Path.GetFileName(path))];

    private static DateTimeOffset TimeOf(LookUp lookUp) => EventId.TryParse(lookUp.EventId, out var id) ? id.Time : throw new FormatException("No event id.");
}
