namespace EligibilityGateway.Gateway.Feeds.Insurers.Batches;

/// <summary>Who sent a file over the wire, and under which id. The receipt is kept with the batch, in the same transaction.</summary>
/// <param name="Client">The client's entry in the register.</param>
/// <param name="Delivery">The sender's own id.</param>
/// <param name="ReceiptOf">What is kept to be given out again.</param>
public sealed record FeedSender(Guid Client, Guid Delivery, Func<FeedOutcome.Accepted, byte[]> ReceiptOf);
