namespace EligibilityGateway.Gateway.Feeds.Insurers;

/// <summary>Names one fact: its kind and the insurer's own number for it.</summary>
public readonly record struct FactReference(FactKind Kind, long Id);
