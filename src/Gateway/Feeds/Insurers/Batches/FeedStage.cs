namespace EligibilityGateway.Gateway.Feeds.Insurers.Batches;

/// <summary>What an import is at.</summary>
public enum FeedStage
{
    Reading,
    Checking,
    Applying,
}
