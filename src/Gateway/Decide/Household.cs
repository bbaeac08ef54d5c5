using EligibilityGateway.Gateway.HighCost;
using EligibilityGateway.Gateway.Snapshots;

namespace EligibilityGateway.Gateway.Decide;

/// <summary>A line that was read: checked, in the types of the rules. The first member is the patient.</summary>
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
        SentId[] ids = [.. person.Coverages.Select(coverage => SentId.Of(coverage.CoverageId))];
        return new Household(serviceDate, [new Member(SentId.Of(person.PersonId), named, ids, [], null)], []);
    }
}

/// <summary>One person of the household.</summary>
/// <param name="Id">As sent.</param>
/// <param name="Person">Facts.</param>
/// <param name="CoverageIds">Of each of the person's coverages, as sent.</param>
/// <param name="HighCostMonths">Months with a high-cost benefit, each as year × 12 + month.</param>
/// <param name="YearToDate">Final burdens of the year so far, in yen; null where not sent.</param>
internal sealed record Member(SentId Id, PersonSnapshot Person, SentId[] CoverageIds, int[] HighCostMonths, YearToDate? YearToDate);

/// <summary>Final burden from 1 August to the month before, in yen.</summary>
internal sealed record YearToDate(long Outpatient, long All);
