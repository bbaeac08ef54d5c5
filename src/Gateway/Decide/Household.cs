using System.Text.Json;
using EligibilityGateway.Gateway.HighCost;
using EligibilityGateway.Gateway.Snapshots;

namespace EligibilityGateway.Gateway.Decide;

/// <summary>A line that was read: checked, in the types of the rules. The first member is the patient.</summary>
/// <param name="ServiceDate">The day whose validity is asked.</param>
/// <param name="Members">At least one.</param>
/// <param name="Bills">Of one calendar month, in the order in which they are paid.</param>
internal sealed record Household(DateOnly ServiceDate, Member[] Members, Bill[] Bills);

/// <summary>One person of the household.</summary>
/// <param name="Id">As sent.</param>
/// <param name="Person">Facts; a coverage's id is its index in <paramref name="CoverageIds"/>.</param>
/// <param name="CoverageIds">As sent.</param>
/// <param name="HighCostMonths">Months with a high-cost benefit, each as year × 12 + month.</param>
/// <param name="YearToDate">Final burdens of the year so far, in yen; null where not sent.</param>
internal sealed record Member(JsonElement Id, PersonSnapshot Person, JsonElement[] CoverageIds, int[] HighCostMonths, YearToDate? YearToDate);

/// <summary>Final burden from 1 August to the month before, in yen.</summary>
internal sealed record YearToDate(long Outpatient, long All);
