using EligibilityGateway.Contracts.V1;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace EligibilityGateway.Gateway.Terminals.Streams;

/// <summary>
/// The sending side of one terminal's stream: messages go one after another, whoever sends them, and what is under way is counted.
/// </summary>
internal sealed class TerminalStream(Terminal terminal, IServerStreamWriter<GatewayMessage> to) : IDisposable
{
    /// <summary>It leaves with the next one.</summary>
    private static readonly WriteOptions Buffered = new(WriteFlags.BufferHint);

    private readonly CancellationTokenSource _shutOut = new();
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private Task _lastSend = Task.CompletedTask;
    private TaskCompletionSource? _allDone;
    private int _underWay;

    public Terminal Terminal => terminal;

    /// <summary>Why the terminal was shut out; null while it was not.</summary>
    public Status? WhyShutOut { get; private set; }

    /// <summary>Cancelled where the terminal may no longer ask: nothing more is read or waited for.</summary>
    public CancellationToken WasShutOut => _shutOut.Token;

    /// <summary>Completes when the stream is served no more.</summary>
    public Task Left => _left.Task;

    public void Leave() => _left.TrySetResult();

    /// <param name="why">The last that it hears.</param>
    public void ShutOut(Status why)
    {
        WhyShutOut = why;
        try
        {
            _shutOut.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The stream has ended by itself.
        }
    }

    public void Begin()
    {
        lock (_lock) _underWay++;
    }

    public void End()
    {
        lock (_lock)
        {
            if (--_underWay == 0) _allDone?.TrySetResult();
        }
    }

    /// <summary>Completes once nothing is under way.</summary>
    public Task AllDoneAsync()
    {
        lock (_lock)
        {
            if (_underWay == 0) return _lastSend;
            return (_allDone ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Sends after what was sent before; a cut line is no fault of the message.</summary>
    public Task SendAsync(GatewayMessage message)
    {
        lock (_lock)
        {
            return _lastSend = _lastSend.IsCompleted ? WriteAsync(message, null) : WriteAfterAsync(_lastSend, message, null);
        }
    }

    /// <summary>The same for several, with one write to the line.</summary>
    public Task SendAllAsync(IReadOnlyList<GatewayMessage> messages)
    {
        lock (_lock)
        {
            for (var i = 0; i < messages.Count; i++)
            {
                var message = messages[i];
                var options = i < messages.Count - 1 ? Buffered : null;
                _lastSend = _lastSend.IsCompleted ? WriteAsync(message, options) : WriteAfterAsync(_lastSend, message, options);
            }
            return _lastSend;
        }
    }

    public void Dispose() => _shutOut.Dispose();

    private async Task WriteAfterAsync(Task before, GatewayMessage message, WriteOptions? options)
    {
        await before;
        await WriteAsync(message, options);
    }

    private async Task WriteAsync(GatewayMessage message, WriteOptions? options)
    {
        try
        {
            to.WriteOptions = options;
            await to.WriteAsync(message);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or OperationCanceledException or RpcException)
        {
            // The stream has ended; the terminal asks again on its next one.
        }
    }
}
