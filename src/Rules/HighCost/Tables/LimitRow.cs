namespace EligibilityGateway.Rules.HighCost.Tables;

/// <summary>One class's figures in one rule period, in yen.</summary>
/// <param name="Base">The month's limit; with <paramref name="Threshold"/> what it begins with.</param>
/// <param name="Threshold">Total cost above which 1 % of the rest is added; null where the limit is flat.</param>
/// <param name="MultipleHit">The limit of a fourth month and on within twelve (多数回該当), without any 1 %; null where there is none.</param>
/// <param name="Outpatient">From 70: the limit of one person's outpatient shares in a month; null where there is none.</param>
/// <param name="OutpatientYear">The same of a year from August to July; settled afterwards.</param>
/// <param name="Year">The cap on all final burdens of a year from August to July (年間上限); settled afterwards.</param>
/// <param name="Easing">A passing measure that may lower <paramref name="Outpatient"/>.</param>
public sealed record LimitRow(
    int Base, int? Threshold = null, int? MultipleHit = null, int? Outpatient = null, int? OutpatientYear = null, int? Year = null, OutpatientEasing? Easing = null);

/// <summary>
/// Easing of the outpatient limit (配慮措置) in the months from <paramref name="From"/> to <paramref name="Until"/>, inclusive: base and a
/// part of the outpatient cost above the threshold, where that is lower than the limit.
/// </summary>
/// <param name="From">First treatment month, yyyy-MM.</param>
/// <param name="Until">Last one, inclusive.</param>
/// <param name="Base">Yen.</param>
/// <param name="Threshold">Yen of outpatient cost.</param>
/// <param name="Percent">Of the cost above the threshold.</param>
/// <param name="Verified">False while no primary text was seen.</param>
public sealed record OutpatientEasing(string From, string Until, int Base, int Threshold, int Percent, bool Verified);
