using System.Diagnostics;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.LoadTests.Drive;
using Google.Protobuf;

namespace EligibilityGateway.LoadTests.Tests.Drive;

/// <summary>
/// Coordinated omission: a generator that waits for an answer before it sends the next request, and counts from that sending, sees a
/// stall once. This one must see it in each request that was meant to go out meanwhile. Real gRPC over real TLS; only lower bounds, so
/// that a slow machine changes nothing.
/// </summary>
public sealed class OpenLoopTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan StallEnds = TimeSpan.FromMilliseconds(1000);
    private const int Requests = 50;

    [Fact]
    public async Task A_stall_is_in_the_latency_of_every_request_that_was_meant_to_start_in_it()
    {
        using var limit = new CancellationTokenSource(Deadline);
        using var pki = new LoopbackPki();
        await using var application = GrpcServer.Of<StallingTerminals>(pki.Server);
        await application.StartAsync(limit.Token);
        // A window of one: while the first request stalls, none of the others is even sent.
        await using var fleet = await TerminalFleet.OpenAsync(new Uri(application.Urls.First()), [pki.Terminal, pki.Terminal], window: 1, Deadline, limit.Token);

        PlannedRequest[] stalled =
        [
            .. Enumerable.Range(0, Requests).Select(n => Request(n * Every, 0, n == 0 ? StallingTerminals.Stalls : $"event-{n}", measured: true)),
        ];
        var ledger = await new OpenLoop(fleet.Streams).RunAsync(
            [.. stalled, Request(StallEnds, 1, StallingTerminals.Releases, measured: false)], Stopwatch.GetTimestamp(), () => { }, limit.Token);

        var tally = RunTally.Of(ledger);
        Assert.Equal((Requests, 0), (tally.Answered, tally.Errors));
        Assert.Equal(Requests - 1, tally.HeldBack);
        Assert.InRange(tally.SentLate, Requests - 1, Requests);
        Assert.All(ledger.MeasuredOutcomes.Zip(stalled), of => Assert.True(of.First.Latency >= StallEnds - of.Second.At, $"{of.Second.EventId}: {of.First.Latency}"));
        // The histogram has three digits.
        Assert.True(tally.LatencyMicroseconds.P99 >= 0.999 * StallEnds.TotalMicroseconds, $"p99 {tally.LatencyMicroseconds.P99} us");
        Assert.True(tally.LatencyMicroseconds.P50 >= 0.999 * (StallEnds - (Requests / 2 * Every)).TotalMicroseconds, $"p50 {tally.LatencyMicroseconds.P50} us");
    }

    private static PlannedRequest Request(TimeSpan at, int terminal, string eventId, bool measured) =>
        new(at, terminal, eventId, new TerminalMessage { LookUp = new LookUp { EventId = eventId } }.ToByteArray(), measured);
}
