using EligibilityGateway.Rules.Eligibility;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Households;

/// <summary>
/// The household's earlier months with a high-cost benefit, and so which bills are of a fourth month or a later one within twelve (多数回該当).
/// Months are sent for the insurer of the service date. Where a member had another symbol or number there, as who was insured and is a
/// dependant now, the month stays with that household. A move within the prefecture carries the count on.
/// </summary>
internal sealed class HighCostMonths
{
    // Three earlier months within twelve, the bill's included.
    private const int Earlier = 3;
    private const int Rolling = 12;

    // Of each household, one bit for each of the eleven months before.
    private readonly Dictionary<InsuredHousehold, int> _seen = [];

    /// <param name="members">The household as stated; the first is the patient.</param>
    /// <param name="onServiceDate">The patient's coverage that counts on the service date.</param>
    /// <param name="day">A day of the bills' month.</param>
    public HighCostMonths(Member[] members, CoverageFact onServiceDate, DateOnly day)
    {
        var month = IndexOf(day);
        var patients = HouseholdMove.GoesOnAs(onServiceDate, members[0].Person.Coverages);
        foreach (var member in members)
        {
            var months = 0;
            foreach (var earlier in member.HighCostMonths)
                if (month - earlier is > 0 and < Rolling and var ago) months |= 1 << ago;
            for (var ago = 1; months >> ago != 0; ago++)
            {
                if ((months & (1 << ago)) == 0) continue;
                var household = HouseholdIn(month - ago, member.Person.Coverages, patients);
                _seen[household] = _seen.GetValueOrDefault(household) | (1 << ago);
            }
        }
    }

    /// <summary>Whether a bill under that coverage, one of these, has the lower, flat limit.</summary>
    public bool IsMultipleHit(CoverageFact coverage, CoverageFact[] coverages) =>
        _seen.Count > 0 && int.PopCount(_seen.GetValueOrDefault(HouseholdMove.GoesOnAs(coverage, coverages))) >= Earlier;

    private static InsuredHousehold HouseholdIn(int month, CoverageFact[] coverages, InsuredHousehold patients)
    {
        InsuredHousehold? another = null;
        foreach (var coverage in coverages)
        {
            if (!CoversDayOf(month, coverage)) continue;
            var household = HouseholdMove.GoesOnAs(coverage, coverages);
            if (household == patients) return patients;
            if (household.Insurer == patients.Insurer) another = household;
        }
        return another ?? patients;
    }

    // Some day of it; the loss date is no longer covered.
    private static bool CoversDayOf(int month, CoverageFact coverage) =>
        IndexOf(coverage.AcquiredOn) <= month && (coverage.LostOn is not { } lost || (lost > coverage.AcquiredOn && IndexOf(lost.AddDays(-1)) >= month));

    private static int IndexOf(DateOnly day) => (day.Year * 12) + day.Month;
}
