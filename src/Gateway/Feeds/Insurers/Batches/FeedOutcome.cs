namespace EligibilityGateway.Gateway.Feeds.Insurers.Batches;

/// <summary>What became of a file.</summary>
public abstract record FeedOutcome
{
    private FeedOutcome()
    {
    }

    /// <summary>All that is new in it is durable, and will be in force.</summary>
    /// <inheritdoc cref="Applied" />
    public sealed record Accepted(FeedBatch Batch, long AppliedBefore, long Superseded) : FeedOutcome;

    /// <summary>All that was new in it is in force.</summary>
    /// <param name="Batch">The batch that it was.</param>
    /// <param name="AppliedBefore">Rows that an earlier file brought.</param>
    /// <param name="Superseded">Rows that came later than a change with a higher number.</param>
    public sealed record Applied(FeedBatch Batch, long AppliedBefore, long Superseded) : FeedOutcome;

    /// <summary>Nothing in it was new.</summary>
    /// <inheritdoc cref="Applied" />
    public sealed record NothingNew(long AppliedBefore, long Superseded) : FeedOutcome;

    /// <summary>Nothing of it was kept.</summary>
    public sealed record Rejected(long Errors) : FeedOutcome;

    /// <summary>It is accepted, and not all of it is in force: Postgres refused a step. Resuming tries again.</summary>
    public sealed record Held(FeedBatch Batch) : FeedOutcome;

    /// <summary>Nothing of it was kept: an accepted batch of the same insurer is held, and what the file changes can't be told before it is in force.</summary>
    public sealed record Blocked(FeedBatch By) : FeedOutcome;

    /// <summary>Nothing of it was kept: its sender was shut out meanwhile, or had this delivery accepted by another gateway.</summary>
    public sealed record ShutOut : FeedOutcome;

    /// <summary>Another import is at work.</summary>
    public sealed record Busy : FeedOutcome;
}
