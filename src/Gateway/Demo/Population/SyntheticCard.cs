using EligibilityGateway.Gateway.CardOffice;
using EligibilityGateway.Gateway.Cards;

namespace EligibilityGateway.Gateway.Demo.Population;

/// <summary>A card of the population: what its certificate says, and its state.</summary>
public sealed record SyntheticCard(CertificateFacts Certificate, CardState State);
