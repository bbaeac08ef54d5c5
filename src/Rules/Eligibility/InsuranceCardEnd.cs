using EligibilityGateway.Rules.Eligibility.Policies;

namespace EligibilityGateway.Rules.Eligibility;

/// <summary>The end of the old insurance card (被保険者証): Policies/insurance-card.json.</summary>
public static class InsuranceCardEnd
{
    /// <summary>
    /// Last day, inclusive, of the last of them: none was issued after 2024-12-01, and those in force then went on for at most a year.
    /// </summary>
    public static readonly DateOnly LastDay = InsuranceCardPolicy.LastDay;

    /// <summary>Last day, inclusive, on which an ended card of that insurer is still accepted where its numbers can be looked up.</summary>
    public static DateOnly AcceptedUntil(string insurerNumber) => InsuranceCardPolicy.AcceptedUntil(insurerNumber);
}
