using System.Threading.Channels;
using EligibilityGateway.Contracts.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace EligibilityGateway.ReaderAgent.Tests.Peer;

/// <summary>One stream, in the test's hands.</summary>
internal sealed class PeerStream(Hello hello, IServerStreamWriter<GatewayMessage> writer)
{
    private readonly Channel<TerminalMessage> _messages = Channel.CreateUnbounded<TerminalMessage>();
    private readonly TaskCompletionSource<RpcException?> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Hello Hello { get; } = hello;

    public static byte[] ChallengeBytes { get; } = [.. Enumerable.Range(0, 40).Select(n => (byte)n)];

    /// <summary>The next message from the terminal.</summary>
    public Task<TerminalMessage> NextAsync() => _messages.Reader.ReadAsync().Soon();

    public async Task<LookUp> NextLookUpAsync() => (await NextAsync()).LookUp;

    /// <summary>True where the terminal has sent nothing more up to now.</summary>
    public bool NothingCame => !_messages.Reader.TryPeek(out _);

    /// <summary>The terminal ended its side, or the connection is gone.</summary>
    public Task TerminalLeft => _messages.Reader.Completion.Soon();

    /// <summary>Welcomes the terminal; of its time this gateway says nothing unless the test does.</summary>
    public Task WelcomeAsync(TimeSpan? challengeLives = null, DateTimeOffset? gatewayTime = null) => SendAsync(new GatewayMessage
    {
        Welcome = new Welcome
        {
            InstitutionCode = PeerPki.Reception.Institution.ToString(),
            TerminalName = PeerPki.Reception.Name,
            Challenge = new Challenge { Value = ByteString.CopyFrom(ChallengeBytes), LivesFor = Duration.FromTimeSpan(challengeLives ?? TimeSpan.FromMinutes(2)) },
            GatewayTime = gatewayTime?.ToString("O") ?? "",
        },
    });

    public Task AnswerAsync(string eventId, string name = "試験　花子") => SendAsync(new GatewayMessage
    {
        Answer = new Answer { EventId = eventId, ServiceDate = "2026-10-15", Validity = Validity.Valid, Person = new Person { Name = name } },
    });

    public Task BusyAsync(string eventId, TimeSpan retryAfter) =>
        SendAsync(new GatewayMessage { Busy = new Busy { EventId = eventId, RetryAfter = Duration.FromTimeSpan(retryAfter) } });

    public Task DrainAsync(TimeSpan reconnectWithin) =>
        SendAsync(new GatewayMessage { Drain = new Drain { ReconnectWithin = Duration.FromTimeSpan(reconnectWithin) } });

    public Task SendAsync(GatewayMessage message) => writer.WriteAsync(message).Soon();

    /// <summary>Ends the stream with this status.</summary>
    public void End(StatusCode status = StatusCode.Unavailable) =>
        _end.TrySetResult(status is StatusCode.OK ? null : new RpcException(new Status(status, "as the test says")));

    /// <summary>Ends the stream with this status and its details.</summary>
    public void End(Google.Rpc.Status status) => _end.TrySetResult(status.ToRpcException());

    internal async Task ServeAsync(IAsyncStreamReader<TerminalMessage> reader, CancellationToken gone)
    {
        var reading = ReadAsync(reader);
        // The test decides when the stream ends, or the terminal by leaving.
        await Task.WhenAny(reading, _end.Task.WaitAsync(gone));
        if (_end.Task is { IsCompletedSuccessfully: true, Result: { } fault }) throw fault;
    }

    private async Task ReadAsync(IAsyncStreamReader<TerminalMessage> reader)
    {
        try
        {
            while (await reader.MoveNext()) _messages.Writer.TryWrite(reader.Current.Clone());
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or RpcException or InvalidOperationException)
        {
            // Cut: what a test provokes.
        }
        _messages.Writer.TryComplete();
    }
}
