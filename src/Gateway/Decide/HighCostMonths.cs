using EligibilityGateway.Gateway.Eligibility;
using EligibilityGateway.Gateway.Snapshots;

namespace EligibilityGateway.Gateway.Decide;

/// <summary>
/// The household's earlier months with a high-cost benefit, and so which bills are of a fourth month or a later one within twelve (多数回該当).
/// Months are sent for the insurer of the service date. Where a member had another symbol or number there, as who was insured and is a
/// dependant now, the month stays with that household.
/// </summary>
internal sealed class HighCostMonths
{
    // Three earlier months within twelve, the bill's included.
    private const int Earlier = 3;
    private const int Rolling = 12;

    // Of each household, one bit for each of the eleven months before.
    private readonly Dictionary<InsuredHousehold, int> _seen = [];

    /// <param name="members">The household as stated.</param>
    /// <param name="onServiceDate">The patient's coverage that counts on the service date.</param>
    /// <param name="day">A day of the bills' month.</param>
    public HighCostMonths(Member[] members, CoverageFact onServiceDate, DateOnly day)
    {
        var month = IndexOf(day);
        var patients = InsuredHousehold.Of(onServiceDate);
        foreach (var member in members)
        {
            foreach (var earlier in member.HighCostMonths)
            {
                if (month - earlier is not (> 0 and < Rolling and var ago)) continue;
                var household = HouseholdIn(earlier, member.Person.Coverages, patients);
                _seen[household] = _seen.GetValueOrDefault(household) | (1 << ago);
            }
        }
    }

    /// <summary>Whether a bill under that coverage has the lower, flat limit.</summary>
    public bool IsMultipleHit(CoverageFact coverage) => int.PopCount(_seen.GetValueOrDefault(InsuredHousehold.Of(coverage))) >= Earlier;

    private static InsuredHousehold HouseholdIn(int month, CoverageFact[] coverages, InsuredHousehold patients)
    {
        InsuredHousehold? another = null;
        foreach (var coverage in coverages)
        {
            if (!CoversDayOf(month, coverage) || InsuredHousehold.Of(coverage) is var household && household.Insurer != patients.Insurer) continue;
            if (household == patients) return patients;
            another = household;
        }
        return another ?? patients;
    }

    // Some day of it; the loss date is no longer covered.
    private static bool CoversDayOf(int month, CoverageFact coverage) =>
        IndexOf(coverage.AcquiredOn) <= month && (coverage.LostOn is not { } lost || (lost > coverage.AcquiredOn && IndexOf(lost.AddDays(-1)) >= month));

    private static int IndexOf(DateOnly day) => (day.Year * 12) + day.Month;
}
