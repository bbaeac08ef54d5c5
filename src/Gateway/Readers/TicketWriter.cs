using System.Globalization;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Snapshots;

namespace EligibilityGateway.Gateway.Readers;

/// <summary>Medical tickets in the public message.</summary>
internal static class TicketWriter
{
    /// <param name="ticket">For the asking institution.</param>
    /// <param name="coverage">Medical assistance: its numbers are the payer's and the recipient's.</param>
    public static MedicalTicket Write(MedicalTicketFact ticket, CoverageFact coverage) => new()
    {
        PayerNumber = coverage.InsurerNumber,
        RecipientNumber = coverage.Number,
        WelfareOffice = coverage.InsurerName,
        TicketType = ticket.Details.TicketType,
        ValidFrom = JapanTime.Format(ticket.ValidFrom),
        ValidUntil = JapanTime.Format(ticket.ValidUntil),
        IssueNumber = ticket.Details.IssueNumber,
        TreatmentMonth = ticket.TreatmentMonth.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        Institution = ticket.Institution,
        InstitutionFlag = ticket.Details.InstitutionFlag,
        InstitutionName = ticket.Details.InstitutionName,
        Prescriber = ticket.Prescriber ?? "",
        PrescriberName = ticket.Details.PrescriberName,
        Injuries = { ticket.Details.Injuries },
        TreatmentType = ticket.Details.TreatmentType,
        SelfPayYen = (uint)ticket.SelfPayYen,
        DistrictContact = ticket.Details.DistrictContact,
        HandlingContact = ticket.Details.HandlingContact,
        SingleOrCombined = ticket.Details.SingleOrCombined,
        SocialInsurance = ticket.Details.SocialInsurance,
        Consistency = ticket.Details.Consistency,
        Infection = ticket.Details.Infection,
        ElderlyCare = ticket.Details.ElderlyCare,
        PrefecturalExpenses = ticket.Details.PrefecturalExpenses,
        Remarks = { ticket.Details.Remarks },
    };
}
