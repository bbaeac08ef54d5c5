using System.Security.Cryptography;
using System.Text;
using Dapper;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Tests.Storage;
using Google.Protobuf;
using Grpc.Core;
using static EligibilityGateway.Gateway.Tests.Feeds.Insurers.Batches.FeedFile;

namespace EligibilityGateway.Gateway.Tests.Feeds.Insurers.Deliveries;

/// <summary>What becomes of what insurers hand in over the wire: real mutual TLS, real Postgres.</summary>
public sealed class DeliveryTests(TestStores stores) : IAsyncLifetime
{
    private InsurerTown _town = null!;
    private GatewayHost _gateway = null!;
    private InsurerDesk _desk = null!;

    private static string Own => TestTown.Union.ToString();

    public async ValueTask InitializeAsync()
    {
        _town = await InsurerTown.OpenAsync(stores);
        _gateway = await _town.Town.StartGatewayAsync(_town.Settings());
        _desk = new InsurerDesk(_gateway.InsurerFeedAddress!, await _town.AdmitAsync(TestTown.Union));
    }

    public async ValueTask DisposeAsync()
    {
        _desk.Dispose();
        await _gateway.DisposeAsync();
        await _town.DisposeAsync();
    }

    [Fact]
    public async Task What_is_accepted_is_applied_and_told()
    {
        var header = InsurerDesk.Header(null, Own);
        var receipt = await _desk.DeliverAsync(header, Of(Person(1, 7), Insert(2, 7, 70)), pieceBytes: 7);
        Assert.Equal((DeliveryState.Accepted, header.DeliveryId, 2, 1, 0L), (receipt.State, receipt.DeliveryId, receipt.Changes, receipt.Steps, receipt.Errors));
        Assert.True(receipt.Batch > 0);

        var applied = await _desk.AppliedAsync(header.DeliveryId);
        Assert.Equal((receipt.Batch, 1, receipt.AcceptedAt), (applied.Batch, applied.StepsApplied, applied.AcceptedAt));
        Assert.True(applied.AppliedAt >= applied.AcceptedAt);
        Assert.Equal(applied, await _desk.Feed.GetDeliveryAsync(new DeliveryName { DeliveryId = header.DeliveryId }));
        Assert.Equal("42", await _town.Town.Database.ReadAsync<string>("SELECT number FROM eligibility.coverage"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_town.Settings().InsurerFeed!.Spool));
    }

