using System.Globalization;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Facts;
using static EligibilityGateway.Contracts.WrittenText;

namespace EligibilityGateway.Gateway.LookUps;

/// <summary>Medical tickets in the public message.</summary>
internal static class TicketWriter
{
    /// <param name="ticket">For the asking institution.</param>
    /// <param name="coverage">Medical assistance: its numbers are the payer's and the recipient's.</param>
    public static MedicalTicket Write(MedicalTicketFact ticket, CoverageFact coverage) => new()
    {
        PayerNumber = coverage.InsurerNumber,
        RecipientNumber = Answered(coverage.Number),
        WelfareOffice = Answered(coverage.InsurerName),
        TicketType = Answered(ticket.Details.TicketType),
        ValidFrom = JapanTime.Format(ticket.ValidFrom),
        ValidUntil = JapanTime.Format(ticket.ValidUntil),
        IssueNumber = Answered(ticket.Details.IssueNumber),
        TreatmentMonth = ticket.TreatmentMonth.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        Institution = ticket.Institution,
        InstitutionFlag = Answered(ticket.Details.InstitutionFlag),
        InstitutionName = Answered(ticket.Details.InstitutionName),
        Prescriber = ticket.Prescriber ?? "",
        PrescriberName = Answered(ticket.Details.PrescriberName),
        Injuries = { ticket.Details.Injuries.Select(Answered) },
        TreatmentType = Answered(ticket.Details.TreatmentType),
        SelfPayYen = (uint)ticket.SelfPayYen,
        DistrictContact = Answered(ticket.Details.DistrictContact),
        HandlingContact = Answered(ticket.Details.HandlingContact),
        SingleOrCombined = Answered(ticket.Details.SingleOrCombined),
        SocialInsurance = Answered(ticket.Details.SocialInsurance),
        Consistency = Answered(ticket.Details.Consistency),
        Infection = Answered(ticket.Details.Infection),
        ElderlyCare = Answered(ticket.Details.ElderlyCare),
        PrefecturalExpenses = Answered(ticket.Details.PrefecturalExpenses),
        Remarks = { ticket.Details.Remarks.Select(Answered) },
    };
}
