using EligibilityGateway.Contracts;

namespace EligibilityGateway.Gateway.Charges;

/// <summary>A charge as a site reports it: every value in it could be true.</summary>
/// <param name="ChargeId">The site's own id of the charge.</param>
/// <param name="LookUp">Event of the institution's look-up that found the patient.</param>
/// <param name="Stage">Held or collected.</param>
/// <param name="ServiceDate">Day of treatment.</param>
/// <param name="TotalCostYen">All that the insurance covers of it.</param>
/// <param name="ChargedYen">What the patient pays for it at the window.</param>
/// <param name="IsInpatient">A stay; otherwise outpatient.</param>
/// <param name="IsSpecificDisease">For a specific long-term disease.</param>
/// <param name="Prescriber">With a pharmacy: who prescribed; null where that is not known.</param>
/// <param name="CountsUntil">Last day on which it counts.</param>
public sealed record ReportedCharge(
    EventId ChargeId,
    EventId LookUp,
    ChargeStage Stage,
    DateOnly ServiceDate,
    int TotalCostYen,
    int ChargedYen,
    bool IsInpatient,
    bool IsSpecificDisease,
    InstitutionCode? Prescriber,
    DateOnly CountsUntil);

/// <summary>The stages of a charge, each over the one before: the highest that was reported holds.</summary>
public enum ChargeStage : short
{
    /// <summary>Worked out, not paid yet.</summary>
    Held = 1,

    /// <summary>Paid.</summary>
    Collected = 2,

    /// <summary>Counts no more.</summary>
    TakenBack = 3,
}
