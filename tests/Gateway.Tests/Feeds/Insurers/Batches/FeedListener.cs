using EligibilityGateway.Gateway.Feeds.Insurers.Batches;

namespace EligibilityGateway.Gateway.Tests.Feeds.Insurers.Batches;

/// <summary>Keeps what an import says.</summary>
internal sealed class FeedListener : IFeedListener
{
    public List<string> Findings { get; } = [];

    public List<FeedBatch> AcceptedBatches { get; } = [];

    public List<FeedBatch> ResumedBatches { get; } = [];

    public void Found(FeedFault fault) => Findings.Add(fault.ToString());

    public void Progressed(FeedStage stage, long done, long total) => Assert.InRange(done, 0, total);

    public void Accepted(FeedBatch batch) => AcceptedBatches.Add(batch);

    public void Resumed(FeedBatch batch) => ResumedBatches.Add(batch);

    public List<string> Refusals { get; } = [];

    public void Refused(FeedBatch batch, FeedRefusal refusal) => Refusals.Add($"{batch.Id}: {refusal}");
}
