namespace EligibilityGateway.Gateway.Feeds.Insurers;

/// <summary>
/// A specific long-term disease (特定疾病): category 1 dialysis, 2 haemophilia, 3 HIV from blood products; the monthly limit in yen at
/// one institution; last day inclusive.
/// </summary>
public sealed record SpecificDiseaseEntry(
    long DiseaseId,
    long PersonId,
    long CoverageId,
    short Category,
    int MonthlyLimitYen,
    DateOnly IssuedOn,
    DateOnly ValidFrom,
    DateOnly? ValidUntil);
