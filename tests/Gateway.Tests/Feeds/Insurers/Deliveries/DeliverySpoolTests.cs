using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Feeds.Insurers.Deliveries;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;

namespace EligibilityGateway.Gateway.Tests.Feeds.Insurers.Deliveries;

public sealed class DeliverySpoolTests
{
    [Fact]
    public async Task Who_sends_nothing_for_a_minute_is_not_waited_for_and_leaves_nothing()
    {
        var folder = Directory.CreateDirectory(TestFolder.NewPath());
        try
        {
            var clock = new FakeTimeProvider();
            var received = DeliverySpool.ReceiveAsync(folder.FullName, 1, new Silent(), clock, TestContext.Current.CancellationToken);
            Assert.Empty(folder.EnumerateFileSystemInfos());
            clock.Advance(DeliveryBounds.PieceWithin - TimeSpan.FromSeconds(1));
            Assert.False(received.IsCompleted);
            clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(StatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<RpcException>(() => received)).StatusCode);
            Assert.Empty(folder.EnumerateFileSystemInfos());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A stream on which nothing comes, nor its end.</summary>
    private sealed class Silent : IAsyncStreamReader<FeedChunk>
    {
        public FeedChunk Current => throw new InvalidOperationException("Nothing came.");

        public Task<bool> MoveNext(CancellationToken cancellationToken) => new TaskCompletionSource<bool>().Task;
    }
}
