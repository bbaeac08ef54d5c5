using EligibilityGateway.Rules.Eligibility.Policies;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Eligibility;

/// <summary>The share of the cost that the patient pays (負担割合).</summary>
/// <param name="Percent">10, 20, 30 or 100; 0 where not known.</param>
/// <param name="SetByInsurer">The insurer set it for this person; otherwise it follows from the age or the document.</param>
/// <param name="Certificate">How the insurer set it; null where it did not, or where that was not looked for.</param>
internal readonly record struct Burden(int Percent, bool SetByInsurer, BurdenFact? Certificate = null)
{
    // Where nobody shows an elderly recipient's ratio, sites charge 30 % and the insurer refunds the difference.
    private const int ElderlyRecipientWithoutRatio = 30;

    // Nothing to go by: the three ratios differ threefold, and each document of this scheme carries the right one.
    private const int LateElderlyWithoutRatio = 0;

    /// <summary>The share on that day in that coverage.</summary>
    public static Burden On(DateOnly day, PersonSnapshot person, CoverageFact coverage, AgeGroup group)
    {
        // Arrears (被保険者資格証明書, 特別療養費): the patient pays all and claims back. Medical assistance: the ticket says.
        if (ClassificationPolicy.Of(coverage.Classification).SharePercent is { } share) return new Burden(share, false);
        return group switch
        {
            AgeGroup.Preschool => new Burden(20, false),
            AgeGroup.SchoolTo69 => new Burden(30, false),
            AgeGroup.ElderlyRecipient => RatioSetFor(coverage, person.Burdens, day) ?? new Burden(ElderlyRecipientWithoutRatio, false),
            AgeGroup.LateElderly => RatioSetFor(coverage, person.Burdens, day) ?? new Burden(LateElderlyWithoutRatio, false),
            _ => throw new ArgumentOutOfRangeException(nameof(group), group, "Not an age group."),
        };
    }

    // Of two that contradict each other the lower ratio is the patient's side.
    private static Burden? RatioSetFor(CoverageFact coverage, BurdenFact[] burdens, DateOnly day)
    {
        BurdenFact? found = null;
        foreach (var burden in burdens)
        {
            if (burden.CoverageId != coverage.CoverageId || !burden.Counts(day)) continue;
            if (found is null || RankOf(burden).CompareTo(RankOf(found)) > 0) found = burden;
        }
        return found is null ? null : new Burden(found.Percent, true, found);
    }

    private static (DateOnly, DateOnly, int, DateOnly) RankOf(BurdenFact burden) => Judgement.RankOf(burden.ValidFrom, burden.IssuedOn, -burden.Percent, burden.ValidUntil);
}
