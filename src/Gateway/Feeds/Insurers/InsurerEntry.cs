using EligibilityGateway.Contracts;

namespace EligibilityGateway.Gateway.Feeds.Insurers;

/// <summary>An insurer (保険者) and its name.</summary>
public sealed record InsurerEntry(InsurerNumber Number, string Name);
