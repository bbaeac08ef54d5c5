namespace EligibilityGateway.Gateway.Feeds.Insurers;

/// <summary>Days, the last inclusive, on which the insurer withholds the limit of a person under 70: premiums are not paid.</summary>
public sealed record WithheldLimitEntry(long WithheldId, long PersonId, long CoverageId, DateOnly ValidFrom, DateOnly? ValidUntil);
