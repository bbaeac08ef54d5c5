namespace EligibilityGateway.Rules.Emergency;

/// <summary>What the person said when asked whether the summary may be opened.</summary>
public enum SummaryConsent : short
{
    /// <summary>Nobody asked, or nobody answered.</summary>
    NotAsked = 0,
    Given = 1,
    Refused = 2,
}
