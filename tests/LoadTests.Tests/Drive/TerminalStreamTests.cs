using System.Diagnostics;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.LoadTests.Drive;
using EligibilityGateway.LoadTests.Wire;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;

namespace EligibilityGateway.LoadTests.Tests.Drive;

/// <summary>Terminals against Kestrel, the gateway's own kind of server, over real TLS.</summary>
public sealed class TerminalStreamTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly LoopbackPki _pki = new();
    private WebApplication? _server;

    public TerminalStreamTests() => _limit.CancelAfter(Deadline);

    private CancellationToken Cancellation => _limit.Token;

    [Fact]
    public async Task Answers_are_entered_with_what_they_say_and_when_their_request_went_out()
    {
        await using var terminal = await TerminalStream.OpenAsync(await ServeAsync<EchoingTerminals>(), _pki.Terminal, window: 4, Cancellation);
        var begin = Stopwatch.GetTimestamp();
        var ledger = await RunAsync(terminal, [Request("one"), Request("two"), Request("three")]);
        var end = Stopwatch.GetElapsedTime(begin);
        Assert.All(ledger.MeasuredOutcomes, outcome =>
        {
            Assert.Equal((OutcomeKind.Answered, Validity.Valid, true), (outcome.Kind, outcome.Validity, outcome.Proved));
            Assert.InRange(outcome.WrittenAfter!.Value, TimeSpan.Zero, end);
            Assert.InRange(outcome.SinceWritten, TimeSpan.Zero, outcome.Latency);
        });
    }

    [Fact]
    public async Task More_than_any_window_of_the_connection_goes_through_both_ways()
    {
        const int smallest = 65_535;
        var server = await ServeAsync<EchoingTerminals>(limits => (limits.InitialConnectionWindowSize, limits.InitialStreamWindowSize) = (smallest, smallest));
        await using var terminal = await TerminalStream.OpenAsync(server, _pki.Terminal, window: 100, Cancellation);
        var ledger = await RunAsync(terminal, [.. Enumerable.Range(0, 400).Select(n => Request($"event-{n}", number: new string('7', 5_000 + n)))]);
        Assert.Equal(400, RunTally.Of(ledger).Answered);
    }

    [Fact]
    public async Task An_answer_of_many_frames_is_one_answer()
    {
        var server = await ServeAsync<EchoingTerminals>();
        await using var stream = await GrpcStream.OpenAsync(server, "/eligibility.v1.Terminals/Connect", _pki.Terminal.TlsTo(server), Cancellation);
        await stream.WriteAsync(new TerminalMessage { LookUp = new LookUp { EventId = EchoingTerminals.Long } }.ToByteArray());
        Assert.True(await stream.ReadAsync(Cancellation));
        Assert.Equal(EchoingTerminals.LongAddress, GatewayMessage.Parser.ParseFrom(stream.Message).Answer.Person.Address);
    }

    [Fact]
    public async Task A_terminal_that_is_not_let_in_hears_why()
    {
        var server = await ServeAsync<RefusingTerminals>();
        var refused = await Assert.ThrowsAsync<RpcException>(() => TerminalStream.OpenAsync(server, _pki.Terminal, window: 1, Cancellation));
        Assert.Equal((StatusCode.PermissionDenied, RefusingTerminals.Why), (refused.StatusCode, refused.Status.Detail));
    }

    [Fact]
    public async Task A_server_that_goes_away_breaks_the_stream()
    {
        await using var terminal = await TerminalStream.OpenAsync(await ServeAsync<EchoingTerminals>(), _pki.Terminal, window: 1, Cancellation);
        await _server!.DisposeAsync();
        await Assert.ThrowsAsync<RpcException>(() => terminal.Completion.WaitAsync(Cancellation));
    }

    private static PlannedRequest Request(string eventId, string number = "1") =>
        new(TimeSpan.Zero, 0, eventId, new TerminalMessage { LookUp = new LookUp { EventId = eventId, Document = new DocumentTyped { Number = number } } }.ToByteArray(), Measured: true);

    private async Task<RunLedger> RunAsync(TerminalStream terminal, PlannedRequest[] requests)
    {
        var ledger = await new OpenLoop([terminal]).RunAsync(requests, Stopwatch.GetTimestamp(), () => { }, Cancellation);
        Assert.Equal(0, RunTally.Of(ledger).Errors);
        return ledger;
    }

    private async Task<Uri> ServeAsync<TService>(Action<Microsoft.AspNetCore.Server.Kestrel.Core.Http2Limits>? limit = null)
        where TService : class
    {
        _server = GrpcServer.Of<TService>(_pki.Server, limit);
        await _server.StartAsync(Cancellation);
        return new Uri(_server.Urls.First());
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _pki.Dispose();
        _limit.Dispose();
    }
}
