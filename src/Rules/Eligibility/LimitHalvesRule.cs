using EligibilityGateway.Rules.Facts;
using EligibilityGateway.Rules.HighCost;

namespace EligibilityGateway.Rules.Eligibility;

/// <summary>In which months a person's limits are halved, and why. Never where the month is not divided: a change on the 1st.</summary>
internal static class LimitHalvesRule
{
    /// <summary>On a day on which that coverage counts.</summary>
    public static LimitHalves On(DateOnly day, PersonSnapshot person, CoverageFact coverage)
    {
        var (insuredTurns75, householdMoves) = (false, false);
        foreach (var stated in person.Coverages)
        {
            insuredTurns75 |= IsInMonthOf(day, stated.InsuredTurned75On) && Concerns(stated, coverage, person.Coverages, IsLossOrGain);
            householdMoves |= IsInMonthOf(day, stated.HouseholdContinuesOn) && Concerns(stated, coverage, person.Coverages, static (to, from) => HouseholdMove.IsBetween(from, to));
        }
        return new LimitHalves(Turns75(day, person, coverage), insuredTurns75, householdMoves);
    }

    /// <summary>Whether a coverage is on either side of a change that is stated on one side.</summary>
    private static bool Concerns(CoverageFact stated, CoverageFact coverage, CoverageFact[] all, Func<CoverageFact, CoverageFact, bool> isOtherSide)
    {
        var household = InsuredHousehold.Of(coverage);
        if (InsuredHousehold.Of(stated) == household) return true;
        foreach (var other in all)
            if (InsuredHousehold.Of(other) == household && isOtherSide(stated, other)) return true;
        return false;
    }

    // Stated of the coverage that is lost by it, or of the one that comes after.
    private static bool IsLossOrGain(CoverageFact stated, CoverageFact other) =>
        stated.LostOn == stated.InsuredTurned75On ? other.AcquiredOn == stated.LostOn : other.LostOn == stated.AcquiredOn;

    // Both insurers' limits are halved; not for who was in the scheme already, by disability.
    private static bool Turns75(DateOnly day, PersonSnapshot person, CoverageFact coverage)
    {
        var birthDate = person.DetailOn(day, coverage.InsurerNumber).BirthDate;
        if (!IsInMonthOf(day, LegalAge.Birthday75(birthDate))) return false;
        var eve = LegalAge.Birthday75(birthDate).AddDays(-1);
        foreach (var before in person.Coverages)
            if (before.Covers(eve) && AgeGroups.On(eve, before, birthDate) == AgeGroup.LateElderly) return false;
        return true;
    }

    private static bool IsInMonthOf(DateOnly day, DateOnly? change) => change is { Day: > 1 } on && (on.Year, on.Month) == (day.Year, day.Month);
}
