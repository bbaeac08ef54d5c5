namespace EligibilityGateway.Gateway.Feeds.Insurers;

/// <summary>Burden ratio (負担割合) that the insurer decided for a person of 70 or over: 10, 20 or 30 percent, last day inclusive.</summary>
public sealed record BurdenEntry(
    long BurdenId, long PersonId, long CoverageId, short Percent, DateOnly IssuedOn, DateOnly ValidFrom, DateOnly? ValidUntil);
