using EligibilityGateway.Contracts;
using EligibilityGateway.Rules.Eligibility.Policies;

namespace EligibilityGateway.Rules.Eligibility;

/// <summary>Which documents can be looked up by their numbers.</summary>
public static class LookUpRule
{
    /// <summary>False for schemes that are not in the register at all: Self-Defence and day labourers.</summary>
    public static bool CanFind(InsurerNumber insurer) => !NotLookedUpPolicy.Holds(insurer.ToString());
}
