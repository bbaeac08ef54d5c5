using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Eligibility;

/// <summary>Which specific long-term diseases (特定疾病) count: one of each category.</summary>
internal static class SpecificDiseaseRule
{
    private const int Categories = 3;

    /// <summary>Those of that day in that coverage, by category.</summary>
    public static IReadOnlyList<SpecificDiseaseFact> On(DateOnly day, PersonSnapshot person, CoverageFact coverage)
    {
        if (person.SpecificDiseases.Length == 0) return [];
        List<SpecificDiseaseFact>? found = null;
        for (short category = 1; category <= Categories; category++)
        {
            if (OfCategory(category, person.SpecificDiseases, coverage, day) is { } disease) (found ??= []).Add(disease);
        }
        return found ?? (IReadOnlyList<SpecificDiseaseFact>)[];
    }

    // From ア to ウ the dialysis limit falls from 20,000 to 10,000 yen, at 70 it becomes 10,000. Of two that contradict each other the one
    // with the lower limit is the patient's side.
    private static SpecificDiseaseFact? OfCategory(short category, SpecificDiseaseFact[] diseases, CoverageFact coverage, DateOnly day)
    {
        SpecificDiseaseFact? found = null;
        foreach (var disease in diseases)
        {
            if (disease.Category != category || disease.CoverageId != coverage.CoverageId || !disease.Counts(day)) continue;
            if (found is null || RankOf(disease).CompareTo(RankOf(found)) > 0) found = disease;
        }
        return found;
    }

    private static (DateOnly, DateOnly, int, DateOnly) RankOf(SpecificDiseaseFact disease) =>
        Judgement.RankOf(disease.ValidFrom, disease.IssuedOn, -disease.MonthlyLimitYen, disease.ValidUntil);
}
