using EligibilityGateway.Rules.Eligibility.Policies;
using EligibilityGateway.Rules.Facts;
using EligibilityGateway.Rules.HighCost;

namespace EligibilityGateway.Rules.Eligibility;

/// <summary>What the rules of eligibility say about a bill, on the bill's own day.</summary>
internal static class BillTermsRule
{
    private const int SpecificDiseaseYen = 10_000;

    // Dialysis under 70 in the two classes of highest income.
    private const int SpecificDiseaseHighIncomeYen = 20_000;
    private const short Dialysis = 1;

    /// <summary>The terms on a day on which exactly that coverage counts, by share and class as an answer of that day says them.</summary>
    /// <param name="day">The bill's own.</param>
    /// <param name="person">The patient.</param>
    /// <param name="coverage">The one that counts.</param>
    /// <param name="pool">The number of those who share the limit, among the household's.</param>
    /// <param name="isMultipleHit">As the household's earlier months say.</param>
    /// <param name="isSpecificDisease">The bill is for a specific disease; it counts only where the insurer has granted that.</param>
    public static BillTerms On(DateOnly day, PersonSnapshot person, CoverageFact coverage, int pool, bool isMultipleHit, bool isSpecificDisease)
    {
        var group = AgeGroups.On(day, coverage, BirthDateOf(day, person, coverage));
        return TermsOf(day, person, coverage, group, Burden.On(day, person, coverage, group), pool, isMultipleHit, isSpecificDisease);
    }

    /// <summary>The same, but where no ratio is on record the age says it, and with it the class: 20 % from 70, 10 % from 75.</summary>
    public static BillTerms ByAge(DateOnly day, PersonSnapshot person, CoverageFact coverage, int pool, bool isMultipleHit, bool isSpecificDisease)
    {
        var group = GroupByAge(day, coverage, BirthDateOf(day, person, coverage));
        var burden = Burden.On(day, person, coverage, group);
        if (!burden.SetByInsurer && ClassificationPolicy.Of(coverage.Classification).SharePercent is null)
        {
            burden = group switch
            {
                AgeGroup.ElderlyRecipient => new Burden(20, SetByInsurer: true),
                AgeGroup.LateElderly => new Burden(10, SetByInsurer: true),
                _ => burden,
            };
        }
        return TermsOf(day, person, coverage, group, burden, pool, isMultipleHit, isSpecificDisease);
    }

    private static BillTerms TermsOf(
        DateOnly day, PersonSnapshot person, CoverageFact coverage, AgeGroup group, Burden burden, int pool, bool isMultipleHit, bool isSpecificDisease)
    {
        var limitClass = LimitClassRule.On(day, person, coverage, group, burden)?.Code;
        var isElderly = group is AgeGroup.ElderlyRecipient or AgeGroup.LateElderly;
        var halves = LimitHalvesRule.On(day, person, coverage);
        int? specific = isSpecificDisease ? SpecificDiseaseLimit(day, person, coverage, isElderly, limitClass) : null;
        return new BillTerms(pool, burden.Percent, limitClass, isElderly, halves, isMultipleHit, specific / halves.PersonPart);
    }

    private static DateOnly BirthDateOf(DateOnly day, PersonSnapshot person, CoverageFact coverage) => person.DetailOn(day, coverage.InsurerNumber).BirthDate;

    /// <summary>As <see cref="AgeGroups.On"/>; and from the 75th birthday on late elderly, whatever the insurer's number says.</summary>
    private static AgeGroup GroupByAge(DateOnly day, CoverageFact coverage, DateOnly birthDate)
    {
        var group = AgeGroups.On(day, coverage, birthDate);
        return group == AgeGroup.ElderlyRecipient && day >= LegalAge.Birthday75(birthDate) ? AgeGroup.LateElderly : group;
    }

    // The lowest of those that count; null where none does, so that the bill is one as any other.
    private static int? SpecificDiseaseLimit(DateOnly day, PersonSnapshot person, CoverageFact coverage, bool isElderly, string? limitClass)
    {
        int? lowest = null;
        foreach (var disease in SpecificDiseaseRule.On(day, person, coverage))
        {
            var byRule = disease.Category == Dialysis && !isElderly && (limitClass is "A01" or "A02") ? SpecificDiseaseHighIncomeYen : SpecificDiseaseYen;
            var limit = disease.MonthlyLimitYen > 0 ? disease.MonthlyLimitYen : byRule;
            lowest = lowest is { } before ? Math.Min(before, limit) : limit;
        }
        return lowest;
    }
}
