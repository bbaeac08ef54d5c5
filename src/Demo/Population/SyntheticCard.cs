using EligibilityGateway.Rules.Cards;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Demo.Population;

/// <summary>A card of the population: what its certificate says, and its state.</summary>
public sealed record SyntheticCard(CertificateFacts Certificate, CardState State);
