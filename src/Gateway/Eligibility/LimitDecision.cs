namespace EligibilityGateway.Gateway.Eligibility;

/// <summary>The class of the monthly limit (適用区分).</summary>
/// <param name="Code">A01–A06, B01–B10.</param>
/// <param name="ValidUntil">Last day, inclusive; null where open or where the burden ratio decides.</param>
/// <param name="FromBurdenRatio">No certificate says it: the ratio of a person of 70 or over decides.</param>
public sealed record LimitDecision(string Code, DateOnly? ValidUntil, bool FromBurdenRatio);
