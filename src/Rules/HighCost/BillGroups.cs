namespace EligibilityGateway.Rules.HighCost;

/// <summary>Puts bills together that are capped together: of one patient, setting and pool, and those of a specific disease apart.</summary>
internal static class BillGroups
{
    /// <summary>The group of a bill; as many groups as there are where it begins a new one.</summary>
    /// <param name="bill">Index of the bill.</param>
    /// <param name="ofGroups">Index of one bill of each group.</param>
    /// <param name="bills">All bills.</param>
    /// <param name="terms">Of each bill.</param>
    /// <param name="isSamePlace">Whether two bills are of one place, as the caller counts places.</param>
    public static int Find(
        int bill, ReadOnlySpan<int> ofGroups, ReadOnlySpan<Bill> bills, ReadOnlySpan<BillTerms> terms, Func<Bill, Bill, bool> isSamePlace)
    {
        ref readonly var wanted = ref bills[bill];
        for (var group = 0; group < ofGroups.Length; group++)
        {
            var one = ofGroups[group];
            ref readonly var other = ref bills[one];
            if (other.Member == wanted.Member && other.IsInpatient == wanted.IsInpatient
                && terms[one].Pool == terms[bill].Pool
                && terms[one].SpecificDiseaseYen is null == terms[bill].SpecificDiseaseYen is null
                && isSamePlace(other, wanted)) return group;
        }
        return ofGroups.Length;
    }
}
