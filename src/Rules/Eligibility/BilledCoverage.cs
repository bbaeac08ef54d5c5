using EligibilityGateway.Rules.Eligibility.Policies;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Eligibility;

/// <summary>
/// Which coverage care of a day is billed under first. Medical assistance bears what no other law does (Public Assistance Act, art. 4): an insurance beside it
/// comes first, whichever began later.
/// </summary>
internal static class BilledCoverage
{
    /// <summary>The one insurance that counts, else the one medical assistance; null where none counts, or nobody can say which.</summary>
    /// <param name="day">The day of the care.</param>
    /// <param name="coverages">The person's.</param>
    /// <param name="assistance">Medical assistance that counts, alone or beside the insurance; of two, the latest acquired. Null where there is none.</param>
    public static CoverageFact? On(DateOnly day, CoverageFact[] coverages, out CoverageFact? assistance)
    {
        CoverageFact? insurance = null;
        assistance = null;
        var (insurances, assistances) = (0, 0);
        foreach (var coverage in coverages)
        {
            if (!coverage.Covers(day)) continue;
            if (!ClassificationPolicy.Of(coverage.Classification).NeedsTicket)
            {
                insurance = coverage;
                insurances++;
                continue;
            }
            if (assistance is null || CoverageSelection.IsLater(coverage, assistance)) assistance = coverage;
            assistances++;
        }
        return (insurances, assistances) switch
        {
            (1, _) => insurance,
            (0, 1) => assistance,
            _ => null,
        };
    }
}
