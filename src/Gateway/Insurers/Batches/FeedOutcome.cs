namespace EligibilityGateway.Gateway.Insurers.Batches;

/// <summary>What became of a file.</summary>
public abstract record FeedOutcome
{
    private FeedOutcome()
    {
    }

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

    /// <summary>Another import is at work.</summary>
    public sealed record Busy : FeedOutcome;
}

/// <summary>An accepted batch.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Insurers">Whose changes it holds.</param>
/// <param name="Changes">How many.</param>
/// <param name="Steps">In how many transactions they are applied.</param>
/// <param name="StepsDone">How many of them are.</param>
/// <param name="AcceptedAt">From when on it was durable.</param>
/// <param name="AppliedAt">From when on all of it was in force; null while it is not.</param>
public sealed record FeedBatch(long Id, string[] Insurers, int Changes, int Steps, int StepsDone, DateTimeOffset AcceptedAt, DateTimeOffset? AppliedAt);

/// <summary>Who is told how an import goes. Called by one thread at a time.</summary>
public interface IFeedListener
{
    /// <summary>Something was found in the file.</summary>
    void Found(FeedFault fault);

    /// <summary>So far: bytes of the file read, or changes applied.</summary>
    void Progressed(FeedStage stage, long done, long total);

    /// <summary>The batch is durable, and will be applied whatever happens to this program.</summary>
    void Accepted(FeedBatch batch);

    /// <summary>A batch that an earlier import left unfinished is taken up.</summary>
    void Resumed(FeedBatch batch);
}

/// <summary>What an import is at.</summary>
public enum FeedStage
{
    Reading,
    Checking,
    Applying,
}
