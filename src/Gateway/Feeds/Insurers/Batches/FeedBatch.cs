namespace EligibilityGateway.Gateway.Feeds.Insurers.Batches;

/// <summary>An accepted batch.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Insurers">Whose changes it holds.</param>
/// <param name="Changes">How many.</param>
/// <param name="Steps">In how many transactions they are applied.</param>
/// <param name="StepsDone">How many of them are.</param>
/// <param name="AcceptedAt">From when on it was durable.</param>
/// <param name="AppliedAt">From when on all of it was in force; null while it is not.</param>
/// <param name="Refusal">Of an unfinished batch: why it does not go on.</param>
public sealed record FeedBatch(
    long Id, string[] Insurers, int Changes, int Steps, int StepsDone, DateTimeOffset AcceptedAt, DateTimeOffset? AppliedAt, FeedRefusal? Refusal = null);
