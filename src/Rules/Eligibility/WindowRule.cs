using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Facts;
using EligibilityGateway.Rules.HighCost;

namespace EligibilityGateway.Rules.Eligibility;

/// <summary>
/// What a bill means at the window of one institution, and what the month has cost beyond it. Pure. By the share and class that the
/// answer shows; whether the month is a fourth one within twelve, the insurer knows.
/// </summary>
/// <param name="person">The patient.</param>
/// <param name="decision">What the rules say of the service date.</param>
/// <param name="serviceDate">The day of the bill.</param>
/// <param name="today">Charges that are reported count until their last day.</param>
/// <param name="institution">Whose window it is, 10 digits.</param>
internal sealed class WindowRule(PersonSnapshot person, EligibilityDecision decision, DateOnly serviceDate, DateOnly today, string institution)
{
    // Half of the window's rounding to 10 yen: what a site left uncollected beyond it, it left to the insurer.
    private const long MostRounding = 5;

    /// <summary>
    /// What is collected for a bill now; null where one coverage with a known share does not count, and with medical assistance where no ticket says what the patient pays.
    /// </summary>
    /// <param name="planned">The bill. Where it says nothing of the month's earlier ones, those that the institution reported are taken.</param>
    public WindowOutcome? Collect(PlannedBill planned)
    {
        if (decision.Billed is not { } coverage) return null;
        // The share of medical assistance alone is 0; any other that is 0 is not known.
        if (decision.BurdenPercent == 0 && coverage != decision.Assistance) return null;
        if (decision.Assistance is not null && decision.SelfPayYen is null) return null;
        var isGranted = planned.SpecificDisease && decision.SpecificDiseases.Count > 0;
        var bill = new Bill(0, serviceDate, institution, CareTables.Of(institution), PrescriberOf(planned), planned.Inpatient, planned.TotalCostYen, isGranted);
        var terms = BillTermsRule.On(serviceDate, person, coverage, PoolOf(coverage), isMultipleHit: false, isGranted) with
        {
            Percent = decision.BurdenPercent,
            LimitClass = decision.Limit?.Code,
            IsAssisted = decision.Assistance is not null,
            SelfPayYen = decision.SelfPayYen,
        };
        var (earlierCost, earlierCharged) = planned is { EarlierCostYen: 0, EarlierChargedYen: 0 }
            ? ReportedHere(bill, terms)
            : (planned.EarlierCostYen, planned.EarlierChargedYen);
        return new WindowOutcome(bill, terms, WindowCharges.Charge(bill, terms, earlierCost, earlierCharged), earlierCost, earlierCharged);
    }

    /// <summary>The month of the service date at other institutions, as far as they have reported it.</summary>
    /// <param name="window">The bill of this look-up, which the forecast includes; null where there is none.</param>
    public MonthElsewhereOutcome Elsewhere(WindowOutcome? window)
    {
        var charges = Array.FindAll(person.Charges, charge => CountsInMonth(charge) && (charge.IsCollected || charge.Institution != institution));
        long elsewhere = 0;
        foreach (var charge in charges)
            if (charge.Institution != institution) elsewhere += charge.ChargedYen;
        return new MonthElsewhereOutcome(elsewhere, Refund(charges, window));
    }

    /// <summary>What the insurer will pay back of the month; null where the share or the limit of a part is not known.</summary>
    private long? Refund(ChargeFact[] charges, WindowOutcome? window)
    {
        var count = charges.Length + (window is null ? 0 : 1);
        var (bills, terms, collected) = (new Bill[count], new BillTerms[count], new BillCharge[count]);
        var leftToInsurers = 0L;
        for (var i = 0; i < count; i++)
        {
            if (i == charges.Length) (bills[i], terms[i], collected[i], _, _) = window!.Value;
            else (bills[i], terms[i], collected[i]) = Of(charges[i]);
            // What is left of the share is medical assistance's, and so is what the insurer pays back of it.
            if (terms[i] is { IsCovered: false } or { Percent: 0 } or { IsAssisted: true }) return null;
            if (collected[i].Share - collected[i].Charged is var left and > MostRounding) leftToInsurers += left;
        }
        return MonthSettlement.Settle(bills, terms, collected, leftToInsurers).RefundExpected;
    }

    private (Bill Bill, BillTerms Terms, BillCharge Charge) Of(ChargeFact charge)
    {
        var bill = new Bill(
            0, charge.ServiceDate, charge.Institution, CareTables.Of(charge.Institution), charge.Prescriber, charge.IsInpatient, charge.TotalCostYen, charge.IsSpecificDisease);
        var terms = BilledCoverage.On(charge.ServiceDate, person.Coverages, out var assistance) is { } coverage
            ? BillTermsRule.On(charge.ServiceDate, person, coverage, PoolOf(coverage), isMultipleHit: false, charge.IsSpecificDisease) with { IsAssisted = assistance is not null }
            : BillTerms.NotCovered;
        return (bill, terms, new BillCharge(Yen.Share(charge.TotalCostYen, terms.Percent), charge.ChargedYen, null));
    }

    /// <summary>The month's bills that this institution has collected at the window of that bill.</summary>
    private (long Cost, long Charged) ReportedHere(in Bill bill, in BillTerms terms)
    {
        var (cost, charged) = (0L, 0L);
        foreach (var charge in person.Charges)
        {
            if (charge.Institution != institution || !charge.IsCollected || !CountsInMonth(charge) || charge.IsInpatient != bill.IsInpatient) continue;
            var (_, other, _) = Of(charge);
            if (other.Pool != terms.Pool || other.SpecificDiseaseYen is null != terms.SpecificDiseaseYen is null) continue;
            (cost, charged) = (cost + charge.TotalCostYen, charged + charge.ChargedYen);
        }
        return (cost, charged);
    }

    private static string? PrescriberOf(PlannedBill planned) => planned.Prescriber.Length > 0 ? planned.Prescriber : null;

    private bool CountsInMonth(ChargeFact charge) =>
        charge.CountsUntil >= today && charge.ServiceDate.Year == serviceDate.Year && charge.ServiceDate.Month == serviceDate.Month;

    // Another symbol or number of the same insurer is another limit.
    private int PoolOf(CoverageFact coverage)
    {
        var household = InsuredHousehold.Of(coverage);
        return Array.FindIndex(person.Coverages, other => InsuredHousehold.Of(other) == household);
    }
}

/// <summary>A bill, the terms it has and what is collected for it.</summary>
/// <param name="Bill">The bill.</param>
/// <param name="Terms">What the rules say of it.</param>
/// <param name="Charge">What is collected for it now.</param>
/// <param name="EarlierCost">Total cost of the month's earlier bills at this window.</param>
/// <param name="EarlierCharged">What was collected for them.</param>
public readonly record struct WindowOutcome(Bill Bill, BillTerms Terms, BillCharge Charge, long EarlierCost, long EarlierCharged);

/// <summary>What the month has cost elsewhere, in yen.</summary>
/// <param name="Charged">Collected or held at other institutions, as they report it.</param>
/// <param name="RefundForecast">What the insurer will refund as far as the month is reported; null where the limit is not known.</param>
public readonly record struct MonthElsewhereOutcome(long Charged, long? RefundForecast);
