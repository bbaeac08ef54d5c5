using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Eligibility;

/// <summary>The class of the monthly limit (適用区分).</summary>
/// <param name="Code">A01–A06, B01–B10.</param>
/// <param name="Certificate">What says it; null where the ratio of a person of 70 or over decides alone.</param>
public sealed record LimitDecision(string Code, LimitFact? Certificate)
{
    /// <summary>No certificate says it: the ratio of a person of 70 or over decides.</summary>
    public bool FromBurdenRatio => Certificate is null;

    /// <summary>Last day, inclusive; null where open or where the burden ratio decides.</summary>
    public DateOnly? ValidUntil => Certificate?.ValidUntil;
}
