using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Eligibility.Policies;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Eligibility;

/// <summary>What the rules say about one person on one service date. Pure: the same snapshot and question give the same decision.</summary>
/// <param name="Validity">Valid, invalid, invalid with a newer one, multiple; NOT_FOUND and UNCONFIRMED are no rule's to decide.</param>
/// <param name="Reason">Why it is not a plain yes; <see cref="Reason.Unspecified"/> where it is.</param>
/// <param name="Coverages">
/// The coverage that counts, also where a document named another; where none counts the last known, else the next to begin, in a gap the
/// next and then the last known; where multiple each of them, the latest acquired first; an insurance and then the medical assistance beside it; with a
/// document that has ended its own. May be empty.
/// </param>
/// <param name="BurdenPercent">
/// 10, 20, 30, or 100 with an arrears certificate; 0 where not known, where none counts and with medical assistance alone. Beside an insurance, medical assistance bears it.
/// </param>
/// <param name="Limit">Limit class; null where there is none.</param>
/// <param name="LimitAbsence">Why there is none; unspecified where there is one, or where no coverage counts.</param>
/// <param name="SpecificDiseases">Those that count on the service date for the coverage.</param>
public sealed record EligibilityDecision(
    Validity Validity,
    Reason Reason,
    IReadOnlyList<CoverageFact> Coverages,
    int BurdenPercent,
    LimitDecision? Limit,
    LimitAbsence LimitAbsence,
    IReadOnlyList<SpecificDiseaseFact> SpecificDiseases)
{
    /// <summary>Medical tickets of the asking institution that count on the service date: with them medical assistance is a plain yes.</summary>
    public IReadOnlyList<MedicalTicketFact> Tickets { get; init; } = [];

    /// <summary>What the patient pays here in the month by the ticket, in yen; null where there is no ticket, or more than one.</summary>
    public int? SelfPayYen => Tickets is [var ticket] ? ticket.SelfPayYen : null;

    /// <summary>The coverage that care of the service date is billed under first; null where none counts, or several.</summary>
    public CoverageFact? Billed => IsInsured && Validity != Validity.Multiple ? Coverages[0] : null;

    /// <summary>Medical assistance that counts on the service date, alone or beside an insurance: the patient pays what its ticket says. Null where there is none.</summary>
    public CoverageFact? Assistance => Billed is not null && ClassificationPolicy.Of(Coverages[^1].Classification).NeedsTicket ? Coverages[^1] : null;

    /// <summary>Medical assistance counts beside an insurance, which comes first.</summary>
    public bool IsAssistedBesideInsurance => Assistance is not null && Coverages.Count > 1;

    /// <summary>A coverage counts on the service date, and the document in hand may open it.</summary>
    public bool IsInsured => Validity != Validity.Invalid && Reason != Reason.GapBeforeNewerCoverage;

    /// <summary>The old insurance card in hand has ended and is accepted for now: the person is to be told.</summary>
    public bool InsuranceCardTolerated { get; init; }

    /// <summary>The ratio that the insurer set for a person of 70 or more, where that is the share; else null.</summary>
    public BurdenFact? Ratio { get; init; }

    /// <summary>A certificate that lowers the price of meals and nothing else; null where there is none or it may not be shown.</summary>
    public LimitFact? MealCertificate { get; init; }

    /// <summary>Where more than one counts: the one to bill first, where the rules say one; null elsewhere.</summary>
    public CoverageFact? BillFirst { get; init; }
}
