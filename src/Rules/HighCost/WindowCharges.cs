namespace EligibilityGateway.Rules.HighCost;

/// <summary>
/// What is collected at the window (現物給付). A site caps what it sees itself: one patient, one institution, one table and setting, one
/// month, one household under one insurer. All else is the insurer's, later: <see cref="MonthSettlement"/>.
/// </summary>
public static class WindowCharges
{
    /// <summary>Charges bills of one calendar month in the order in which they are paid.</summary>
    /// <param name="bills">In order.</param>
    /// <param name="terms">Of each bill.</param>
    /// <param name="charges">Takes the result of each; of one that is not covered, nothing.</param>
    /// <returns>What all windows together left to the insurers, in yen: shares above the limits.</returns>
    public static long Charge(ReadOnlySpan<Bill> bills, ReadOnlySpan<BillTerms> terms, Span<BillCharge> charges)
    {
        Span<Window> windows = bills.Length <= Scratch.Bills ? stackalloc Window[bills.Length] : new Window[bills.Length];
        Span<int> ofWindows = bills.Length <= Scratch.Bills ? stackalloc int[bills.Length] : new int[bills.Length];
        var opened = 0;
        for (var i = 0; i < bills.Length; i++)
        {
            charges[i] = default;
            if (!terms[i].IsCovered) continue;
            var at = BillGroups.Find(i, ofWindows[..opened], bills, terms, static (one, other) => one.Table == other.Table && one.Institution == other.Institution);
            if (at == opened)
            {
                ofWindows[opened] = i;
                windows[opened++] = default;
            }
            ref var window = ref windows[at];

            charges[i] = Charge(bills[i], terms[i], window.Cost, window.Collected);
            window.Cost += bills[i].TotalCost;
            window.Share += charges[i].Share;
            window.Collected += charges[i].Charged;
            window.Limit = charges[i].LeftToLimit + window.Collected;
        }
        var leftToInsurers = 0L;
        foreach (ref readonly var window in windows[..opened])
            if (window.Limit is { } limit) leftToInsurers += Math.Max(0, window.Share - limit);
        return leftToInsurers;
    }

    /// <summary>Charges one bill that is covered.</summary>
    /// <param name="bill">The bill.</param>
    /// <param name="terms">Its terms.</param>
    /// <param name="earlierCost">Total cost of the month's earlier bills at this window.</param>
    /// <param name="earlierCollected">What was collected for them.</param>
    public static BillCharge Charge(in Bill bill, in BillTerms terms, long earlierCost, long earlierCollected)
    {
        if (terms.IsAssisted) return Assisted(bill, terms, earlierCost, earlierCollected);
        var share = Yen.Share(bill.TotalCost, terms.Percent);
        var charged = Yen.ToTen(share);
        if (WindowLimit.Of(bill, terms, earlierCost + bill.TotalCost)?.Yen is not { } limit) return new BillCharge(share, charged, null);
        // The limit is collected to the yen.
        charged = Math.Min(charged, Math.Max(0, limit - earlierCollected));
        return new BillCharge(share, charged, Math.Max(0, limit - earlierCollected - charged));
    }

    /// <summary>
    /// With medical assistance: the insurance comes first, what it leaves up to its limit goes to the assistance, and the patient pays of that what the ticket says
    /// for the month.
    /// </summary>
    private static BillCharge Assisted(in Bill bill, in BillTerms terms, long earlierCost, long earlierCollected)
    {
        var cost = earlierCost + bill.TotalCost;
        var (leftBefore, _) = LeftByInsurance(bill, terms, earlierCost);
        var (leftInAll, limit) = LeftByInsurance(bill, terms, cost);
        var left = Math.Max(0, leftInAll - leftBefore);
        var charged = terms.SelfPayYen is { } selfPay ? Math.Clamp(selfPay - earlierCollected, 0, left) : 0;
        return new BillCharge(Yen.Share(bill.TotalCost, terms.Percent), charged, limit - leftInAll) { ToAssistance = left - charged };
    }

    /// <summary>What an insurance leaves of the cost in all, and its limit; without an insurance, where the share is 0, all is left.</summary>
    private static (long Left, long? Limit) LeftByInsurance(in Bill bill, in BillTerms terms, long cost)
    {
        var share = terms.Percent == 0 ? cost : Yen.Share(cost, terms.Percent);
        return WindowLimit.Of(bill, terms, cost)?.Yen is { } limit ? (Math.Min(share, limit), limit) : (share, null);
    }

    private struct Window
    {
        public long Cost;
        public long Share;
        public long Collected;
        public long? Limit;
    }
}
