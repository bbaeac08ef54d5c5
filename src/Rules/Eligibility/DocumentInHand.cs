using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.Rules.Eligibility;

/// <summary>What the document in hand was, where numbers were typed.</summary>
/// <param name="Kind">Old insurance card, eligibility certificate, or the notice beside a card that can't be read.</param>
/// <param name="CoverageId">The coverage that the numbers name.</param>
public sealed record DocumentInHand(DocumentKind Kind, long CoverageId);
