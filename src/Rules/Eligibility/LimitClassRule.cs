using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Eligibility.Policies;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Eligibility;

/// <summary>Which class of the monthly limit (適用区分) counts.</summary>
internal static class LimitClassRule
{
    // Lowers the price of meals and nothing else (標準負担額減額認定証).
    private const string MealsOnly = "03";

    // From the highest limit to the lowest, for under 70 (A) and from 70 (B); B09 and B10 are B04's place at 75 and over.
    private const string FallingLimits = "A01 A02 A03 A04 A05 A06 B01 B02 B03 B04 B09 B10 B05 B06 B07 B08";

    private static readonly LimitDecision HighestIncome = new("B01", Certificate: null);
    private static readonly LimitDecision General = new("B04", Certificate: null);
    private static readonly LimitDecision LateElderlyGeneral2 = new("B09", Certificate: null);
    private static readonly LimitDecision LateElderlyGeneral1 = new("B10", Certificate: null);

    /// <summary>The class on that day in that coverage; null where the insurer gave none and none follows from a ratio it set.</summary>
    public static LimitDecision? On(DateOnly day, PersonSnapshot person, CoverageFact coverage, AgeGroup group, Burden burden)
    {
        // Who pays all and claims back has no limit in kind; nor has who pays as a ticket says.
        if (burden.Percent == 100 || ClassificationPolicy.Of(coverage.Classification).NeedsTicket) return null;
        if (IsWithheldOn(day, person, coverage, group)) return null;
        return GivenFor(coverage, person.Limits, group, day) is { } given ? new LimitDecision(given.LimitClass, given) : FromRatio(group, burden);
    }

    /// <summary>Why there is no class where <see cref="On"/> gives none.</summary>
    public static LimitAbsence AbsenceOn(DateOnly day, PersonSnapshot person, CoverageFact coverage, AgeGroup group, Burden burden) =>
        burden.Percent == 100 ? LimitAbsence.PaysAllFirst
        : ClassificationPolicy.Of(coverage.Classification).NeedsTicket ? LimitAbsence.TicketSays
        : IsWithheldOn(day, person, coverage, group) ? LimitAbsence.WithheldUnpaid
        : LimitAbsence.NotGivenByInsurer;

    // Of those under 70 alone: from 70 the ratio says a class, whatever is owed. It wins over a class that was given: the insurer that
    // withholds has the last word.
    private static bool IsWithheldOn(DateOnly day, PersonSnapshot person, CoverageFact coverage, AgeGroup group)
    {
        if (group is AgeGroup.ElderlyRecipient or AgeGroup.LateElderly) return false;
        foreach (var withheld in person.WithheldLimits)
            if (withheld.CoverageId == coverage.CoverageId && withheld.Counts(day)) return true;
        return false;
    }

    /// <summary>The certificate for the price of meals alone on that day; null where there is none.</summary>
    public static LimitFact? ForMealsOn(DateOnly day, PersonSnapshot person, CoverageFact coverage)
    {
        LimitFact? found = null;
        foreach (var limit in person.Limits)
        {
            if (limit.CoverageId != coverage.CoverageId || !limit.Counts(day) || limit.CertificateClass != MealsOnly) continue;
            if (found is null || RankOf(limit).CompareTo(RankOf(found)) > 0) found = limit;
        }
        return found;
    }

    // Of two that contradict each other the one with the lower limit is the patient's side. A class of the other age's table is a leftover
    // of before the change of age and does not count.
    private static LimitFact? GivenFor(CoverageFact coverage, LimitFact[] limits, AgeGroup group, DateOnly day)
    {
        var table = group is AgeGroup.ElderlyRecipient or AgeGroup.LateElderly ? 'B' : 'A';
        LimitFact? found = null;
        foreach (var limit in limits)
        {
            if (limit.CoverageId != coverage.CoverageId || !limit.Counts(day) || limit.CertificateClass == MealsOnly) continue;
            if (limit.LimitClass[0] != table) continue;
            if (found is null || RankOf(limit).CompareTo(RankOf(found)) > 0) found = limit;
        }
        return found;
    }

    private static (DateOnly, DateOnly, int, DateOnly) RankOf(LimitFact limit) =>
        Judgement.RankOf(limit.ValidFrom, limit.IssuedOn, FallingLimits.IndexOf(limit.LimitClass, StringComparison.Ordinal), limit.ValidUntil);

    // General and the highest class of 70 and over have no certificate of their own: the ratio alone says them. A ratio that was only
    // assumed says nothing.
    private static LimitDecision? FromRatio(AgeGroup group, Burden burden) => (group, burden) switch
    {
        (_, { SetByInsurer: false }) => null,
        (AgeGroup.ElderlyRecipient or AgeGroup.LateElderly, { Percent: 30 }) => HighestIncome,
        (AgeGroup.ElderlyRecipient, _) => General,
        (AgeGroup.LateElderly, { Percent: 20 }) => LateElderlyGeneral2,
        (AgeGroup.LateElderly, _) => LateElderlyGeneral1,
        _ => null,
    };
}
