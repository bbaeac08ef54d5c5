using Dapper;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Feeds.Insurers.Deliveries;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Tests.Silence;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using static EligibilityGateway.Gateway.Tests.Feeds.Insurers.Batches.FeedFile;

namespace EligibilityGateway.Gateway.Tests.Feeds.Insurers.Deliveries;

/// <summary>What an insurer's client sends that can't be read: its call ends with what is wrong, and nothing of a delivery stays.</summary>
public sealed class UnreadableDeliveryTests(TestStores stores) : IAsyncLifetime
{
    private const string Deliver = "eligibility.v1.InsurerFeed/Deliver";

    private readonly CapturedLog _log = new();
    private InsurerTown _town = null!;
    private GatewayHost _gateway = null!;
    private InsurerDesk _desk = null!;
    private RawGrpc _raw = null!;

    private static string Own => TestTown.Union.ToString();

    public async ValueTask InitializeAsync()
    {
        _town = await InsurerTown.OpenAsync(stores);
        _gateway = await GatewayHost.StartAsync(_town.Settings(), CancellationToken.None, logging => logging.AddProvider(_log).AddFilter<CapturedLog>(null, LogLevel.Trace));
        var certificate = await _town.AdmitAsync(TestTown.Union);
        _desk = new InsurerDesk(_gateway.InsurerFeedAddress!, certificate);
        _raw = new RawGrpc(_gateway.InsurerFeedAddress!, certificate);
    }

    public async ValueTask DisposeAsync()
    {
        _raw.Dispose();
        _desk.Dispose();
        await _gateway.DisposeAsync();
        await _town.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    public async Task A_delivery_ends_with_what_is_wrong_with_a_message_and_leaves_nothing()
    {
        var complaints = new List<string?>();
        foreach (var message in BrokenChunks())
        {
            complaints.Add(message.Complaint("first", await _raw.CallAsync(Deliver, message.Frame, message.Encoding)));
            byte[] begun = [.. Frame(new FeedChunk { Header = InsurerDesk.Header(null, Own) }), .. Frame(new FeedChunk { Content = ByteString.CopyFromUtf8(Of(Person(1, 7), Insert(2, 7, 70))) })];
            complaints.Add(message.Complaint("later", await _raw.CallAsync(Deliver, [.. begun, .. message.Frame], message.Encoding)));
            Assert.Empty(Directory.EnumerateFileSystemEntries(_town.Settings().InsurerFeed!.Spool));
        }
        Assert.True(complaints.TrueForAll(complaint => complaint is null), string.Join('\n', complaints.OfType<string>()));
        Assert.Equal(0, await _town.CountAsync("insurer_batch"));
        AssertSilent();
        // The insurer's place was given back each time.
        Assert.Equal(DeliveryState.Accepted, (await _desk.DeliverAsync(InsurerDesk.Header(null, Own), Of(Person(1, 7), Insert(2, 7, 70)))).State);
    }

    [Fact]
    public async Task A_line_that_is_cut_within_a_message_is_no_fault_of_anybodys()
    {
        using var cut = new CancellationTokenSource();
        var call = BeginAsync();
        while (!await IsRefusedAsync())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            // It came while the one that asks whether it has come was under way itself.
            if (call.IsCompleted) call = BeginAsync();
        }
        await cut.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        while (await IsRefusedAsync()) TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        AssertSilent();

        Task<RawEnd> BeginAsync() => _raw.CallAsync(Deliver, [.. Frame(new FeedChunk { Header = InsurerDesk.Header(null, Own) }), 0, 0, 0], open: true, cut: cut.Token);

        async Task<bool> IsRefusedAsync()
        {
            try
            {
                Assert.Equal(DeliveryState.Rejected, (await _desk.DeliverAsync(InsurerDesk.Header(null, Own), "x")).State);
                return false;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted)
            {
                return true;
            }
        }
    }

    [Theory]
    [InlineData("eligibility.v1.InsurerFeed/GetDelivery")]
    [InlineData("eligibility.v1.InsurerFeed/WatchDelivery")]
    public async Task A_call_of_one_message_ends_with_what_is_wrong_with_it(string method)
    {
        foreach (var message in BrokenMessages.For("eligibility.v1.DeliveryName", DeliveryBounds.MostMessageBytes, BrokenMessages.First).Concat(BrokenMessages.Alone()))
            Assert.Null(message.Complaint(method, await _raw.CallAsync(method, message.Frame, message.Encoding)));
        AssertSilent();
    }

    [Fact]
    public async Task What_the_gateway_itself_can_not_read_is_its_own_fault_and_is_logged_without_its_data()
    {
        var header = InsurerDesk.Header(null, Own);
        await _desk.DeliverAsync(header, Of(Person(1, 7), Insert(2, 7, 70)));
        await _desk.AppliedAsync(header.DeliveryId);
        await using (var owner = await _town.Town.Database.OpenAsSuperuserAsync())
            await owner.ExecuteAsync(@"UPDATE eligibility.insurer_delivery SET receipt = '\x0A048E8E8CB1'");
        var name = new DeliveryName { DeliveryId = header.DeliveryId };
        Assert.Equal(StatusCode.Unknown, (await Assert.ThrowsAsync<RpcException>(async () => await _desk.Feed.GetDeliveryAsync(name))).StatusCode);
        using var watched = _desk.Feed.WatchDelivery(name);
        Assert.Equal(StatusCode.Unknown, (await Assert.ThrowsAsync<RpcException>(() => watched.ResponseStream.MoveNext(TestContext.Current.CancellationToken))).StatusCode);
        Assert.Contains("Error EligibilityGateway.Gateway.Calls.CallEnds: A call of /eligibility.v1.InsurerFeed/GetDelivery failed with InvalidProtocolBufferException in ", _log.Text, StringComparison.Ordinal);
        Assert.Contains("/eligibility.v1.InsurerFeed/WatchDelivery failed with InvalidProtocolBufferException in ", _log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("bytes [", _log.Text, StringComparison.Ordinal);
    }

    // The text is the header's delivery_id.
    private static IEnumerable<BrokenMessage> BrokenChunks() =>
        BrokenMessages.For("eligibility.v1.FeedChunk", DeliveryBounds.MostMessageBytes, text => BrokenMessages.First(BrokenMessages.First(text)));

    private static byte[] Frame(FeedChunk chunk) => RawGrpc.Frame(chunk.ToByteArray());

    private void AssertSilent()
    {
        var log = _log.Text;
        Assert.DoesNotContain(log.Split('\n'), line => line.StartsWith("Error ", StringComparison.Ordinal) || line.StartsWith("Critical ", StringComparison.Ordinal) || line.StartsWith("Warning ", StringComparison.Ordinal));
        foreach (var told in (string[])[BrokenMessages.Secret, "bytes [", "Google.Protobuf"]) Assert.DoesNotContain(told, log, StringComparison.Ordinal);
    }
}
