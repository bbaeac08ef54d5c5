using System.Security.Cryptography.X509Certificates;
using System.Text;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace EligibilityGateway.Gateway.Tests.Feeds.Insurers.Deliveries;

/// <summary>An insurer's client in a test: its connection over real mutual TLS, and what it hands in.</summary>
internal sealed class InsurerDesk : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly GrpcChannel _channel;

    public InsurerDesk(Uri endpoint, X509Certificate2 certificate)
    {
        _channel = GrpcChannel.ForAddress(endpoint, new GrpcChannelOptions { HttpHandler = TestDesk.HandlerFor(certificate), DisposeHttpClient = true, MaxSendMessageSize = null });
        Feed = new InsurerFeed.InsurerFeedClient(_channel);
    }

    public InsurerFeed.InsurerFeedClient Feed { get; }

    public static string NewDelivery() => EventId.New(TimeProvider.System).ToString();

    public static DeliveryHeader Header(string? id = null, params string[] insurers)
    {
        var header = new DeliveryHeader { DeliveryId = id ?? NewDelivery() };
        foreach (var insurer in insurers) header.Insurers.Add(new DeclaredInsurer { Number = insurer });
        return header;
    }

    public AsyncClientStreamingCall<FeedChunk, DeliveryReceipt> Begin() => Feed.Deliver(deadline: DateTime.UtcNow + Deadline);

    public Task<DeliveryReceipt> DeliverAsync(DeliveryHeader header, string content, int pieceBytes = 1000) => DeliverAsync(header, Encoding.UTF8.GetBytes(content), pieceBytes);

    /// <summary>Hands in the whole of it, in pieces.</summary>
    public async Task<DeliveryReceipt> DeliverAsync(DeliveryHeader header, byte[] content, int pieceBytes)
    {
        using var call = Begin();
        try
        {
            await call.RequestStream.WriteAsync(new FeedChunk { Header = header });
            foreach (var piece in content.Chunk(pieceBytes)) await call.RequestStream.WriteAsync(new FeedChunk { Content = ByteString.CopyFrom(piece) });
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or IOException)
        {
            // The call was refused before all was sent: its answer says why.
        }
        return await call.ResponseAsync;
    }

    /// <summary>The status in which handing it in ends.</summary>
    public async Task<Status> RefusedAsync(DeliveryHeader header, string content, int pieceBytes = 1000) =>
        (await Assert.ThrowsAsync<RpcException>(() => DeliverAsync(header, content, pieceBytes))).Status;

    /// <summary>All receipts until it is applied or held.</summary>
    public async Task<IReadOnlyList<DeliveryReceipt>> WatchAsync(string delivery)
    {
        var receipts = new List<DeliveryReceipt>();
        using var call = Feed.WatchDelivery(new DeliveryName { DeliveryId = delivery }, deadline: DateTime.UtcNow + Deadline);
        await foreach (var receipt in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken)) receipts.Add(receipt);
        return receipts;
    }

    public async Task<DeliveryReceipt> AppliedAsync(string delivery)
    {
        var last = (await WatchAsync(delivery))[^1];
        Assert.Equal(DeliveryState.Applied, last.State);
        return last;
    }

    public void Dispose() => _channel.Dispose();
}
