using System.Diagnostics;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.LoadTests.Drive;
using Google.Protobuf;

namespace EligibilityGateway.LoadTests.Tests.Drive;

public sealed class RunLedgerTests
{
    private static readonly PlannedRequest[] Requests =
    [
        new(TimeSpan.FromSeconds(1), 0, "warm-up", [], Measured: false),
        new(TimeSpan.FromSeconds(2), 0, "first", [], Measured: true),
        new(TimeSpan.FromSeconds(3), 0, "second", [], Measured: true),
        new(TimeSpan.FromSeconds(4), 0, "third", [], Measured: true),
    ];

    private readonly RunLedger _ledger = new(Requests);

    public RunLedgerTests() => _ledger.Begin(0);

    [Fact]
    public void Latency_counts_from_the_intended_start_not_from_the_sending()
    {
        Enter(Answer("first"), At(2.5));
        Assert.Equal(TimeSpan.FromSeconds(0.5), _ledger.MeasuredOutcomes.First().Latency);
    }

    [Fact]
    public void Requests_of_the_warm_up_are_not_in_the_tally()
    {
        Enter(Answer("warm-up"), At(1.1));
        var tally = RunTally.Of(_ledger);
        Assert.Equal(3, tally.Sent);
        Assert.Equal(0, tally.Answered);
        Assert.Equal(0, tally.StoreRate);
    }

    [Fact]
    public void A_request_without_an_answer_is_an_error()
    {
        Enter(Answer("first"), At(2.1));
        Assert.Equal(2, RunTally.Of(_ledger).Errors);
    }

    [Fact]
    public void The_run_is_complete_when_each_request_has_its_outcome()
    {
        foreach (var request in Requests)
        {
            Assert.False(_ledger.Complete.IsCompleted);
            Enter(Answer(request.EventId), At(5));
        }
        Assert.True(_ledger.Complete.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_second_answer_to_one_request_is_an_error_and_frees_no_place_in_the_window()
    {
        Assert.True(Enter(Answer("first"), At(2.1)));
        Assert.False(Enter(Answer("first"), At(2.2)));
        Assert.Equal(1, _ledger.Strays);
        Assert.Equal(3, RunTally.Of(_ledger).Errors);
    }

    [Fact]
    public void An_answer_to_nothing_that_was_asked_is_an_error()
    {
        Assert.False(Enter(Answer("somebody else's"), At(2.1)));
        Assert.Equal(1, _ledger.Strays);
    }

    [Fact]
    public void A_challenge_that_comes_in_between_answers_nothing_and_is_no_error()
    {
        Assert.False(Enter(new GatewayMessage { Challenge = new Challenge() }, At(2.1)));
        Assert.Equal(0, _ledger.Strays);
    }

    [Fact]
    public void Refusals_are_counted_by_reason_and_the_shed_and_the_wrong_by_themselves()
    {
        Enter(new GatewayMessage { Refusal = new Refusal { EventId = "first", Remedy = new Remedy { Reason = Reason.CardLost } } }, At(2.1));
        Enter(new GatewayMessage { Busy = new Busy { EventId = "second" } }, At(3.1));
        Enter(new GatewayMessage { Problem = new Problem { EventId = "third" } }, At(4.1));
        var tally = RunTally.Of(_ledger);
        Assert.Equal(new Dictionary<string, int> { ["CardLost"] = 1 }, tally.RefusedByReason);
        Assert.Equal(1, tally.Busy);
        Assert.Equal(1, tally.Errors);
        Assert.Equal(0, tally.Answered);
    }

    [Fact]
    public void Hit_rates_are_shares_of_what_the_records_say_of_where_the_finding_was()
    {
        foreach (var (eventId, source) in new[] { ("first", Source.Process), ("second", Source.Redis), ("third", Source.Redis) }) _ledger.EnterSource(eventId, source);
        var tally = RunTally.Of(_ledger);
        Assert.Equal(1.0 / 3, tally.ProcessHitRate, tolerance: 1e-9);
        Assert.Equal(2.0 / 3, tally.RedisHitRate, tolerance: 1e-9);
        Assert.Equal(0, tally.StoreRate);
    }

    [Fact]
    public void Proved_answers_and_those_in_doubt_are_counted_apart()
    {
        Enter(Answer("first", proved: true), At(2.1));
        Enter(new GatewayMessage { Answer = new Answer { EventId = "second", Validity = Validity.Unconfirmed } }, At(3.1));
        Enter(Answer("third"), At(4.1));
        var tally = RunTally.Of(_ledger);
        Assert.Equal((3, 1, 1), (tally.Answered, tally.Proved, tally.Unconfirmed));
        Assert.InRange(tally.ProvedMicroseconds.Max, 99_900, 100_100);
    }

    [Fact]
    public void A_refusal_is_no_proved_answer()
    {
        Enter(new GatewayMessage { Refusal = new Refusal { EventId = "first", Freshness = new Freshness { Proved = true } } }, At(2.1));
        Assert.Equal(0, RunTally.Of(_ledger).Proved);
    }

    [Fact]
    public void A_busy_reply_counts_from_the_intended_start_and_from_when_its_request_went_out()
    {
        _ledger.Write(1, At(2.2));
        Enter(new GatewayMessage { Busy = new Busy { EventId = "first" } }, At(2.24));
        var tally = RunTally.Of(_ledger);
        Assert.InRange(tally.BusyMicroseconds.P99, 239_800, 240_300);
        Assert.InRange(tally.BusySinceWrittenMicroseconds.P99, 39_900, 40_100);
        Assert.Equal(TimeSpan.FromSeconds(0.2), _ledger.MeasuredOutcomes.First().WrittenAfter);
    }

    [Fact]
    public void Requests_that_went_out_late_or_never_were_not_offered_at_their_time()
    {
        _ledger.Write(1, At(2.009));
        _ledger.Write(2, At(3.011));
        Assert.Equal(2, RunTally.Of(_ledger).SentLate);
    }

    private bool Enter(GatewayMessage message, long receivedAt) => _ledger.Enter(MessageGlance.Of(message.ToByteArray()), receivedAt);

    private static long At(double seconds) => (long)(seconds * Stopwatch.Frequency);

    private static GatewayMessage Answer(string eventId, bool proved = false) => new()
    {
        Answer = new Answer { EventId = eventId, Validity = Validity.Valid, Freshness = new Freshness { Proved = proved } },
    };
}
