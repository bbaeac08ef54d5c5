using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Eligibility;

/// <summary>
/// The rules of eligibility: is this person insured on the service date, by whom, with which share, up to which limit? A pure
/// function; docs/rules.md has the same as tables, with the sources.
/// </summary>
public static class EligibilityRules
{
    /// <summary>Decides about a person who is known by a card or by the numbers of a document.</summary>
    /// <param name="person">What is known, one revision of each fact. The order of its facts does not count.</param>
    /// <param name="serviceDate">The day the care is given, in Japan. Everything is judged as of this day.</param>
    /// <param name="document">The document whose numbers were typed; null where a card was read.</param>
    /// <param name="limitConsent">The person agreed to the limit being shown. Counts only where numbers were typed.</param>
    /// <param name="institution">Who asks, 10 digits: medical tickets are for one institution. Null: no ticket is looked for.</param>
    public static EligibilityDecision Decide(PersonSnapshot person, DateOnly serviceDate, DocumentInHand? document, bool limitConsent, string? institution = null)
    {
        // 1. The document's own coverage. One that is not among the person's (withdrawn since the numbers were matched) opens nothing.
        CoverageFact? named = null;
        var tolerated = false;
        if (document is not null)
        {
            named = CoverageSelection.ById(person.Coverages, document.CoverageId);
            if (named is null) return Invalid(Reason.NoCoverageKnown, null);
            // An old card past its last day opens nothing but the coverage that its own numbers name.
            if (document.Kind == DocumentKind.InsuranceCard && serviceDate > InsuranceCardEnd.LastDay)
            {
                tolerated = serviceDate <= InsuranceCardEnd.AcceptedUntil(named.InsurerNumber) && named.Covers(serviceDate);
                if (!tolerated) return Invalid(Reason.InsuranceCardEnded, named);
            }
        }

        // 2. None counts on the day: in a gap the newer one is shown beside the one before it; else the last that ended, or the first to come.
        var counting = CoverageSelection.CountOn(serviceDate, person.Coverages, out _);
        if (counting == 0)
        {
            return (CoverageSelection.LastEnded(serviceDate, person.Coverages), CoverageSelection.NextToBegin(serviceDate, person.Coverages)) switch
            {
                ({ } ended, { } next) => Gap(next, ended),
                ({ } ended, null) => Invalid(Reason.CoverageEnded, ended),
                (null, { } next) => Invalid(Reason.CoverageNotBegun, next),
                _ => Invalid(Reason.NoCoverageKnown, null),
            };
        }

        // 3. The certificate in hand is of a coverage that counts, but none on it is in force.
        var namedCounts = named is not null && named.Covers(serviceDate);
        var needsCertificate = namedCounts && document!.Kind is not (DocumentKind.InsuranceCard or DocumentKind.EligibilityNotice);
        if (needsCertificate && !EligibilityCertificateRule.CountsOn(serviceDate, person, named!))
            return Invalid(Reason.EligibilityCertificateEnded, named);

        // 4. Several count: never guessed, not even where the document names one of them. An insurance beside medical assistance is one.
        if (BilledCoverage.On(serviceDate, person.Coverages, out var assistance) is not { } coverage)
            return Several(person, serviceDate, counting, institution) with { InsuranceCardTolerated = tolerated };

        // 5. One is billed first. Where it is not the document's, it is answered as the one to bill.
        var group = AgeGroups.On(serviceDate, coverage, person.DetailOn(serviceDate, coverage.InsurerNumber).BirthDate);
        var burden = Burden.On(serviceDate, person, coverage, group);
        var mayShowLimits = document is null || limitConsent;
        var limit = mayShowLimits ? LimitClassRule.On(serviceDate, person, coverage, group, burden) : null;
        var another = named is not null && !namedCounts;
        // Medical assistance counts, but care is given on a medical ticket for this month and this institution.
        var tickets = assistance is null ? [] : MedicalTicketRule.On(serviceDate, person, assistance, institution);
        var needsTicket = assistance is not null && tickets.Count == 0;
        var isBesideInsurance = assistance is not null && assistance != coverage;
        return new EligibilityDecision(
            another ? Validity.InvalidNewerExists : needsTicket ? Validity.ValidNotRegistered : Validity.Valid,
            another ? Reason.NewerCoverageExists : needsTicket ? Reason.TicketNotRegistered : Reason.Unspecified,
            isBesideInsurance ? [coverage, assistance!] : person.Coverages.Length == 1 ? person.Coverages : [coverage],
            burden.Percent,
            limit,
            limit is not null ? LimitAbsence.Unspecified : mayShowLimits ? LimitClassRule.AbsenceOn(serviceDate, person, coverage, group, burden) : LimitAbsence.NoConsent,
            // A specific disease is a limit that tells a diagnosis: shown on the same consent.
            mayShowLimits ? SpecificDiseaseRule.On(serviceDate, person, coverage) : [])
        {
            InsuranceCardTolerated = tolerated,
            Ratio = burden.Certificate,
            Tickets = tickets,
            MealCertificate = mayShowLimits ? LimitClassRule.ForMealsOn(serviceDate, person, coverage) : null,
            BillFirst = isBesideInsurance ? coverage : null,
        };
    }

    // No coverage, so no question of a limit: its absence has no reason of its own.
    private static EligibilityDecision Invalid(Reason reason, CoverageFact? known) =>
        new(Validity.Invalid, reason, known is null ? [] : [known], BurdenPercent: 0, Limit: null, LimitAbsence.Unspecified, []);

    // The newer one does not count yet, so neither share nor limit is told.
    private static EligibilityDecision Gap(CoverageFact newer, CoverageFact ended) =>
        new(Validity.InvalidNewerExists, Reason.GapBeforeNewerCoverage, [newer, ended], BurdenPercent: 0, Limit: null, LimitAbsence.Unspecified, []);

    // The share is told where it is the same whichever of them it is.
    private static EligibilityDecision Several(PersonSnapshot person, DateOnly day, int counting, string? institution)
    {
        var coverages = CoverageSelection.AllOn(day, person.Coverages, counting);
        var percent = PercentOf(coverages[0]);
        IReadOnlyList<MedicalTicketFact> tickets = [];
        foreach (var coverage in coverages)
        {
            if (PercentOf(coverage) != percent) percent = 0;
            if (MedicalTicketRule.On(day, person, coverage, institution) is { Count: > 0 } found) tickets = found;
        }
        return new EligibilityDecision(Validity.Multiple, Reason.MultipleCoverages, coverages, percent, Limit: null, LimitAbsence.SeveralCoverages, [])
        {
            BillFirst = BillingOrder.FirstOf(coverages),
            Tickets = tickets,
        };

        int PercentOf(CoverageFact coverage) =>
            Burden.On(day, person, coverage, AgeGroups.On(day, coverage, person.DetailOn(day, coverage.InsurerNumber).BirthDate)).Percent;
    }
}
