using EligibilityGateway.Rules.Eligibility.Policies;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Eligibility;

/// <summary>Which of several coverages that count on one day is billed first: billing-order.json, then the latest acquired.</summary>
internal static class BillingOrder
{
    /// <summary>Null where two come first: nobody may guess.</summary>
    public static CoverageFact? FirstOf(IReadOnlyList<CoverageFact> coverages)
    {
        CoverageFact? first = null;
        var tied = false;
        foreach (var coverage in coverages)
        {
            var order = first is null ? -1 : Compare(coverage, first);
            if (order < 0) (first, tied) = (coverage, false);
            else if (order == 0) tied = true;
        }
        return tied ? null : first;
    }

    private static int Compare(CoverageFact one, CoverageFact other)
    {
        var byScheme = BillingOrderPolicy.PlaceOf(one.InsurerNumber, one.Classification).CompareTo(BillingOrderPolicy.PlaceOf(other.InsurerNumber, other.Classification));
        return byScheme != 0 ? byScheme : other.AcquiredOn.CompareTo(one.AcquiredOn);
    }
}
