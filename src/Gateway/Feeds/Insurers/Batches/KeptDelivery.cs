namespace EligibilityGateway.Gateway.Feeds.Insurers.Batches;

/// <summary>A delivery over the wire that was accepted.</summary>
/// <param name="Batch">As it stands now.</param>
/// <param name="ContentHash">SHA-256 of what was sent.</param>
/// <param name="Receipt">As it was kept.</param>
public sealed record KeptDelivery(FeedBatch Batch, byte[] ContentHash, byte[] Receipt);
