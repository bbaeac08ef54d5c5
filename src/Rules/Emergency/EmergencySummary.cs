using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Emergency;

/// <summary>What a crew must know first (救急用サマリー): each list newest first and bounded. Immutable.</summary>
/// <param name="Dialysis">Dialysis.</param>
/// <param name="Operations">Operations.</param>
/// <param name="Medicines">Medicines, from claims.</param>
/// <param name="EPrescriptions">Dispensed by electronic prescription.</param>
/// <param name="Treatments">Treatment.</param>
/// <param name="Visits">Visits.</param>
/// <param name="CheckDates">When health was checked, never with which result.</param>
/// <param name="LeftOut">How many lines in their windows found no room.</param>
public sealed record EmergencySummary(
    IReadOnlyList<ClinicalFact> Dialysis,
    IReadOnlyList<ClinicalFact> Operations,
    IReadOnlyList<ClinicalFact> Medicines,
    IReadOnlyList<ClinicalFact> EPrescriptions,
    IReadOnlyList<ClinicalFact> Treatments,
    IReadOnlyList<ClinicalFact> Visits,
    IReadOnlyList<DateOnly> CheckDates,
    int LeftOut);
