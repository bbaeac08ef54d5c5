using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using EligibilityGateway.Contracts.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EligibilityGateway.ReaderAgent.Tests.Peer;

/// <summary>
/// The other end of the wire, over real mTLS and HTTP/2: each stream that a terminal opens is handed to the test, which plays the
/// gateway message by message, so that it can cut, drain, be late, repeat itself or refuse.
/// </summary>
internal sealed class PeerGateway : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly Channel<PeerStream> _streams;
    private readonly PeerBooks _books;

    private PeerGateway(WebApplication server, Channel<PeerStream> streams, PeerBooks books)
    {
        _server = server;
        _streams = streams;
        _books = books;
    }

    public Uri Address => new(_server.Urls.Single());

    /// <summary>Starts one; on a port that was in use before, where a gateway is to come back.</summary>
    public static async Task<PeerGateway> StartAsync(PeerPki pki, int port = 0)
    {
        var streams = Channel.CreateUnbounded<PeerStream>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(streams);
        var books = new PeerBooks();
        builder.Services.AddSingleton(books);
        // Streams that a test left open are cut at its end.
        builder.WebHost.UseShutdownTimeout(TimeSpan.Zero);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(new HttpsConnectionAdapterOptions
            {
                ServerCertificate = pki.IssueGateway(),
                ClientCertificateMode = ClientCertificateMode.RequireCertificate,
                ClientCertificateValidation = (certificate, _, _) => IsOurs(pki, certificate),
            });
        }));
        var server = builder.Build();
        server.MapGrpcService<Service>();
        server.MapGrpcService<PeerBooks>();
        await server.StartAsync();
        return new PeerGateway(server, streams, books);
    }

    /// <summary>No terminal has opened a stream up to now.</summary>
    public bool NobodyCame => !_streams.Reader.TryPeek(out _);

    /// <summary>The next report of a charge, or its taking back.</summary>
    public Task<Google.Protobuf.IMessage> NextChargeAsync() => _books.Reader.ReadAsync().Soon();

    /// <summary>The next stream that a terminal opens; its hello is read.</summary>
    public Task<PeerStream> NextStreamAsync() => _streams.Reader.ReadAsync().Soon();

    /// <summary>The next stream, welcomed.</summary>
    public async Task<PeerStream> WelcomeNextAsync()
    {
        var stream = await NextStreamAsync();
        await stream.WelcomeAsync();
        return stream;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    private static bool IsOurs(PeerPki pki, X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(pki.Authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    private sealed class Service(Channel<PeerStream> streams) : Terminals.TerminalsBase
    {
        public override async Task Connect(IAsyncStreamReader<TerminalMessage> requestStream, IServerStreamWriter<GatewayMessage> responseStream, ServerCallContext context)
        {
            if (!await requestStream.MoveNext()) return;
            var stream = new PeerStream(requestStream.Current.Hello, responseStream);
            await streams.Writer.WriteAsync(stream);
            await stream.ServeAsync(requestStream, context.CancellationToken);
        }
    }
}
