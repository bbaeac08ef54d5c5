using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Feeds.Insurers.Batches;
using Google.Protobuf.WellKnownTypes;

namespace EligibilityGateway.Gateway.Feeds.Insurers.Deliveries;

/// <summary>Writes receipts.</summary>
internal static class Receipts
{
    /// <summary>Of a delivery of which nothing was kept.</summary>
    public static DeliveryReceipt Of(Guid delivery, DeliveryState state, ReceiptFindings findings, long appliedBefore = 0, long superseded = 0)
    {
        var receipt = new DeliveryReceipt { DeliveryId = delivery.ToString("D"), State = state, RowsAppliedBefore = appliedBefore, RowsSuperseded = superseded };
        findings.WriteTo(receipt);
        return receipt;
    }

    /// <summary>Of a delivery that was accepted just now.</summary>
    public static DeliveryReceipt Of(Guid delivery, FeedOutcome.Accepted accepted, ReceiptFindings findings)
    {
        var receipt = Of(delivery, DeliveryState.Accepted, findings, accepted.AppliedBefore, accepted.Superseded);
        WriteBatch(receipt, accepted.Batch);
        return receipt;
    }

    /// <summary>Of a delivery that was accepted, as it stands now.</summary>
    public static DeliveryReceipt Of(KeptDelivery kept)
    {
        var receipt = DeliveryReceipt.Parser.ParseFrom(kept.Receipt);
        WriteBatch(receipt, kept.Batch);
        return receipt;
    }

    private static void WriteBatch(DeliveryReceipt receipt, FeedBatch batch)
    {
        receipt.State = batch switch
        {
            { AppliedAt: not null } => DeliveryState.Applied,
            { Refusal: not null } => DeliveryState.Held,
            _ => DeliveryState.Accepted,
        };
        receipt.Batch = batch.Id;
        receipt.Changes = batch.Changes;
        receipt.Steps = batch.Steps;
        receipt.StepsApplied = batch.StepsDone;
        receipt.AcceptedAt = batch.AcceptedAt.ToTimestamp();
        receipt.AppliedAt = batch.AppliedAt?.ToTimestamp();
        receipt.HeldBecause = batch.Refusal?.ToString() ?? "";
    }
}
