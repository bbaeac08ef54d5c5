using System.Diagnostics;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using EligibilityGateway.Contracts.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace EligibilityGateway.LoadTests.Drive;

/// <summary>
/// One terminal: a connection of its own with its own client certificate, and the stream on it. Messages are sent as bytes made
/// beforehand, so that the generator costs the machine little.
/// </summary>
public sealed class TerminalStream : IAsyncDisposable
{
    private static readonly Method<byte[], GatewayMessage> ConnectMethod = new(
        MethodType.DuplexStreaming,
        "eligibility.v1.Terminals",
        "Connect",
        Marshallers.Create(bytes => bytes, bytes => bytes),
        Marshallers.Create(
            (message, context) => throw new NotSupportedException("A terminal only reads gateway messages."),
            context => GatewayMessage.Parser.ParseFrom(context.PayloadAsReadOnlySequence())));

    /// <summary>More than a run ever lets wait on one stream; past it the run is lost anyway and says so.</summary>
    private const int MostWaiting = 10_000;

    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<byte[], GatewayMessage> _call;
    private readonly Channel<byte[]> _waiting = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly SemaphoreSlim _window;
    private Task _reading = Task.CompletedTask;
    private Task _writing = Task.CompletedTask;

    private TerminalStream(GrpcChannel channel, AsyncDuplexStreamingCall<byte[], GatewayMessage> call, int window)
    {
        _channel = channel;
        _call = call;
        _window = new SemaphoreSlim(window);
    }

    /// <summary>What the gateway said at the stream's opening.</summary>
    public Welcome Welcome { get; private set; } = new();

    /// <summary>Faulted where the stream broke.</summary>
    public Task Completion => Task.WhenAll(_reading, _writing);

    /// <summary>Opens the stream and waits for the welcome.</summary>
    /// <exception cref="RpcException">The gateway does not let the terminal in.</exception>
    public static async Task<TerminalStream> OpenAsync(Uri gateway, TerminalCredentials credentials, int window, CancellationToken cancellation)
    {
        var channel = GrpcChannel.ForAddress(gateway, new GrpcChannelOptions
        {
            DisposeHttpClient = true,
            HttpHandler = HandlerFor(credentials),
        });
        try
        {
            var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(ConnectMethod, null, new CallOptions(cancellationToken: cancellation));
            var stream = new TerminalStream(channel, call, window);
            await call.RequestStream.WriteAsync(new TerminalMessage { Hello = new Hello { Agent = "load test 1" } }.ToByteArray(), cancellation);
            if (!await call.ResponseStream.MoveNext(cancellation) || call.ResponseStream.Current.Welcome is not { } welcome)
                throw new RpcException(new Status(StatusCode.Internal, "The stream did not begin with a welcome."));
            stream.Welcome = welcome;
            return stream;
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    /// <summary>Shows the terminal's certificate and accepts the one server.</summary>
    public static SocketsHttpHandler HandlerFor(TerminalCredentials credentials) => new()
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            ClientCertificates = [credentials.Client],
            LocalCertificateSelectionCallback = (_, _, _, _, _) => credentials.Client,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => IsServer(certificate, credentials.Server),
        },
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Lets requests go out and enters what comes back.</summary>
    public void Begin(RunLedger ledger)
    {
        _reading = Task.Run(() => ReadAsync(ledger));
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Sends as soon as the window has a place. Never waits; false where far too many wait already.</summary>
    public bool Send(byte[] message) => _waiting.Writer.TryWrite(message);

    private async Task WriteAsync()
    {
        await foreach (var message in _waiting.Reader.ReadAllAsync())
        {
            await _window.WaitAsync();
            await _call.RequestStream.WriteAsync(message);
        }
        await _call.RequestStream.CompleteAsync();
    }

    private async Task ReadAsync(RunLedger ledger)
    {
        while (await _call.ResponseStream.MoveNext(CancellationToken.None))
            if (ledger.Enter(_call.ResponseStream.Current, Stopwatch.GetTimestamp())) _window.Release();
    }

    private static bool IsServer(X509Certificate? shown, X509Certificate2 server) =>
        shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(server.RawDataMemory.Span);

    /// <summary>Ends the stream at once; outcomes that have not come by now never will.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        _call.Dispose();
        // Whoever looked at Completion has seen why the stream ended; here it only has to have ended.
        await Completion.ContinueWith(_ => { }, TaskScheduler.Default).WaitAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _channel.Dispose();
        _window.Dispose();
    }
}

/// <summary>What a terminal shows, and the only server certificate that it accepts.</summary>
public sealed record TerminalCredentials(X509Certificate2 Client, X509Certificate2 Server);
