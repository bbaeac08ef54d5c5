using EligibilityGateway.Contracts;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Gateway.Feeds.Insurers;

/// <summary>A medical ticket (医療券) on a coverage of medical assistance.</summary>
/// <param name="TicketId">The welfare office's own number for it, the same through all revisions.</param>
/// <param name="PersonId">Whose it is.</param>
/// <param name="CoverageId">On which coverage.</param>
/// <param name="ValidFrom">First day.</param>
/// <param name="ValidUntil">Last day, inclusive.</param>
/// <param name="TreatmentMonth">First day of the month for which it is.</param>
/// <param name="Institution">The institution for which it is: a pharmacy has tickets of its own.</param>
/// <param name="Prescriber">With a pharmacy: the institution that prescribes; else null.</param>
/// <param name="SelfPayYen">What the person pays there in the month.</param>
/// <param name="Details">What is handed on besides.</param>
public sealed record MedicalTicketEntry(
    long TicketId,
    long PersonId,
    long CoverageId,
    DateOnly ValidFrom,
    DateOnly ValidUntil,
    DateOnly TreatmentMonth,
    InstitutionCode Institution,
    InstitutionCode? Prescriber,
    int SelfPayYen,
    TicketDetails Details);
