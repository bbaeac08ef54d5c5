using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.Gateway.Eligibility;

/// <summary>What the document in hand was, where numbers were typed.</summary>
/// <param name="Kind">Old insurance card or eligibility certificate.</param>
/// <param name="CoverageId">The coverage that the numbers name.</param>
public sealed record DocumentInHand(DocumentKind Kind, long CoverageId);
