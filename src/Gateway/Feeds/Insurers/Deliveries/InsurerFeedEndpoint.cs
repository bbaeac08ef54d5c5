using System.Security.Cryptography;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Feeds.Insurers.Batches;
using Google.Protobuf;
using Grpc.Core;
using Npgsql;

namespace EligibilityGateway.Gateway.Feeds.Insurers.Deliveries;

/// <summary>Insurers hand in their changes: received whole, checked whole, accepted; applied in the background.</summary>
internal sealed partial class InsurerFeedEndpoint(
    AdmittedInsurers admitted, DeliveriesUnderWay underWay, InsurerBatches batches, BatchApplier applier, InsurerFeedSettings settings, TimeProvider clock, ILogger<InsurerFeedEndpoint> logger)
    : Contracts.V1.InsurerFeed.InsurerFeedBase
{
    public override Task<DeliveryReceipt> Deliver(IAsyncStreamReader<FeedChunk> requestStream, ServerCallContext context) => AskStoreAsync(async () =>
    {
        var cancellation = context.CancellationToken;
        var client = await admitted.AdmitAsync(context);
        if (!await DeliverySpool.NextAsync(requestStream, clock, cancellation) || requestStream.Current.Header is not { } header) throw Refusals.HeaderFirst();
        var request = DeliveryRequest.Read(header, client);
        using var place = underWay.Begin([.. request.Insurers.Keys]);
        await using var spool = await DeliverySpool.ReceiveAsync(settings.Spool, settings.MostMegabytes, requestStream, clock, cancellation);
        if (!request.Sha256.IsEmpty && !request.Sha256.Span.SequenceEqual(spool.ContentHash)) throw Refusals.HashDiffers();
        return await ReceivedBeforeAsync(client, request, spool, cancellation) ?? await TakeAsync(client, request, spool, context);
    });

    public override Task<DeliveryReceipt> GetDelivery(DeliveryName request, ServerCallContext context) => AskStoreAsync(async () =>
    {
        var client = await admitted.AdmitAsync(context);
        return await batches.FindAsync(client.Id, DeliveryRequest.IdOf(request.DeliveryId), context.CancellationToken) is { } kept ? Receipts.Of(kept) : throw Refusals.NotFound();
    });

    public override Task WatchDelivery(DeliveryName request, IServerStreamWriter<DeliveryReceipt> responseStream, ServerCallContext context) => AskStoreAsync(async () =>
    {
        DeliveryReceipt? told = null;
        while (true)
        {
            // Who is shut out meanwhile watches no longer.
            var receipt = await GetDelivery(request, context);
            if (!receipt.Equals(told)) await responseStream.WriteAsync(receipt, context.CancellationToken);
            if (receipt.State != DeliveryState.Accepted) return true;
            told = receipt;
            await Task.Delay(DeliveryBounds.WatchEvery, clock, context.CancellationToken);
        }
    });

    /// <summary>The receipt of the same delivery, where it was accepted before.</summary>
    private async Task<DeliveryReceipt?> ReceivedBeforeAsync(InsurerClient client, DeliveryRequest request, DeliverySpool spool, CancellationToken cancellation)
    {
        if (await batches.FindAsync(client.Id, request.Id, cancellation) is not { } kept) return null;
        var isSame = CryptographicOperations.FixedTimeEquals(kept.ContentHash, spool.ContentHash)
            && request.Insurers.Keys.Select(number => number.ToString()).ToHashSet().SetEquals(kept.Batch.Insurers);
        return isSame ? Receipts.Of(kept) : throw Refusals.AnotherContent();
    }

    private async Task<DeliveryReceipt> TakeAsync(InsurerClient client, DeliveryRequest request, DeliverySpool spool, ServerCallContext context)
    {
        var findings = new ReceiptFindings();
        var sender = new FeedSender(client.Id, request.Id, accepted => Receipts.Of(request.Id, accepted, findings).ToByteArray());
        var outcome = await batches.AcceptAsync(spool.Content, request.Insurers, sender, findings, DeliveryBounds.CheckPatience, context.CancellationToken);
        if (outcome is FeedOutcome.Accepted accepted)
        {
            LogAccepted(logger, accepted.Batch.Id, accepted.Batch.Changes);
            applier.Wake();
            return Receipts.Of(request.Id, accepted, findings);
        }
        // Another gateway may have taken the same delivery meanwhile.
        if (await ReceivedBeforeAsync(client, request, spool, context.CancellationToken) is { } receipt) return receipt;
        return outcome switch
        {
            FeedOutcome.Rejected => Receipts.Of(request.Id, DeliveryState.Rejected, findings),
            FeedOutcome.NothingNew old => Receipts.Of(request.Id, DeliveryState.NothingNew, findings, old.AppliedBefore, old.Superseded),
            FeedOutcome.Blocked { By: var by } => throw Refusals.Blocked(by),
            FeedOutcome.ShutOut => throw Refusals.Revoked(),
            _ => throw Refusals.Busy(),
        };
    }

    private async Task<T> AskStoreAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            LogAway(logger, (e as PostgresException)?.SqlState ?? e.GetType().Name);
            throw Refusals.StoreAway();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An insurer's call could not be served for the store's sake ({Cause}).")]
    private static partial void LogAway(ILogger logger, string cause);

    [LoggerMessage(Level = LogLevel.Information, Message = "Batch {Batch} of an insurer was accepted: {Changes} changes.")]
    private static partial void LogAccepted(ILogger logger, long batch, int changes);
}
