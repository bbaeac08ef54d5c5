using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Eligibility;

/// <summary>Picks a person's coverages by the day. The coverage's id breaks ties, so that no result hangs on the order of facts.</summary>
internal static class CoverageSelection
{
    public static CoverageFact? ById(CoverageFact[] coverages, long coverageId)
    {
        foreach (var coverage in coverages)
            if (coverage.CoverageId == coverageId) return coverage;
        return null;
    }

    /// <summary>How many count on the day, and one of them.</summary>
    public static int CountOn(DateOnly day, CoverageFact[] coverages, out CoverageFact? one)
    {
        one = null;
        var count = 0;
        foreach (var coverage in coverages)
        {
            if (!coverage.Covers(day)) continue;
            one = coverage;
            count++;
        }
        return count;
    }

    /// <summary>All that count on the day, the latest acquired first: it is the likeliest.</summary>
    public static CoverageFact[] AllOn(DateOnly day, CoverageFact[] coverages, int count)
    {
        var all = new CoverageFact[count];
        var next = 0;
        foreach (var coverage in coverages)
            if (coverage.Covers(day)) all[next++] = coverage;
        Array.Sort(all, static (a, b) => (b.AcquiredOn, b.CoverageId).CompareTo((a.AcquiredOn, a.CoverageId)));
        return all;
    }

    /// <summary>The one that ended last on or before the day.</summary>
    public static CoverageFact? LastEnded(DateOnly day, CoverageFact[] coverages)
    {
        CoverageFact? found = null;
        foreach (var coverage in coverages)
        {
            if (coverage.LostOn is not { } lost || lost > day || NeverCounted(coverage)) continue;
            if (found is null || lost > found.LostOn || (lost == found.LostOn && IsLater(coverage, found))) found = coverage;
        }
        return found;
    }

    /// <summary>The one that begins first after the day.</summary>
    public static CoverageFact? NextToBegin(DateOnly day, CoverageFact[] coverages)
    {
        CoverageFact? found = null;
        foreach (var coverage in coverages)
        {
            if (coverage.AcquiredOn <= day || NeverCounted(coverage)) continue;
            if (found is null || IsLater(found, coverage)) found = coverage;
        }
        return found;
    }

    /// <summary>Acquired later; the coverage's id breaks a tie.</summary>
    public static bool IsLater(CoverageFact one, CoverageFact other) =>
        (one.AcquiredOn, one.CoverageId).CompareTo((other.AcquiredOn, other.CoverageId)) > 0;

    // Lost on the day it was acquired: taken back before it began, so there is nothing in it to bill.
    private static bool NeverCounted(CoverageFact coverage) => coverage.LostOn == coverage.AcquiredOn;
}
