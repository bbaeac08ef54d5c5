namespace EligibilityGateway.Rules.HighCost;

/// <summary>What a person's limit of one month is worked out from, in yen.</summary>
/// <param name="Base">The limit; with <paramref name="Threshold"/> what it begins with.</param>
/// <param name="Threshold">Total cost above which 1 % of the rest is added; null where the limit is flat.</param>
/// <param name="MultipleHit">The limit of a fourth month; null where there is none.</param>
/// <param name="Outpatient">From 70: the limit on one person's outpatient shares; null where there is none.</param>
public readonly record struct LimitFigures(int Base, int? Threshold, int? MultipleHit, int? Outpatient);
