using EligibilityGateway.Rules.Eligibility.Policies;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Eligibility;

/// <summary>Which medical tickets (医療券) an institution may see: those for itself, in the month of the service date.</summary>
internal static class MedicalTicketRule
{
    /// <summary>In the order of their first days; empty where there is none, or nobody asks for an institution.</summary>
    public static IReadOnlyList<MedicalTicketFact> On(DateOnly day, PersonSnapshot person, CoverageFact coverage, string? institution)
    {
        if (institution is null || person.MedicalTickets.Length == 0 || !ClassificationPolicy.Of(coverage.Classification).NeedsTicket) return [];
        List<MedicalTicketFact>? found = null;
        foreach (var ticket in person.MedicalTickets)
            if (ticket.CoverageId == coverage.CoverageId && ticket.Institution == institution && ticket.Counts(day)) (found ??= []).Add(ticket);
        if (found is null) return [];
        found.Sort(static (one, other) => (one.ValidFrom, one.Details.IssueNumber).CompareTo((other.ValidFrom, other.Details.IssueNumber)));
        return found;
    }
}
