using EligibilityGateway.Gateway.CardOffice;

namespace EligibilityGateway.Gateway.Demo.Population;

/// <summary>A card of the population: what its certificate says, and its state.</summary>
public sealed record SyntheticCard(BoundCertificate Certificate, CardState State);
