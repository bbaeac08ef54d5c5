namespace EligibilityGateway.Gateway.Feeds.Insurers.Batches;

/// <summary>What became of the batches that were left unfinished.</summary>
/// <param name="Applied">How many are in force now.</param>
/// <param name="Held">Those of which Postgres refuses a step.</param>
public sealed record FeedResumption(int Applied, IReadOnlyList<FeedBatch> Held);
