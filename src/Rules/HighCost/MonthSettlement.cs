using EligibilityGateway.Rules.HighCost.Tables;

namespace EligibilityGateway.Rules.HighCost;

/// <summary>A household's month after all benefits (高額療養費), in yen. Annual caps are apart: they are settled after the year.</summary>
/// <param name="Shares">All shares of all bills.</param>
/// <param name="Charged">All that was collected at windows.</param>
/// <param name="RefundExpected">What insurers pay back; null where a limit is not known.</param>
/// <param name="FinalBurden">What stays with the household by the law's sums, before the window's rounding to 10 yen; null likewise.</param>
public readonly record struct MonthOutcome(long Shares, long Charged, long? RefundExpected, long? FinalBurden);

/// <summary>
/// The insurer's side of a month. Within one household: (1) from 70 on, each person's outpatient shares are capped, then all of the
/// person's, which counts where the person's own limits are halved; (2) what is left from 70 on is capped for the household; (3) where somebody
/// under 70 has groups of 21,000 yen and more, these and the rest from 70 on are capped together. Groups below 21,000 stay out, share and cost.
/// Where the person's limits are halved, 21,000 is, too.
/// </summary>
public static class MonthSettlement
{
    /// <summary>A group's share from which it is aggregated under 70: exactly so much counts.</summary>
    public const long AggregatedFrom = 21_000;

    /// <summary>Settles bills of one calendar month. Their order does not count, but for what the windows collected.</summary>
    public static MonthOutcome Settle(ReadOnlySpan<Bill> bills, ReadOnlySpan<BillTerms> terms, ReadOnlySpan<BillCharge> charges, long leftToInsurers)
    {
        Span<Group> scratch = bills.Length <= Scratch.Bills ? stackalloc Group[bills.Length] : new Group[bills.Length];
        var groups = scratch[..GroupUp(bills, terms, charges, scratch)];
        long shares = 0, charged = 0;
        foreach (ref readonly var charge in charges) (shares, charged) = (shares + charge.Share, charged + charge.Charged);

        long final = 0;
        for (var i = 0; i < groups.Length; i++)
        {
            if (groups[i].IsSettled) continue;
            if (SettlePool(groups[i..], bills, terms) is not { } burden) return new MonthOutcome(shares, charged, null, null);
            final += burden;
        }
        return new MonthOutcome(shares, charged, Math.Max(0, shares - final - leftToInsurers), final);
    }

    /// <summary>Of the first group's pool; null where a limit is not known.</summary>
    private static long? SettlePool(Span<Group> groups, ReadOnlySpan<Bill> bills, ReadOnlySpan<BillTerms> terms)
    {
        var pool = terms[groups[0].LastBill].Pool;
        long elderly = 0, elderlyCost = 0, younger = 0, youngerCost = 0, leftOut = 0;
        LimitRow? elderlyRow = null, youngerRow = null;
        var (isMultipleHit, part) = (false, 1);
        for (var i = 0; i < groups.Length; i++)
        {
            ref var group = ref groups[i];
            ref readonly var term = ref terms[group.LastBill];
            if (group.IsSettled || term.Pool != pool) continue;
            isMultipleHit = term.IsMultipleHit;
            part = Math.Max(part, term.Halves.HouseholdPart);
            if (term.IsElderly)
            {
                if (SettleElderly(groups[i..], bills, terms, ref elderlyRow) is not { } person) return null;
                (elderly, elderlyCost) = (elderly + person.Burden, elderlyCost + person.Cost);
            }
            else
            {
                if (SettleYounger(groups[i..], bills, terms, ref youngerRow) is not { } person) return null;
                (younger, youngerCost, leftOut) = (younger + person.Burden, youngerCost + person.Cost, leftOut + person.LeftOut);
            }
        }
        if (elderlyRow is not null) elderly = Math.Min(elderly, MonthlyLimit.Whole(elderlyRow, elderlyCost, isMultipleHit, part));
        if (youngerRow is null) return elderly + leftOut;
        return Math.Min(elderly + younger, MonthlyLimit.Whole(youngerRow, elderlyCost + youngerCost, isMultipleHit, part)) + leftOut;
    }

