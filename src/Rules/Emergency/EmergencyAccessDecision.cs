using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.Rules.Emergency;

/// <summary>May the summary be opened? Either a basis, or the reason why not.</summary>
/// <param name="Basis">The ground to be recorded; <see cref="EmergencyBasis.None"/> where it stays closed.</param>
/// <param name="Reason">Why it stays closed; <see cref="Reason.Unspecified"/> where it is opened.</param>
public readonly record struct EmergencyAccessDecision(EmergencyBasis Basis, Reason Reason)
{
    public bool Opens => Basis != EmergencyBasis.None;
}
