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
        Enter(Answer("first", Source.Redis), At(2.5));
        Assert.Equal(TimeSpan.FromSeconds(0.5), _ledger.MeasuredOutcomes.First().Latency);
    }

    [Fact]
    public void Requests_of_the_warm_up_are_not_in_the_tally()
    {
        Enter(Answer("warm-up", Source.Store), At(1.1));
        var tally = RunTally.Of(_ledger);
        Assert.Equal(3, tally.Sent);
        Assert.Equal(0, tally.Answered);
        Assert.Equal(0, tally.StoreRate);
    }

    [Fact]
    public void A_request_without_an_answer_is_an_error()
    {
        Enter(Answer("first", Source.Redis), At(2.1));
        Assert.Equal(2, RunTally.Of(_ledger).Errors);
    }

    [Fact]
    public void The_run_is_complete_when_each_request_has_its_outcome()
    {
        foreach (var request in Requests)
        {
            Assert.False(_ledger.Complete.IsCompleted);
            Enter(Answer(request.EventId, Source.Redis), At(5));
        }
        Assert.True(_ledger.Complete.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_second_answer_to_one_request_is_an_error_and_frees_no_place_in_the_window()
    {
        Assert.True(Enter(Answer("first", Source.Redis), At(2.1)));
        Assert.False(Enter(Answer("first", Source.Process), At(2.2)));
        Assert.Equal(1, _ledger.Strays);
        Assert.Equal(3, RunTally.Of(_ledger).Errors);
    }

    [Fact]
    public void An_answer_to_nothing_that_was_asked_is_an_error()
    {
        Assert.False(Enter(Answer("somebody else's", Source.Redis), At(2.1)));
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
    public void Hit_rates_are_shares_of_what_says_where_the_finding_was()
    {
        Enter(Answer("first", Source.Process), At(2.1));
        Enter(Answer("second", Source.Redis), At(3.1));
        Enter(Answer("third", Source.Redis), At(4.1));
        var tally = RunTally.Of(_ledger);
        Assert.Equal(1.0 / 3, tally.ProcessHitRate, tolerance: 1e-9);
        Assert.Equal(2.0 / 3, tally.RedisHitRate, tolerance: 1e-9);
        Assert.Equal(0, tally.StoreRate);
    }

    private bool Enter(GatewayMessage message, long receivedAt) => _ledger.Enter(MessageGlance.Of(message.ToByteArray()), receivedAt);

    private static long At(double seconds) => (long)(seconds * Stopwatch.Frequency);

    private static GatewayMessage Answer(string eventId, Source source) => new()
    {
        Answer = new Answer { EventId = eventId, Validity = Validity.Valid, Freshness = new Freshness { Source = source } },
    };
}