    /// <summary>All groups of the first one's patient, under 70, and what of them is not aggregated. Null where a limit is not known.</summary>
    private static (long Burden, long Cost, long LeftOut)? SettleYounger(Span<Group> groups, ReadOnlySpan<Bill> bills, ReadOnlySpan<BillTerms> terms, ref LimitRow? householdRow)
    {
        var first = terms[groups[0].LastBill];
        var member = bills[groups[0].LastBill].Member;
        var part = first.Halves.PersonPart;
        long burden = 0, cost = 0, leftOut = 0;
        LimitRow? row = null;
        foreach (ref var group in groups)
        {
            if (group.IsSettled || terms[group.LastBill].Pool != first.Pool || bills[group.LastBill].Member != member) continue;
            group.IsSettled = true;
            if (RowOf(bills, terms, group) is not { } own) return null;
            if (group.Burden < AggregatedFrom / part)
            {
                leftOut += group.Burden;
                continue;
            }
            row = Higher(row, own);
            (burden, cost) = (burden + Math.Min(group.Burden, MonthlyLimit.Whole(own, group.Cost, first.IsMultipleHit, part)), cost + group.Cost);
        }
        if (row is null) return (0, 0, leftOut);
        householdRow = Higher(householdRow, row);
        // Under 70 a person has a limit apart from the household's only where it is the lower part.
        if (part > first.Halves.HouseholdPart) burden = Math.Min(burden, MonthlyLimit.Whole(row, cost, first.IsMultipleHit, part));
        return (burden, cost, leftOut);
    }

    /// <summary>All groups of the first one's patient, from 70 on: outpatient first, then all. Null where a limit is not known.</summary>
    private static (long Burden, long Cost)? SettleElderly(Span<Group> groups, ReadOnlySpan<Bill> bills, ReadOnlySpan<BillTerms> terms, ref LimitRow? householdRow)
    {
        var first = terms[groups[0].LastBill];
        var member = bills[groups[0].LastBill].Member;
        long outpatient = 0, outpatientCost = 0, inpatient = 0, inpatientCost = 0;
        LimitRow? row = null;
        foreach (ref var group in groups)
        {
            if (group.IsSettled || terms[group.LastBill].Pool != first.Pool || bills[group.LastBill].Member != member) continue;
            group.IsSettled = true;
            if (RowOf(bills, terms, group) is not { } own) return null;
            row = Higher(row, own);
            if (bills[group.LastBill].IsInpatient) (inpatient, inpatientCost) = (inpatient + group.Burden, inpatientCost + group.Cost);
            else (outpatient, outpatientCost) = (outpatient + group.Burden, outpatientCost + group.Cost);
        }
        householdRow = Higher(householdRow, row!);
        if (MonthlyLimit.Outpatient(row!, outpatientCost, first.Halves.PersonPart) is { } limit) outpatient = Math.Min(outpatient, limit);
        var (burden, cost) = (outpatient + inpatient, outpatientCost + inpatientCost);
        return (Math.Min(burden, MonthlyLimit.Whole(row!, cost, first.IsMultipleHit, first.Halves.PersonPart)), cost);
    }

    // One household has one class under 70 and one from 70 on. Where an insurer's data say two, the higher limit counts: what is refunded
    // too little can be claimed later.
    private static LimitRow Higher(LimitRow? one, LimitRow other) => one is null || other.Base > one.Base ? other : one;

    private static LimitRow? RowOf(ReadOnlySpan<Bill> bills, ReadOnlySpan<BillTerms> terms, in Group group) =>
        terms[group.LastBill].LimitClass is { } code ? LimitTables.Find(bills[group.LastBill].Date, code) : null;

    /// <summary>Per patient, institution (a pharmacy's with the prescriber's), medical or dental, setting, pool.</summary>
    private static int GroupUp(ReadOnlySpan<Bill> bills, ReadOnlySpan<BillTerms> terms, ReadOnlySpan<BillCharge> charges, Span<Group> groups)
    {
        Span<int> ofGroups = bills.Length <= Scratch.Bills ? stackalloc int[bills.Length] : new int[bills.Length];
        var count = 0;
        for (var i = 0; i < bills.Length; i++)
        {
            if (!terms[i].IsCovered) continue;
            var at = BillGroups.Find(i, ofGroups[..count], bills, terms, static (one, other) => one.IsDental == other.IsDental && one.AggregatedAt == other.AggregatedAt);
            if (at == count)
            {
                ofGroups[count] = i;
                groups[count++] = new Group { LastBill = i };
            }
            ref var group = ref groups[at];
            // The last day's rules stand for the group, whatever the order of its bills.
            if (bills[i].Date > bills[group.LastBill].Date) group.LastBill = i;
            group.Cost += bills[i].TotalCost;
            group.Burden += charges[i].Share;
            if (terms[i].SpecificDiseaseYen is { } limit) group.Burden = Math.Min(group.Burden, limit);
        }
        return count;
    }

    private struct Group
    {
        public int LastBill;
        public long Cost;
        public long Burden;
        public bool IsSettled;
    }
}
