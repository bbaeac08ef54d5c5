using System.Diagnostics;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.LoadTests.Wire;
using Google.Protobuf;
using Grpc.Core;

namespace EligibilityGateway.LoadTests.Drive;

/// <summary>
/// One terminal: a connection of its own with its own client certificate, and the stream on it. Messages are sent as bytes made
/// beforehand and hardly looked at when they come, so that the generator costs the machine little.
/// </summary>
public sealed class TerminalStream : IAsyncDisposable
{
    private const string Connect = "/eligibility.v1.Terminals/Connect";

    /// <summary>More than a run ever lets wait on one stream; past it the run is lost anyway and says so.</summary>
    private const int MostWaiting = 10_000;

    private static readonly byte[] Hello = new TerminalMessage { Hello = new Hello { Agent = "load test 1" } }.ToByteArray();

    private readonly GrpcStream _stream;
    private readonly Queue<(int Request, byte[] Message)> _waiting = new();
    private readonly Lock _gate = new();
    private Task _reading = Task.CompletedTask;
    private volatile RunLedger? _ledger;
    private int _freePlaces;
    private bool _writing;

    private TerminalStream(GrpcStream stream, int window)
    {
        _stream = stream;
        _freePlaces = window;
    }

    /// <summary>Faulted where the stream broke.</summary>
    public Task Completion => _reading;

    /// <summary>Opens the stream and waits for the welcome.</summary>
    /// <exception cref="RpcException">The gateway does not let the terminal in.</exception>
    public static async Task<TerminalStream> OpenAsync(Uri gateway, TerminalCredentials credentials, int window, CancellationToken cancellation)
    {
        var terminal = new TerminalStream(await WelcomedAsync(gateway, credentials, cancellation), window);
        // From now on, also while nobody asks: the gateway looks by pings whether its terminals are there.
        terminal._reading = Task.Run(terminal.ReadAllAsync, CancellationToken.None);
        return terminal;
    }

    /// <summary>The stream alone, once it is welcomed.</summary>
    /// <exception cref="RpcException">The gateway does not let the terminal in.</exception>
    internal static async Task<GrpcStream> WelcomedAsync(Uri gateway, TerminalCredentials credentials, CancellationToken cancellation)
    {
        var stream = await GrpcStream.OpenAsync(gateway, Connect, credentials.TlsTo(gateway), cancellation);
        try
        {
            await stream.WriteAsync(Hello);
            if (!await stream.ReadAsync(cancellation) || GatewayMessage.Parser.ParseFrom(stream.Message).Welcome is null)
                throw new RpcException(new Status(StatusCode.Internal, "The stream did not begin with a welcome."));
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>From now on what comes is entered there.</summary>
    public void Begin(RunLedger ledger) => _ledger = ledger;

    /// <summary>
    /// Sends a request of the ledger as soon as the window has a place; where it has one, and the socket too, the bytes are on their way when this
    /// returns. Never waits; false where far too many wait already.
    /// </summary>
    /// <param name="request">Its place in the ledger.</param>
    /// <param name="message">A serialised TerminalMessage.</param>
    public bool Send(int request, byte[] message)
    {
        lock (_gate)
        {
            if (_waiting.Count >= MostWaiting) return false;
            if (_waiting.Count >= _freePlaces) _ledger!.HoldBack(request);
            _waiting.Enqueue((request, message));
        }
        WriteWaiting();
        return true;
    }

    private void WriteWaiting()
    {
        if (TryBeginWriting()) _ = WriteWaitingAsync();
    }

    private bool TryBeginWriting()
    {
        lock (_gate)
        {
            if (_writing || _freePlaces == 0 || _waiting.Count == 0) return false;
            return _writing = true;
        }
    }

    private async Task WriteWaitingAsync()
    {
        try
        {
            while (TryTakeWaiting(out var next))
            {
                _ledger!.Write(next.Request, Stopwatch.GetTimestamp());
                await _stream.WriteAsync(next.Message);
            }
        }
        catch (RpcException)
        {
            // The reader hears why the stream broke; it ends there for both.
        }
    }

    private bool TryTakeWaiting(out (int Request, byte[] Message) next)
    {
        lock (_gate)
        {
            if (_freePlaces > 0 && _waiting.TryDequeue(out next))
            {
                _freePlaces--;
                return true;
            }
            next = default;
            return _writing = false;
        }
    }

    private async Task ReadAllAsync()
    {
        while (await _stream.ReadAsync(CancellationToken.None))
            if (Enter()) WriteWaiting();
    }

    private bool Enter()
    {
        var receivedAt = Stopwatch.GetTimestamp();
        if (_ledger?.Enter(MessageGlance.Of(_stream.Message), receivedAt) is not true) return false;
        lock (_gate) _freePlaces++;
        return true;
    }

    /// <summary>Ends the stream at once; outcomes that have not come by now never will.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        // Whoever looked at Completion has seen why the stream ended; here it only has to have ended.
        await _reading.WaitAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
