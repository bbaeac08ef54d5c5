using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.ReaderAgent.Link;
using EligibilityGateway.ReaderAgent.Tests.Peer;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;

namespace EligibilityGateway.ReaderAgent.Tests.Link;

public sealed class GatewayLinkTests : IDisposable
{
    private readonly PeerPki _pki = new();
    private readonly TemporaryFolder _folder = new();

    // Stands still unless a test moves it, so that no deadline passes by chance. TLS keeps the machine's clock.
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 10, 15, 0, 0, 0, TimeSpan.Zero));

    public void Dispose()
    {
        _pki.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_answer_ends_its_event_and_empties_the_spool()
    {
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(gateway.Address);
        agent.Link.Start();
        var stream = await gateway.WelcomeNextAsync();
        Assert.Empty(stream.Hello.UnansweredEventIds);
        var asked = LookUps.Typed(_clock);
        var outcome = agent.Link.Ask(asked.LookUp);
        Assert.Equal(asked.LookUp, await stream.NextLookUpAsync());
        Assert.Equal(1, agent.Spool.Count);
        await stream.AnswerAsync(asked.LookUp.EventId);
        Assert.Equal("試験　花子", Assert.IsType<Outcome.Answered>(await outcome.Soon()).Answer.Person.Name);
        Assert.Equal(0, agent.Spool.Count);
    }

    [Fact]
    public async Task Refusals_and_problems_end_their_events_too()
    {
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(gateway.Address);
        agent.Link.Start();
        var stream = await gateway.WelcomeNextAsync();
        var first = Ask(agent);
        await stream.SendAsync(new GatewayMessage { Refusal = new Refusal { EventId = (await stream.NextLookUpAsync()).EventId } });
        Assert.IsType<Outcome.Refused>(await first.Soon());
        var second = Ask(agent);
        await stream.SendAsync(new GatewayMessage { Problem = new Problem { EventId = (await stream.NextLookUpAsync()).EventId } });
        Assert.IsType<Outcome.Unaskable>(await second.Soon());
        Assert.Equal(0, agent.Spool.Count);
    }

    [Fact]
    public async Task A_cut_stream_is_resumed_at_another_gateway_with_the_same_bytes()
    {
        await using var first = await PeerGateway.StartAsync(_pki);
        await using var second = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(first.Address, second.Address);
        agent.Link.Start();
        var cut = await first.WelcomeNextAsync();
        var outcome = Ask(agent);
        var sent = await cut.NextLookUpAsync();
        cut.End(StatusCode.Unavailable);
        var resumed = await second.WelcomeNextAsync();
        Assert.Equal([sent.EventId], resumed.Hello.UnansweredEventIds);
        var again = await resumed.NextLookUpAsync();
        Assert.Equal(sent.ToByteString(), again.ToByteString());
        await resumed.AnswerAsync(again.EventId);
        Assert.IsType<Outcome.Answered>(await outcome.Soon());
    }

    [Fact]
    public async Task An_event_left_by_an_earlier_run_is_asked_again_under_its_id()
    {
        var asked = LookUps.Typed(_clock);
        await using (var killed = Agent(Closed())) Assert.False(killed.Link.Ask(asked.LookUp).IsCompleted);
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(gateway.Address);
        var left = Assert.Single(agent.Link.Start());
        var stream = await gateway.WelcomeNextAsync();
        Assert.Equal([asked.LookUp.EventId], stream.Hello.UnansweredEventIds);
        Assert.Equal(asked.LookUp.ToByteString(), (await stream.NextLookUpAsync()).ToByteString());
        await stream.AnswerAsync(asked.LookUp.EventId);
        Assert.IsType<Outcome.Answered>(await left.Ended.Soon());
        Assert.Equal(0, agent.Spool.Count);
    }

    [Fact]
    public async Task An_event_older_than_ten_minutes_is_never_sent_late()
    {
        var old = LookUps.Typed(_clock);
        await using (var killed = Agent(Closed())) _ = killed.Link.Ask(old.LookUp);
        _clock.Advance(TimeSpan.FromMinutes(10));
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(gateway.Address);
        var left = Assert.Single(agent.Link.Start());
        var stream = await gateway.NextStreamAsync();
        await stream.WelcomeAsync(gatewayTime: _clock.GetUtcNow());
        Assert.IsType<Outcome.TooOld>(await left.Ended.Soon());
        Assert.Equal(0, agent.Spool.Count);
        var fresh = LookUps.Typed(_clock);
        _ = agent.Link.Ask(fresh.LookUp);
        Assert.Equal(fresh.LookUp.EventId, (await stream.NextLookUpAsync()).EventId);
    }

    [Fact]
    public async Task While_no_gateway_is_in_reach_an_event_is_given_up_at_ten_minutes_and_not_before()
    {
        await using var agent = Agent(Closed());
        agent.Link.Start();
        var outcome = Ask(agent);
        _clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        Assert.False(outcome.IsCompleted);
        Assert.Equal(1, agent.Spool.Count);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<Outcome.TooOld>(await outcome.Soon());
        Assert.Equal(0, agent.Spool.Count);
    }

    [Fact]
    public async Task An_answer_that_comes_after_the_event_was_given_up_or_twice_is_passed_over()
    {
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(gateway.Address);
        agent.Link.Start();
        var stream = await gateway.WelcomeNextAsync();
        var outcome = Ask(agent);
        var sent = await stream.NextLookUpAsync();
        await stream.AnswerAsync(sent.EventId, "first");
        await stream.AnswerAsync(sent.EventId, "second");
        await stream.AnswerAsync(EventId.New(_clock).ToString());
        await stream.AnswerAsync("no event id");
        Assert.Equal("first", Assert.IsType<Outcome.Answered>(await outcome.Soon()).Answer.Person.Name);
        await AnswersStillAsync(agent, stream);
    }

    [Fact]
    public async Task The_same_event_again_goes_out_with_the_same_bytes_and_is_answered_again()
    {
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(gateway.Address);
        agent.Link.Start();
        var stream = await gateway.WelcomeNextAsync();
        var asked = LookUps.Typed(_clock);
        var waiting = agent.Link.Ask(asked.LookUp);
        // Asked twice before the welcome has arrived, it would go out once.
        var sent = await stream.NextLookUpAsync();
        var whileWaiting = agent.Link.AskAgain(asked.LookUp);
        Assert.Equal(sent.ToByteString(), (await stream.NextLookUpAsync()).ToByteString());
        await stream.AnswerAsync(sent.EventId);
        Assert.Same(await waiting.Soon(), await whileWaiting.Soon());
        var afterwards = agent.Link.AskAgain(asked.LookUp);
        Assert.Equal(sent.ToByteString(), (await stream.NextLookUpAsync()).ToByteString());
        await stream.AnswerAsync(sent.EventId);
        Assert.IsType<Outcome.Answered>(await afterwards.Soon());
    }

    [Fact]
    public async Task A_busy_gateway_is_asked_again_after_its_delay_and_not_before()
    {
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(gateway.Address);
        agent.Link.Start();
        var stream = await gateway.WelcomeNextAsync();
        var outcome = Ask(agent);
        var shed = await stream.NextLookUpAsync();
        await stream.BusyAsync(shed.EventId, TimeSpan.FromSeconds(4));
        // What is sent after the busy message was taken shows that it was.
        await AnswersStillAsync(agent, stream);
        _clock.Advance(TimeSpan.FromSeconds(3.9));
        await AnswersStillAsync(agent, stream);
        Assert.True(stream.NothingCame);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        var again = await stream.NextLookUpAsync();
        Assert.Equal(shed.ToByteString(), again.ToByteString());
        await stream.AnswerAsync(again.EventId);
        Assert.IsType<Outcome.Answered>(await outcome.Soon());
    }

    [Fact]
    public async Task A_draining_gateway_finishes_what_waits_and_new_events_go_elsewhere()
    {
        await using var first = await PeerGateway.StartAsync(_pki);
        await using var second = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(first.Address, second.Address);
        agent.Link.Start();
        var draining = await first.WelcomeNextAsync();
        var underWay = Ask(agent);
        var sent = await draining.NextLookUpAsync();
        await draining.DrainAsync(TimeSpan.FromSeconds(5));
        await draining.AnswerAsync(sent.EventId);
        Assert.IsType<Outcome.Answered>(await underWay.Soon());
        await draining.TerminalLeft;
        var next = Ask(agent);
        var stream = await second.WelcomeNextAsync();
        Assert.Empty(stream.Hello.UnansweredEventIds);
        await stream.AnswerAsync((await stream.NextLookUpAsync()).EventId);
        Assert.IsType<Outcome.Answered>(await next.Soon());
        Assert.True(draining.NothingCame);
    }

    [Fact]
    public async Task What_a_draining_gateway_does_not_finish_in_time_is_asked_elsewhere()
    {
        await using var first = await PeerGateway.StartAsync(_pki);
        await using var second = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(first.Address, second.Address);
        agent.Link.Start();
        var draining = await first.WelcomeNextAsync();
        var outcome = Ask(agent);
        var sent = await draining.NextLookUpAsync();
        await draining.DrainAsync(TimeSpan.Zero);
        await draining.TerminalLeft;
        var stream = await second.WelcomeNextAsync();
        Assert.Equal([sent.EventId], stream.Hello.UnansweredEventIds);
        await stream.AnswerAsync((await stream.NextLookUpAsync()).EventId);
        Assert.IsType<Outcome.Answered>(await outcome.Soon());
    }

    [Fact]
    public async Task A_gateway_that_refuses_connections_is_passed_over()
    {
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(Closed(), gateway.Address);
        agent.Link.Start();
        await gateway.WelcomeNextAsync();
        await agent.Link.FirstWelcome.Soon();
        Assert.Equal(gateway.Address, agent.Link.Status.Gateway);
    }

    [Fact]
    public async Task A_gateway_with_a_certificate_of_another_authority_hears_nothing()
    {
        using var others = new PeerPki();
        await using var impostor = await PeerGateway.StartAsync(others);
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(impostor.Address, gateway.Address);
        var asked = Ask(agent);
        agent.Link.Start();
        var stream = await gateway.WelcomeNextAsync();
        await stream.AnswerAsync((await stream.NextLookUpAsync()).EventId);
        Assert.IsType<Outcome.Answered>(await asked.Soon());
        Assert.True(impostor.NobodyCame);
    }

    [Fact]
    public async Task A_gateway_that_does_not_say_welcome_in_time_is_left()
    {
        await using var mute = await PeerGateway.StartAsync(_pki);
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(mute.Address, gateway.Address);
        agent.Link.Start();
        await mute.NextStreamAsync();
        _clock.Advance(TimeSpan.FromSeconds(10));
        await gateway.WelcomeNextAsync();
    }

    [Fact]
    public async Task A_gateway_whose_first_word_is_no_welcome_is_left()
    {
        await using var odd = await PeerGateway.StartAsync(_pki);
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(odd.Address, gateway.Address);
        agent.Link.Start();
        await (await odd.NextStreamAsync()).DrainAsync(TimeSpan.Zero);
        await gateway.WelcomeNextAsync();
    }

    [Fact]
    public async Task A_gateway_silent_for_the_look_up_deadline_is_left_and_the_event_asked_elsewhere()
    {
        await using var silent = await PeerGateway.StartAsync(_pki);
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(silent.Address, gateway.Address);
        agent.Link.Start();
        var stuck = await silent.WelcomeNextAsync();
        var outcome = Ask(agent);
        var sent = await stuck.NextLookUpAsync();
        _clock.Advance(TimeSpan.FromSeconds(10));
        var stream = await gateway.WelcomeNextAsync();
        Assert.Equal([sent.EventId], stream.Hello.UnansweredEventIds);
        await stream.AnswerAsync((await stream.NextLookUpAsync()).EventId);
        Assert.IsType<Outcome.Answered>(await outcome.Soon());
    }

    [Fact]
    public async Task One_answer_missing_on_a_stream_that_lives_is_asked_for_again_there()
    {
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(gateway.Address);
        agent.Link.Start();
        var stream = await gateway.WelcomeNextAsync();
        var outcome = Ask(agent);
        var lost = await stream.NextLookUpAsync();
        _clock.Advance(TimeSpan.FromSeconds(5));
        await AnswersStillAsync(agent, stream);
        _clock.Advance(TimeSpan.FromSeconds(5));
        var again = await stream.NextLookUpAsync();
        Assert.Equal(lost.ToByteString(), again.ToByteString());
        await stream.AnswerAsync(again.EventId);
        Assert.IsType<Outcome.Answered>(await outcome.Soon());
    }

    [Theory]
    [InlineData(StatusCode.PermissionDenied)]
    [InlineData(StatusCode.Unauthenticated)]
    public async Task Where_no_gateway_lets_the_terminal_in_the_desk_is_told(StatusCode denial)
    {
        await using var first = await PeerGateway.StartAsync(_pki);
        await using var second = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(first.Address, second.Address);
        var outcome = Ask(agent);
        agent.Link.Start();
        (await first.NextStreamAsync()).End(denial);
        var other = await second.NextStreamAsync();
        Assert.False(outcome.IsCompleted);
        other.End(denial);
        Assert.Equal((int)denial, Assert.IsType<Outcome.Unaskable>(await outcome.Soon()).Problem.Status.Code);
        Assert.Equal(0, agent.Spool.Count);
    }

    [Fact]
    public async Task What_the_gateway_said_of_the_denial_reaches_the_desk_with_its_details()
    {
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(gateway.Address);
        var outcome = Ask(agent);
        agent.Link.Start();
        var said = new Google.Rpc.Status
        {
            Code = (int)StatusCode.Unauthenticated,
            Message = "This terminal was revoked.",
            Details = { Google.Protobuf.WellKnownTypes.Any.Pack(new Remedy { Reason = Reason.TerminalRevoked }) },
        };
        (await gateway.NextStreamAsync()).End(said);
        Assert.Equal(said, Assert.IsType<Outcome.Unaskable>(await outcome.Soon()).Problem.Status);
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.ResourceExhausted)]
    public async Task What_a_gateway_could_not_read_is_told_and_holds_up_nothing_behind_it(StatusCode code)
    {
        var clock = new WatchedClock();
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = new LinkUnderTest(_pki, _folder, clock, gateway.Address);
        agent.Link.Start();
        var stream = await gateway.WelcomeNextAsync();
        var outcomes = new Dictionary<string, Task<Outcome>>();
        for (var n = 0; n < 3; n++)
        {
            var (_, lookUp) = LookUps.Typed(clock);
            outcomes[lookUp.EventId] = agent.Link.Ask(lookUp);
        }
        // In whatever order they were asked, the gateway reads them in this one.
        LookUp[] sent = [await stream.NextLookUpAsync(), await stream.NextLookUpAsync(), await stream.NextLookUpAsync()];
        await stream.AnswerAsync(sent[0].EventId);
        Assert.IsType<Outcome.Answered>(await outcomes[sent[0].EventId].Soon());
        var said = new Google.Rpc.Status { Code = (int)code, Message = "The message is no eligibility.v1.TerminalMessage." };
        stream.End(said);
        var problem = Assert.IsType<Outcome.Unaskable>(await outcomes[sent[1].EventId].Soon()).Problem;
        Assert.Equal((sent[1].EventId, said), (problem.EventId, problem.Status));

        await WaitAsync(clock, TimeSpan.FromMilliseconds(250));
        var resumed = await gateway.WelcomeNextAsync();
        Assert.Equal([sent[2].EventId], resumed.Hello.UnansweredEventIds);
        Assert.Equal(sent[2].ToByteString(), (await resumed.NextLookUpAsync()).ToByteString());
        await resumed.AnswerAsync(sent[2].EventId);
        Assert.IsType<Outcome.Answered>(await outcomes[sent[2].EventId].Soon());
        Assert.Equal(0, agent.Spool.Count);
        Assert.Contains($"ended ({code}). {said.Message}", agent.Diagnostics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_busy_event_is_not_taken_for_the_one_that_could_not_be_read()
    {
        await using var first = await PeerGateway.StartAsync(_pki);
        await using var second = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(first.Address, second.Address);
        agent.Link.Start();
        var stream = await first.WelcomeNextAsync();
        var busy = Ask(agent);
        var shed = await stream.NextLookUpAsync();
        var unread = Ask(agent);
        await stream.NextLookUpAsync();
        await stream.BusyAsync(shed.EventId, TimeSpan.FromSeconds(1));
        stream.End(new Google.Rpc.Status { Code = (int)StatusCode.InvalidArgument, Message = "as the test says" });
        Assert.IsType<Outcome.Unaskable>(await unread.Soon());
        var resumed = await second.WelcomeNextAsync();
        _clock.Advance(TimeSpan.FromSeconds(1));
        await resumed.AnswerAsync((await resumed.NextLookUpAsync()).EventId);
        Assert.IsType<Outcome.Answered>(await busy.Soon());
    }

    [Fact]
    public async Task A_stream_that_ends_without_a_word_of_the_gateways_loses_nothing()
    {
        await using var first = await PeerGateway.StartAsync(_pki);
        await using var second = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(first.Address, second.Address);
        agent.Link.Start();
        var stream = await first.WelcomeNextAsync();
        var asked = Ask(agent);
        await stream.NextLookUpAsync();
        stream.End(StatusCode.InvalidArgument);
        var resumed = await second.WelcomeNextAsync();
        await resumed.AnswerAsync((await resumed.NextLookUpAsync()).EventId);
        Assert.IsType<Outcome.Answered>(await asked.Soon());
    }

    [Fact]
    public async Task A_gateway_that_can_not_read_the_hello_is_asked_again_after_a_wait_and_nothing_is_lost()
    {
        var clock = new WatchedClock();
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = new LinkUnderTest(_pki, _folder, clock, gateway.Address);
        agent.Link.Start();
        var (_, lookUp) = LookUps.Typed(clock);
        var outcome = agent.Link.Ask(lookUp);
        for (var round = 0; round < 3; round++)
        {
            (await gateway.NextStreamAsync()).End(new Google.Rpc.Status { Code = (int)StatusCode.InvalidArgument, Message = "as the test says" });
            await WaitAsync(clock, TimeSpan.FromMilliseconds(250 << round), () => Assert.True(gateway.NobodyCame));
        }
        var stream = await gateway.WelcomeNextAsync();
        await stream.AnswerAsync((await stream.NextLookUpAsync()).EventId);
        Assert.IsType<Outcome.Answered>(await outcome.Soon());
        Assert.Contains("ended (InvalidArgument). as the test says", agent.Diagnostics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_many_events_wait_as_may_and_no_more()
    {
        await using var agent = new LinkUnderTest(_pki, _folder, _clock, new LinkSettings { Gateways = [Closed()], MostWaiting = 2 });
        var first = Ask(agent);
        var second = Ask(agent);
        Assert.IsType<Outcome.SpoolFull>(await Ask(agent).Soon());
        Assert.False(first.IsCompleted);
        Assert.False(second.IsCompleted);
        Assert.Equal(2, agent.Link.Status.Waiting);
    }

    [Fact]
    public async Task What_a_crew_wrote_never_rests_on_the_disk_and_is_asked_all_the_same()
    {
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(gateway.Address);
        var asked = LookUps.Typed(_clock);
        asked.LookUp.Emergency = new EmergencyGround { CannotConsent = true, Note = "unconscious, pulse weak" };
        var outcome = agent.Link.Ask(asked.LookUp);
        Assert.Equal(0, agent.Spool.Count);
        Assert.Empty(Directory.GetFiles(_folder["spool"], "*.event"));
        agent.Link.Start();
        var stream = await gateway.WelcomeNextAsync();
        Assert.Equal("unconscious, pulse weak", (await stream.NextLookUpAsync()).Emergency.Note);
        await stream.AnswerAsync(asked.LookUp.EventId);
        Assert.IsType<Outcome.Answered>(await outcome.Soon());
    }

    [Fact]
    public async Task With_a_disk_that_can_not_be_written_it_asks_from_memory()
    {
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(gateway.Address);
        agent.Link.Start();
        var stream = await gateway.WelcomeNextAsync();
        Directory.Delete(_folder["spool"], recursive: true);
        await AnswersStillAsync(agent, stream);
    }

    [Fact]
    public async Task Resuming_names_at_most_a_hundred_ids_the_oldest_and_sends_all()
    {
        var asked = new List<string>();
        await using (var killed = Agent(Closed()))
        {
            for (var n = 0; n < 120; n++)
            {
                var (_, lookUp) = LookUps.Typed(_clock);
                _ = killed.Link.Ask(lookUp);
                asked.Add(lookUp.EventId);
                _clock.Advance(TimeSpan.FromMilliseconds(1));
            }
        }
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(gateway.Address);
        agent.Link.Start();
        var stream = await gateway.WelcomeNextAsync();
        Assert.Equal(asked[..100], stream.Hello.UnansweredEventIds);
        foreach (var id in asked) Assert.Equal(id, (await stream.NextLookUpAsync()).EventId);
    }

    [Fact]
    public async Task The_welcomes_challenge_is_signed_and_a_new_one_asked_for_in_time()
    {
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(gateway.Address);
        agent.Link.Start();
        var stream = await gateway.NextStreamAsync();
        await stream.WelcomeAsync(challengeLives: TimeSpan.FromSeconds(60));
        await agent.Link.FirstWelcome.Soon();
        Assert.Equal(PeerStream.ChallengeBytes, (await agent.Link.ChallengeAsync(default).Soon())!.Value.ToArray());
        await AnswersStillAsync(agent, stream);
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(TerminalMessage.MessageOneofCase.ChallengeRequest, (await stream.NextAsync()).MessageCase);
    }

    [Fact]
    public async Task A_clock_that_is_off_by_more_than_a_minute_is_told()
    {
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(gateway.Address);
        agent.Link.Start();
        var stream = await gateway.NextStreamAsync();
        await stream.WelcomeAsync(gatewayTime: _clock.GetUtcNow() + TimeSpan.FromSeconds(61));
        await agent.Link.FirstWelcome.Soon();
        Assert.Equal(TimeSpan.FromSeconds(61), agent.Link.Status.ClockOff);
        Assert.Contains("clock is off by 00:01:01", agent.Diagnostics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Closing_ends_the_stream_in_good_order_and_leaves_what_waits_in_the_spool()
    {
        await using var gateway = await PeerGateway.StartAsync(_pki);
        var agent = Agent(gateway.Address);
        agent.Link.Start();
        var stream = await gateway.WelcomeNextAsync();
        _ = Ask(agent);
        await stream.NextLookUpAsync();
        await agent.DisposeAsync().AsTask().Soon();
        await stream.TerminalLeft;
        Assert.Single(Directory.GetFiles(_folder["spool"], "*.event"));
    }

    [Fact]
    public async Task Diagnostics_hold_nothing_of_a_person()
    {
        await using var gateway = await PeerGateway.StartAsync(_pki);
        await using var agent = Agent(gateway.Address);
        agent.Link.Start();
        var stream = await gateway.WelcomeNextAsync();
        await AnswersStillAsync(agent, stream);
        await stream.SendAsync(new GatewayMessage { Problem = new Problem { Status = new Google.Rpc.Status { Code = 3, Message = LookUps.Number } } });
        await AnswersStillAsync(agent, stream);
        Assert.Contains("status 3", agent.Diagnostics, StringComparison.Ordinal);
        Assert.DoesNotContain(LookUps.Number, agent.Diagnostics, StringComparison.Ordinal);
        Assert.DoesNotContain("花子", agent.Diagnostics, StringComparison.Ordinal);
    }

    // A port that nobody listens on.
    private static Uri Closed() => new("https://127.0.0.1:9");

    private LinkUnderTest Agent(params Uri[] gateways) => new(_pki, _folder, _clock, gateways);

    private Task<Outcome> Ask(LinkUnderTest agent)
    {
        var (_, lookUp) = LookUps.Typed(_clock);
        return agent.Link.Ask(lookUp);
    }

    /// <summary>Lets the agent wait before its next attempt, at most for so long; all other timers of the link are set further.</summary>
    private static async Task WaitAsync(WatchedClock clock, TimeSpan longest, Action? meanwhile = null)
    {
        while (await clock.NextTimerAsync() is var due && (due <= TimeSpan.Zero || due > longest))
        {
            // Another timer.
        }
        meanwhile?.Invoke();
        clock.Advance(longest);
    }

    private async Task AnswersStillAsync(LinkUnderTest agent, PeerStream stream)
    {
        var outcome = Ask(agent);
        await stream.AnswerAsync((await stream.NextLookUpAsync()).EventId);
        Assert.IsType<Outcome.Answered>(await outcome.Soon());
    }
}
