using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Eligibility;
using EligibilityGateway.Rules.Facts;
using EligibilityGateway.Rules.HighCost;
using EligibilityGateway.Rules.HighCost.Tables;

namespace EligibilityGateway.Rules.Households;

/// <summary>Puts the rules together for a household: validity on the service date, each bill on its own date, and the month.</summary>
internal static class HouseholdRules
{
    public static Decision Decide(Household household)
    {
        var patient = household.Members[0].Person;
        var day = household.ServiceDate;
        var decision = EligibilityRules.Decide(patient, day, document: null, limitConsent: false);
        // Medical assistance without its ticket is a yes with a reason: its share is the ticket's to say.
        if (decision.Validity is not (Validity.Valid or Validity.ValidNotRegistered))
            return new Decision(patient.Coverages.Length == 0 ? Validity.NotFound : decision.Validity, -1, null, null, decision.Reason, AmountDoubt.None, [], null, null, null);

        var counting = CountingOn(day, patient.Coverages);
        var coverage = patient.Coverages[counting];
        var onServiceDate = BillTermsRule.ByAge(day, patient, coverage, 0, false, false);

        var terms = TermsOf(household, coverage);
        var charges = new BillCharge[terms.Length];
        var leftToInsurers = WindowCharges.Charge(household.Bills, terms, charges);
        var month = MonthSettlement.Settle(household.Bills, terms, charges, leftToInsurers);
        var doubt = DoubtOf(household, terms);
        // A bill of a day that nobody answers for leaves the month's sums open; so does one of which the ticket says what is paid.
        if (doubt is AmountDoubt.BillNotCovered or AmountDoubt.TicketSays) month = month with { RefundExpected = null, FinalBurden = null };
        return new Decision(
            Validity.Valid, counting, onServiceDate.Percent, onServiceDate.LimitClass, decision.Reason, doubt, terms, charges, month,
            YearOf(household, terms, month, onServiceDate.LimitClass));
    }

    private static int CountingOn(DateOnly day, CoverageFact[] coverages) => Array.IndexOf(coverages, BilledCoverage.On(day, coverages, out _));

    private static BillTerms[] TermsOf(Household household, CoverageFact onServiceDate)
    {
        var bills = household.Bills;
        if (bills.Length == 0) return [];
        var terms = new BillTerms[bills.Length];
        var months = new HighCostMonths(household.Members, onServiceDate, bills[0].Date);
        // By the order in which bills name them; the service date's first.
        List<InsuredHousehold> pools = [InsuredHousehold.Of(onServiceDate)];
        for (var i = 0; i < bills.Length; i++)
        {
            var person = household.Members[bills[i].Member].Person;
            if (BilledCoverage.On(bills[i].Date, person.Coverages, out var assistance) is not { } coverage)
            {
                terms[i] = BillTerms.NotCovered;
                continue;
            }
            terms[i] = BillTermsRule.ByAge(bills[i].Date, person, coverage, PoolOf(coverage, pools), months.IsMultipleHit(coverage, person.Coverages), bills[i].IsSpecificDisease) with { IsAssisted = assistance is not null };
        }
        return terms;
    }

    private static int PoolOf(CoverageFact coverage, List<InsuredHousehold> pools)
    {
        var household = InsuredHousehold.Of(coverage);
        var at = pools.IndexOf(household);
        if (at >= 0) return at;
        pools.Add(household);
        return pools.Count - 1;
    }

    // Where no bill was sent, no amount is missing.
    private static AmountDoubt DoubtOf(Household household, BillTerms[] terms)
    {
        for (var i = 0; i < terms.Length; i++)
        {
            if (!terms[i].IsCovered) return AmountDoubt.BillNotCovered;
            if (terms[i].IsAssisted) return AmountDoubt.TicketSays;
            if (terms[i].Percent == 100) return AmountDoubt.PaysAllFirst;
            if (DoubtOf(terms[i].LimitClass, household.Bills[i].Date) is var doubt && doubt != AmountDoubt.None) return doubt;
        }
        return AmountDoubt.None;
    }

    private static AmountDoubt DoubtOf(string? limitClass, DateOnly day) =>
        limitClass is null ? AmountDoubt.LimitNotGiven : LimitTables.Find(day, limitClass) is null ? AmountDoubt.LimitNotDecided : AmountDoubt.None;

    // The month's outpatient burden of the patient alone is settled for itself: the annual cap is a person's.
    private static YearOutcome? YearOf(Household household, BillTerms[] terms, MonthOutcome month, string? limitClass)
    {
        if (month.FinalBurden is not { } burden || limitClass is null) return null;
        long all = 0;
        var isSent = false;
        foreach (var member in household.Members)
        {
            if (member.YearToDate is not { } year) continue;
            (all, isSent) = (all + year.All, true);
        }
        if (!isSent) return null;
        var day = household.Bills.Length > 0 ? household.Bills[0].Date : household.ServiceDate;
        var outpatient = (household.Members[0].YearToDate?.Outpatient ?? 0) + OutpatientOfPatient(household.Bills, terms);
        return YearOutcome.Of(day, limitClass, outpatient, all + burden);
    }

    private static long OutpatientOfPatient(Bill[] bills, BillTerms[] terms)
    {
        var at = Enumerable.Range(0, bills.Length).Where(i => bills[i].Member == 0 && !bills[i].IsInpatient && terms[i].Pool == 0).ToArray();
        Bill[] own = [.. at.Select(i => bills[i])];
        BillTerms[] ownTerms = [.. at.Select(i => terms[i])];
        var charges = new BillCharge[own.Length];
        var left = WindowCharges.Charge(own, ownTerms, charges);
        return MonthSettlement.Settle(own, ownTerms, charges, left).FinalBurden ?? 0;
    }
}
