using EligibilityGateway.Rules.Facts;
using EligibilityGateway.Rules.HighCost;

namespace EligibilityGateway.Rules.Households;

/// <summary>The people who may share a limit, and their bills of a month. The first member is the patient.</summary>
/// <param name="ServiceDate">The day whose validity is asked.</param>
/// <param name="Members">At least one.</param>
/// <param name="Bills">Of one calendar month, in the order in which they are paid.</param>
internal sealed record Household(DateOnly ServiceDate, Member[] Members, Bill[] Bills)
{
    /// <summary>One person alone, without bills, by facts of the store.</summary>
    public static Household Of(PersonSnapshot person, DateOnly serviceDate)
    {
        // Who had no name yet was not insured either.
        var named = person.Details.Length > 0 ? person : person with { Details = [new PersonDetail(serviceDate, "", "", "", Sex.NotSet, serviceDate)] };
        return new Household(serviceDate, [new Member(named, [], null)], []);
    }
}

/// <summary>One person of the household.</summary>
/// <param name="Person">Facts.</param>
/// <param name="HighCostMonths">Months with a high-cost benefit, each as year × 12 + month.</param>
/// <param name="YearToDate">Final burdens of the year so far, in yen; null where not sent.</param>
internal sealed record Member(PersonSnapshot Person, int[] HighCostMonths, YearToDate? YearToDate);

/// <summary>Final burden from 1 August to the month before, in yen.</summary>
internal sealed record YearToDate(long Outpatient, long All);
