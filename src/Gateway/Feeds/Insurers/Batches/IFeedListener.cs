namespace EligibilityGateway.Gateway.Feeds.Insurers.Batches;

/// <summary>Who is told how an import goes, of what it wants to hear. Called by one thread at a time.</summary>
public interface IFeedListener
{
    /// <summary>Something was found in the file.</summary>
    void Found(FeedFault fault)
    {
    }

    /// <summary>So far: bytes of the file read, or changes applied.</summary>
    void Progressed(FeedStage stage, long done, long total)
    {
    }

    /// <summary>The batch is durable, and will be applied whatever happens to this program.</summary>
    void Accepted(FeedBatch batch)
    {
    }

    /// <summary>A batch that an earlier import left unfinished is taken up.</summary>
    void Resumed(FeedBatch batch)
    {
    }

    /// <summary>Postgres refused a step of an accepted batch.</summary>
    void Refused(FeedBatch batch, FeedRefusal refusal)
    {
    }
}
