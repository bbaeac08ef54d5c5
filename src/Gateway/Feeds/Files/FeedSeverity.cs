namespace EligibilityGateway.Gateway.Feeds.Files;

/// <summary>What a finding means for the batch.</summary>
public enum FeedSeverity
{
    /// <summary>The whole batch is rejected.</summary>
    Error,

    /// <summary>The row is taken, but should be looked at.</summary>
    Warning,

    /// <summary>The row changes nothing.</summary>
    Note,
}
