using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Snapshots;

namespace EligibilityGateway.Gateway.Eligibility;

/// <summary>What the rules say about one person on one service date. Pure: the same snapshot and question give the same decision.</summary>
/// <param name="Validity">Valid, invalid, invalid with a newer one, multiple; never NOT_FOUND or UNCONFIRMED, which no rule decides.</param>
/// <param name="Reason">Why it is not a plain yes; <see cref="Reason.Unspecified"/> where it is.</param>
/// <param name="Coverages">The coverage that counts; where invalid the last known; where multiple each of them. May be empty.</param>
/// <param name="BurdenPercent">10, 20, 30, or 100 with an arrears certificate; 0 where not known.</param>
/// <param name="Limit">Limit class; null where there is none.</param>
/// <param name="LimitAbsence">Why there is none.</param>
/// <param name="SpecificDiseases">Those that count on the service date for the coverage.</param>
public sealed record EligibilityDecision(
    Validity Validity,
    Reason Reason,
    IReadOnlyList<CoverageFact> Coverages,
    int BurdenPercent,
    LimitDecision? Limit,
    LimitAbsence LimitAbsence,
    IReadOnlyList<SpecificDiseaseFact> SpecificDiseases);

/// <summary>The class of the monthly limit (適用区分).</summary>
/// <param name="Code">A01–A06, B01–B10.</param>
/// <param name="ValidUntil">Last day, inclusive; null where open or where the burden ratio decides.</param>
/// <param name="FromBurdenRatio">No certificate says it: the ratio of a person of 70 or over decides.</param>
public sealed record LimitDecision(string Code, DateOnly? ValidUntil, bool FromBurdenRatio);

/// <summary>What the document in hand was, where numbers were typed.</summary>
/// <param name="Kind">Old insurance card or eligibility certificate.</param>
/// <param name="CoverageId">The coverage that the numbers name.</param>
public sealed record DocumentInHand(DocumentKind Kind, long CoverageId);
