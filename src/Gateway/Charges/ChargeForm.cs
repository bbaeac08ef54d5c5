using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Calls;
using EligibilityGateway.Gateway.LookUps;
using EligibilityGateway.Rules.Eligibility;

namespace EligibilityGateway.Gateway.Charges;

/// <summary>
/// Reads a report of a charge, or says field by field what is wrong and what to do. Nothing that was sent is repeated in the messages.
/// </summary>
internal static class ChargeForm
{
    /// <summary>Null, with <paramref name="faults"/> filled, where something is wrong.</summary>
    public static ReportedCharge? Read(ChargeReport message, TerminalRole role, DateOnly today, List<FormFault> faults)
    {
        var id = ReadId(message.ChargeId, faults);
        if (!EventId.TryParse(message.LookUpEventId, out var lookUp))
            faults.Add(new("look_up_event_id", "Must be the event id of this institution's look-up that found the patient."));
        if (message.Stage is not (Contracts.V1.ChargeStage.Held or Contracts.V1.ChargeStage.Collected))
            faults.Add(new("stage", "Must be HELD or COLLECTED."));
        var day = ReadDay(message, today, faults);
        if (message.TotalCostYen is 0 or > LookUpForm.MostCost) faults.Add(new("total_cost_yen", "Must be 1 to 1,000,000,000 yen."));
        if (message.ChargedYen > message.TotalCostYen) faults.Add(new("charged_yen", "Is more than the total cost; check both."));
        if (message.Prescriber.Length > 0 && role != TerminalRole.Pharmacy) faults.Add(new("prescriber", "Only a pharmacy has one: leave it empty."));
        var prescriber = LookUpForm.ReadPrescriber("prescriber", message.Prescriber, faults);
        if (faults.Count > 0) return null;
        var stage = (ChargeStage)message.Stage;
        return new ReportedCharge(
            id, lookUp, stage, day, (int)message.TotalCostYen, (int)message.ChargedYen, message.Inpatient, message.SpecificDisease, prescriber,
            ChargeReports.CountsUntil(stage == ChargeStage.Collected, day, today));
    }

    /// <summary>The charge's id; what it gives with a fault counts for nothing.</summary>
    public static EventId ReadId(string text, List<FormFault> faults)
    {
        if (!EventId.TryParse(text, out var id)) faults.Add(new("charge_id", "Must be a UUID of version 7 in text form, chosen by the site for this charge."));
        return id;
    }

    private static DateOnly ReadDay(ChargeReport message, DateOnly today, List<FormFault> faults)
    {
        if (!JapanTime.TryParseDate(message.ServiceDate, out var day))
            faults.Add(new("service_date", "Must be the day of treatment, as yyyy-MM-dd."));
        else if (day > today)
            faults.Add(new("service_date", "Lies ahead; a charge is of a treatment that was given."));
        else if (day < ChargeReports.FirstDay(today))
            faults.Add(new("service_date", $"Lies before {JapanTime.Format(ChargeReports.FirstDay(today))}; the insurer has the claims of that month by now."));
        return day;
    }
}
