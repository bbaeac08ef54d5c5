using EligibilityGateway.Contracts;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Eligibility;

/// <summary>
/// A household in national health insurance that moves within its prefecture and goes on, as the new municipality states it. Since 2018-04 the
/// prefecture insures too: the count of months with a benefit goes on with it.
/// </summary>
internal static class HouseholdMove
{
    /// <summary>Whether a household can go on there at all: in national health insurance.</summary>
    public static bool IsPossibleAt(string insurerNumber) => PrefectureOf(insurerNumber) is not null;

    /// <summary>Whether the household went on from one coverage to the other.</summary>
    public static bool IsBetween(CoverageFact from, CoverageFact to) =>
        to.HouseholdContinuesOn is not null && from.LostOn == to.AcquiredOn
        && PrefectureOf(from.InsurerNumber) is { } prefecture && prefecture == PrefectureOf(to.InsurerNumber);

    /// <summary>The household that goes on from the coverage's, after all moves; its own where there is none.</summary>
    public static InsuredHousehold GoesOnAs(CoverageFact coverage, CoverageFact[] coverages)
    {
        var last = coverage;
        while (Next(last, coverages) is { } next) last = next;
        return InsuredHousehold.Of(last);
    }

    // Each begins after the one before, so that no move leads back.
    private static CoverageFact? Next(CoverageFact last, CoverageFact[] coverages)
    {
        foreach (var next in coverages)
            if (next.AcquiredOn == last.LostOn && next.AcquiredOn > last.AcquiredOn && (IsBetween(last, next) || InsuredHousehold.Of(last) == InsuredHousehold.Of(next))) return next;
        return null;
    }

    private static string? PrefectureOf(string insurerNumber) => InsurerNumber.TryParse(insurerNumber, out var insurer) ? insurer.NationalHealthPrefecture : null;
}
