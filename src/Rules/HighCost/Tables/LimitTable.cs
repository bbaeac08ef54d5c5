namespace EligibilityGateway.Rules.HighCost.Tables;

/// <summary>The limits of one rule period: a data file.</summary>
/// <param name="From">First treatment month, yyyy-MM.</param>
/// <param name="Until">Last one, inclusive; null where open.</param>
/// <param name="Status">In force, or planned and what of it is not known.</param>
/// <param name="Sources">Where the figures come from.</param>
/// <param name="Classes">By code, A01–A06 and B01–B10. One that is missing is not decided yet: no other period's figures stand in.</param>
public sealed record LimitTable(string From, string? Until, string Status, IReadOnlyList<string> Sources, IReadOnlyDictionary<string, LimitRow> Classes);
