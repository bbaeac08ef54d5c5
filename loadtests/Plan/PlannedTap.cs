namespace EligibilityGateway.LoadTests.Plan;

/// <summary>One tap to come.</summary>
/// <param name="At">Intended start, from the start of the run.</param>
/// <param name="Terminal">Index of the terminal.</param>
/// <param name="Subject">Whose tap it is.</param>
/// <param name="Kind">Where the finding is meant to be.</param>
/// <param name="Measured">False while the run warms up.</param>
public readonly record struct PlannedTap(TimeSpan At, int Terminal, PlannedSubject Subject, TapKind Kind, bool Measured);

/// <summary>One card or one document; each belongs to one person, so that no two share a finding.</summary>
/// <param name="IsCard">A card; else a document.</param>
/// <param name="Index">Among the cards or among the documents, from 0.</param>
/// <param name="InRedis">To be put into Redis before the run.</param>
public readonly record struct PlannedSubject(bool IsCard, int Index, bool InRedis);