    [Fact]
    public async Task What_is_rejected_comes_back_with_every_error_and_leaves_no_trace()
    {
        var header = InsurerDesk.Header(null, Own);
        var rejected = await _desk.DeliverAsync(header, Of(
            Insert(1, 7, 70, "acquired_on=2026-02-31", "relation=9"),
            Person(2, 7, "name=見本　123456789018"),
            End(3, 7, 70),
            Insert(4, 9, 90),
            Insert(5, 7, 71, $"insurer={TestTown.Employees}"),
            "x"));
        Assert.Equal((DeliveryState.Rejected, 6L, 0L), (rejected.State, rejected.Errors, rejected.Batch));
        Assert.Equal(
            ["2 relation Unfit", "2 acquired_on Unfit", "3 name MyNumber", "5 person Unknown", "6 insurer NotYours", "7  Unreadable"],
            rejected.Findings.Select(finding => $"{finding.Line} {finding.Column} {finding.Code}"));
        Assert.All(rejected.Findings, finding => Assert.Equal(FeedFinding.Types.Severity.Error, finding.Severity));
        Assert.Equal("is no day that there is: write 2026-04-01 or 20260401", rejected.Findings[1].Text);
        await AssertNoTraceAsync();
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(async () => await _desk.Feed.GetDeliveryAsync(new DeliveryName { DeliveryId = header.DeliveryId }))).StatusCode);

        // Mended, it comes under the same id.
        Assert.Equal(DeliveryState.Accepted, (await _desk.DeliverAsync(header, Of(Person(2, 7), Insert(1, 7, 70)))).State);
    }

    /// <summary>Content that can't be read as it should, in Latin-1 after a good header, and what is said of it.</summary>
    public static TheoryData<string, string> BrokenContents => new()
    {
        { "", "1  Missing" },
        { Bytes(Of()) + "\u00EF\u00BB\u00BF" + Bytes(Of()), "2  Unreadable" },
        { Bytes(Of(Person(1, 7))) + "2,coverage-insert", "3  Unreadable" },
        { Bytes(Of(Person(1, 7), new string('x', 10_000_000))), "3  Unreadable" },
        { Bytes(Of(Person(1, 7))) + "\u008E\u0091\n", "3  Unreadable" },
        { Bytes(Of("1,\"person")), "2  Unreadable" },
        { "sequence,kind\n", "1 insurer Missing" },
    };

    [Theory]
    [MemberData(nameof(BrokenContents))]
    public async Task Content_that_can_not_be_read_is_rejected_with_its_place(string content, string finding)
    {
        var rejected = await _desk.DeliverAsync(InsurerDesk.Header(null, Own), Encoding.Latin1.GetBytes(content), pieceBytes: 100_000);
        Assert.Equal(DeliveryState.Rejected, rejected.State);
        Assert.Contains(finding, rejected.Findings.Select(found => $"{found.Line} {found.Column} {found.Code}"));
        await AssertNoTraceAsync();
    }

    [Fact]
    public async Task Of_many_errors_a_thousand_are_told_and_all_are_counted()
    {
        var rejected = await _desk.DeliverAsync(InsurerDesk.Header(null, Own), Of([.. Enumerable.Repeat("x", 1_500)]), pieceBytes: 1 << 20);
        Assert.Equal((1_500L, 1_000), (rejected.Errors, rejected.Findings.Count));
    }

    [Fact]
    public async Task The_same_delivery_again_gets_the_same_receipt_and_is_taken_once()
    {
        var header = InsurerDesk.Header(null, Own);
        // The second row comes too late, which the receipt tells each time.
        await ApplyAsync(Person(1, 7), Insert(9, 7, 70));
        var content = Of(End(10, 7, 70), Row("withdrawal", 8, 7, "fact=70", "withdraws=coverage"));
        var first = await _desk.DeliverAsync(header, content);
        Assert.Equal((DeliveryState.Accepted, 1L, 1L), (first.State, first.RowsSuperseded, first.Notes));
        var applied = await _desk.AppliedAsync(header.DeliveryId);
        Assert.Equal(applied, await _desk.DeliverAsync(header, content));
        Assert.Equal((first.Batch, first.Findings), (applied.Batch, applied.Findings));
        Assert.Equal(2, await _town.CountAsync("insurer_batch"));

        var refused = await _desk.RefusedAsync(header, Of(End(11, 7, 70)));
        Assert.Equal(StatusCode.AlreadyExists, refused.StatusCode);
        // Under another id it has nothing new.
        var old = await _desk.DeliverAsync(InsurerDesk.Header(null, Own), content);
        Assert.Equal((DeliveryState.NothingNew, 1L, 1L), (old.State, old.RowsAppliedBefore, old.RowsSuperseded));
    }

    [Fact]
    public async Task The_same_delivery_at_two_gateways_at_once_is_taken_once()
    {
        await using var second = await _town.Town.StartGatewayAsync(_town.Settings("two"));
        var certificate = await _town.AdmitAsync(TestTown.Union);
        using var one = new InsurerDesk(_gateway.InsurerFeedAddress!, certificate);
        using var other = new InsurerDesk(second.InsurerFeedAddress!, certificate);
        var header = InsurerDesk.Header(null, Own);
        var content = Of(Person(1, 7), Insert(2, 7, 70));
        var receipts = await Task.WhenAll(one.DeliverAsync(header, content), other.DeliverAsync(header, content));
        Assert.Equal(receipts[0].Batch, receipts[1].Batch);
        Assert.All(receipts, receipt => Assert.True(receipt.State is DeliveryState.Accepted or DeliveryState.Applied));
        await one.AppliedAsync(header.DeliveryId);
        Assert.Equal((1L, 1L), (await _town.CountAsync("insurer_batch"), await _town.CountAsync("coverage")));
    }

    [Fact]
    public async Task A_stream_that_is_cut_leaves_no_trace()
    {
        var header = InsurerDesk.Header(null, Own);
        var content = Encoding.UTF8.GetBytes(Of(Person(1, 7), Insert(2, 7, 70)));
        using (var call = _desk.Begin())
        {
            await call.RequestStream.WriteAsync(new FeedChunk { Header = header }, Cancellation);
            // Whole lines: what was sent could stand for itself.
            await call.RequestStream.WriteAsync(new FeedChunk { Content = ByteString.CopyFrom(content, 0, content.AsSpan().LastIndexOf("2,coverage-insert"u8)) }, Cancellation);
        }
        DeliveryReceipt receipt;
        while (true)
        {
            try
            {
                receipt = await _desk.DeliverAsync(header, content, 1000);
                break;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted)
            {
                // The gateway has not noticed yet that the first was cut.
            }
        }
        Assert.Equal((DeliveryState.Accepted, 2, 1L), (receipt.State, receipt.Changes, receipt.Batch));
        Assert.Equal(1, await _town.CountAsync("insurer_batch"));
    }

    [Fact]
    public async Task One_delivery_of_an_insurer_is_under_way_at_a_time()
    {
        using var both = new InsurerDesk(_gateway.InsurerFeedAddress!, await _town.AdmitAsync(TestTown.Union, TestTown.Employees));
        using var call = _desk.Begin();
        await call.RequestStream.WriteAsync(new FeedChunk { Header = InsurerDesk.Header(null, Own) }, Cancellation);
        Assert.Contains(Own, (await UntilUnderWayAsync()).Detail, StringComparison.Ordinal);
        // Another insurer's goes on meanwhile.
        Assert.Equal(DeliveryState.Rejected, (await both.DeliverAsync(InsurerDesk.Header(null, $"{TestTown.Employees}"), "x")).State);
        await call.RequestStream.WriteAsync(new FeedChunk { Content = ByteString.CopyFromUtf8(Of(Person(1, 7), Insert(2, 7, 70))) }, Cancellation);
        await call.RequestStream.CompleteAsync();
        Assert.Equal(DeliveryState.Accepted, (await call.ResponseAsync).State);

        async Task<Status> UntilUnderWayAsync()
        {
            while (true)
            {
                try
                {
                    // The first call's header may not have come yet: then this one is taken.
                    Assert.Equal(DeliveryState.Rejected, (await both.DeliverAsync(InsurerDesk.Header(null, Own, $"{TestTown.Employees}"), "x")).State);
                }
                catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted)
                {
                    return e.Status;
                }
            }
        }
    }

    /// <summary>A header and its pieces that can't be taken, and the status in which that ends.</summary>
    public static TheoryData<string, StatusCode, string> BadStreams => new()
    {
        { "no-header", StatusCode.InvalidArgument, "first message" },
        { "two-headers", StatusCode.InvalidArgument, "first message" },
        { "no-uuid", StatusCode.InvalidArgument, "delivery_id" },
        { "version-4", StatusCode.InvalidArgument, "delivery_id" },
        { "no-insurer", StatusCode.InvalidArgument, "insurers" },
        { "bad-number", StatusCode.InvalidArgument, "insurers[0].number" },
        { "twice", StatusCode.InvalidArgument, "insurers[1].number" },
        { "long-name", StatusCode.InvalidArgument, "insurers[0].name" },
        { "short-hash", StatusCode.InvalidArgument, "sha256" },
        { "other-hash", StatusCode.InvalidArgument, "sha256" },
        { "long-piece", StatusCode.InvalidArgument, "1048576" },
        { "other-insurer", StatusCode.PermissionDenied, TestTown.Employees.ToString() },
    };

    [Theory]
    [MemberData(nameof(BadStreams))]
    public async Task A_stream_that_can_not_be_taken_ends_with_its_reason(string fault, StatusCode code, string detail)
    {
        var header = fault switch
        {
            "no-uuid" => InsurerDesk.Header("1", Own),
            "version-4" => InsurerDesk.Header($"{Guid.NewGuid():D}", Own),
            "no-insurer" => InsurerDesk.Header(),
            "bad-number" => InsurerDesk.Header(null, "12"),
            "twice" => InsurerDesk.Header(null, Own, Own),
            "other-insurer" => InsurerDesk.Header(null, Own, TestTown.Employees.ToString()),
            _ => InsurerDesk.Header(null, Own),
        };
        if (fault == "long-name") header.Insurers[0].Name = new string('あ', 101);
        if (fault == "short-hash") header.Sha256 = ByteString.CopyFrom(1, 2, 3);
        if (fault == "other-hash") header.Sha256 = ByteString.CopyFrom(SHA256.HashData("another"u8));
        FeedChunk[] chunks = fault switch
        {
            "no-header" => [new FeedChunk { Content = ByteString.CopyFromUtf8("x") }],
            "two-headers" => [new FeedChunk { Header = header }, new FeedChunk { Header = header }],
            "long-piece" => [new FeedChunk { Header = header }, new FeedChunk { Content = ByteString.CopyFrom(new byte[(1 << 20) + 1]) }],
            _ => [new FeedChunk { Header = header }, new FeedChunk { Content = ByteString.CopyFromUtf8(Of(Person(1, 7), Insert(2, 7, 70))) }],
        };
        using var call = _desk.Begin();
        try
        {
            foreach (var chunk in chunks) await call.RequestStream.WriteAsync(chunk, Cancellation);
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // Refused before all was sent.
        }
        var refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        Assert.Equal(code, refused.StatusCode);
        Assert.Contains(detail, refused.Status.Detail, StringComparison.Ordinal);
        await AssertNoTraceAsync();
    }

    [Fact]
    public async Task A_hash_that_fits_is_no_hindrance()
    {
        var content = Of(Person(1, 7), Insert(2, 7, 70));
        var header = InsurerDesk.Header(null, Own);
        header.Sha256 = ByteString.CopyFrom(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
        Assert.Equal(DeliveryState.Accepted, (await _desk.DeliverAsync(header, content)).State);
    }

    [Fact]
    public async Task A_delivery_larger_than_it_may_be_is_refused()
    {
        await using var small = await _town.Town.StartGatewayAsync(_town.Settings("small", mostMegabytes: 1));
        using var desk = new InsurerDesk(small.InsurerFeedAddress!, await _town.AdmitAsync(TestTown.Union));
        var refused = await desk.RefusedAsync(InsurerDesk.Header(null, Own), new string('x', (1 << 20) + 1), pieceBytes: 10_000);
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains("1 MiB", refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_held_is_told_and_holds_up_its_own_insurer()
    {
        await using var owner = await _town.Town.Database.OpenAsSuperuserAsync();
        await owner.ExecuteAsync("ALTER TABLE eligibility.coverage ADD CONSTRAINT later_rule CHECK (number <> '42') NOT VALID");
        var header = InsurerDesk.Header(null, Own);
        Assert.Equal(DeliveryState.Accepted, (await _desk.DeliverAsync(header, Of(Person(1, 7), Insert(2, 7, 70)))).State);
        var held = (await _desk.WatchAsync(header.DeliveryId))[^1];
        Assert.Equal((DeliveryState.Held, "step 1 was refused by Postgres (23514, coverage later_rule)"), (held.State, held.HeldBecause));
        Assert.Equal(StatusCode.FailedPrecondition, (await _desk.RefusedAsync(InsurerDesk.Header(null, Own), Of(Person(3, 8), Insert(4, 8, 80, "number=43")))).StatusCode);

        await owner.ExecuteAsync("ALTER TABLE eligibility.coverage DROP CONSTRAINT later_rule");
        // Another delivery brings it into force first.
        Assert.Equal(DeliveryState.Accepted, (await _desk.DeliverAsync(InsurerDesk.Header(null, Own), Of(Person(3, 8), Insert(4, 8, 80, "number=43")))).State);
        Assert.Equal("", (await _desk.AppliedAsync(header.DeliveryId)).HeldBecause);
    }

    [Fact]
    public async Task A_delivery_waits_for_an_import_by_hand_and_the_other_way_round()
    {
        await using var import = await _town.Town.Database.OpenAsSuperuserAsync();
        // As an import holds it.
        await import.ExecuteAsync($"SELECT pg_advisory_lock({0x656C_6665_6564L})");
        var delivered = _desk.DeliverAsync(InsurerDesk.Header(null, Own), Of(Person(1, 7), Insert(2, 7, 70)));
        await _town.Town.Database.UntilSomebodyWaitsForALockAsync();
        await import.ExecuteAsync("SELECT pg_advisory_unlock_all()");
        Assert.Equal(DeliveryState.Accepted, (await delivered).State);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Bytes(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    private async Task ApplyAsync(params string[] rows)
    {
        var header = InsurerDesk.Header(null, Own);
        Assert.Equal(DeliveryState.Accepted, (await _desk.DeliverAsync(header, Of(rows))).State);
        await _desk.AppliedAsync(header.DeliveryId);
    }

    private async Task AssertNoTraceAsync()
    {
        foreach (var table in (string[])["person", "coverage", "insurer_batch", "insurer_batch_change", "insurer_delivery"]) Assert.Equal(0, await _town.CountAsync(table));
    }
}
