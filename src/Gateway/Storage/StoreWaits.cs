namespace EligibilityGateway.Gateway.Storage;

/// <summary>How long look-ups wait for Postgres.</summary>
/// <param name="Patience">After so long they look whether it is away.</param>
/// <param name="Longest">After so long they are told to ask again, though it is in reach.</param>
public sealed record StoreWaits(TimeSpan Patience, TimeSpan Longest);
