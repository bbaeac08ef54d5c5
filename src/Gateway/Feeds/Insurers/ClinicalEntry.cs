using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Gateway.Feeds.Insurers;

/// <summary>One line of a person's medical history, as claims and dispensing reports bring it.</summary>
public sealed record ClinicalEntry(long FactId, long PersonId, ClinicalKind Kind, DateOnly HappenedOn, string What, string Institution);
