using System.Threading.Channels;
using EligibilityGateway.Contracts.V1;
using Grpc.Core;

namespace EligibilityGateway.ReaderAgent.Link;

/// <summary>
/// One stream to one gateway, from the hello to its end. It never throws for what a network does: it ends, and says with which status.
/// </summary>
internal sealed class TerminalStream : IAsyncDisposable
{
    // What a gateway gets to end its side after ours was ended.
    private static readonly TimeSpan FarewellDeadline = TimeSpan.FromSeconds(1);

    private readonly LinkSettings _settings;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _abort;
    private readonly AsyncDuplexStreamingCall<TerminalMessage, GatewayMessage> _call;
    private readonly Channel<TerminalMessage> _outgoing;
    private Task _writing = Task.CompletedTask;
    private long _heardAt;

    public TerminalStream(Terminals.TerminalsClient client, LinkSettings settings, TimeProvider clock)
    {
        _settings = settings;
        _clock = clock;
        _abort = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        // Each waiting event once, each once more after its deadline, and some challenge requests.
        _outgoing = Channel.CreateBounded<TerminalMessage>(new BoundedChannelOptions(2 * settings.MostWaiting + 16) { SingleReader = true });
        _call = client.Connect(cancellationToken: _abort.Token);
    }

    /// <summary>What the call ended with; <see cref="StatusCode.OK"/> while it lives.</summary>
    public StatusCode Status { get; private set; }

    /// <summary>What the gateway said when it ended the call; null where it said nothing.</summary>
    public Google.Rpc.Status? Said { get; private set; }

    /// <summary>What the gateway said of a message that it could not read, or not at that length; null where the stream ended for another reason.</summary>
    public Google.Rpc.Status? Unread => Status is StatusCode.InvalidArgument or StatusCode.ResourceExhausted ? Said : null;

    /// <summary>Since when the gateway has said nothing.</summary>
    public TimeSpan SilentFor => _clock.GetElapsedTime(Volatile.Read(ref _heardAt));

    /// <summary>Says hello and returns the welcome; null where none came in time.</summary>
    public async Task<Welcome?> OpenAsync(Hello hello, CancellationToken closing)
    {
        using var deadline = new CancellationTokenSource(_settings.WelcomeDeadline, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, closing);
        await using var aborting = either.Token.Register(Abort);
        await SayAsync(hello);
        if (await MoveNextAsync() && _call.ResponseStream.Current.Welcome is { } welcome)
        {
            Volatile.Write(ref _heardAt, _clock.GetTimestamp());
            _writing = WriteAsync();
            return welcome;
        }
        if (Status is StatusCode.OK) Status = StatusCode.FailedPrecondition;
        return null;
    }

    /// <summary>Hands a message to the writer; where that is stuck, the stream is given up.</summary>
    public void Send(TerminalMessage message)
    {
        if (!_outgoing.Writer.TryWrite(message)) Abort();
    }

    /// <summary>What the gateway says, until the stream ends for whatever reason.</summary>
    public async IAsyncEnumerable<GatewayMessage> ReadAsync()
    {
        while (await MoveNextAsync())
        {
            Volatile.Write(ref _heardAt, _clock.GetTimestamp());
            yield return _call.ResponseStream.Current;
        }
    }

    /// <summary>Ends our side in good order; the gateway answers by ending its own.</summary>
    public void HalfClose()
    {
        if (_outgoing.Writer.TryComplete()) _abort.CancelAfter(FarewellDeadline);
    }

    /// <summary>Cuts the stream.</summary>
    public void Abort()
    {
        _outgoing.Writer.TryComplete();
        // Callers hold locks: what hangs on the token runs elsewhere.
        try
        {
            _ = _abort.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The stream has ended meanwhile.
        }
    }

    public async ValueTask DisposeAsync()
    {
        Abort();
        await _writing;
        _call.Dispose();
        _abort.Dispose();
    }

    private async Task SayAsync(Hello hello)
    {
        try
        {
            await _call.RequestStream.WriteAsync(new TerminalMessage { Hello = hello }, _abort.Token);
        }
        catch (Exception e) when (EndOf(e) is not null)
        {
            // A refused call fails here first; only its reading side knows why.
        }
    }

    private async Task<bool> MoveNextAsync()
    {
        try
        {
            return await _call.ResponseStream.MoveNext(_abort.Token);
        }
        catch (Exception e) when (EndOf(e) is { } status)
        {
            Status = status;
            Said = (e as RpcException)?.GetRpcStatus();
            return false;
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var message in _outgoing.Reader.ReadAllAsync(_abort.Token))
                await _call.RequestStream.WriteAsync(message, _abort.Token).WaitAsync(_settings.WriteDeadline, _clock);
            await _call.RequestStream.CompleteAsync().WaitAsync(_settings.WriteDeadline, _clock);
        }
        catch (TimeoutException)
        {
            Abort();
        }
        catch (Exception e) when (EndOf(e) is not null)
        {
            // The reading side sees the same end, and says what it was, if it is not cut off before.
            _abort.CancelAfter(FarewellDeadline);
        }
    }

    // What a network may do at any moment; anything else is a fault of ours and is thrown on.
    private static StatusCode? EndOf(Exception e) => e switch
    {
        RpcException rpc => rpc.StatusCode,
        OperationCanceledException => StatusCode.Cancelled,
        InvalidOperationException or IOException or ObjectDisposedException => StatusCode.Unknown,
        _ => null,
    };
}
