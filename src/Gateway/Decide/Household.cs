using System.Text.Json;
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
        var places = new Dictionary<long, long>();
        foreach (var coverage in person.Coverages) places[coverage.CoverageId] = places.Count;
        // What hangs on a coverage that is not there hangs on none.
        long PlaceOf(long coverage) => places.GetValueOrDefault(coverage, -1);
        var placed = person with
        {
            // Who had no name yet was not insured either.
            Details = person.Details.Length > 0 ? person.Details : [new PersonDetail(serviceDate, "", "", "", Sex.NotSet, serviceDate)],
            Coverages = [.. person.Coverages.Select(fact => fact with { CoverageId = PlaceOf(fact.CoverageId) })],
            Burdens = [.. person.Burdens.Select(fact => fact with { CoverageId = PlaceOf(fact.CoverageId) })],
            Limits = [.. person.Limits.Select(fact => fact with { CoverageId = PlaceOf(fact.CoverageId) })],
            SpecificDiseases = [.. person.SpecificDiseases.Select(fact => fact with { CoverageId = PlaceOf(fact.CoverageId) })],
            EligibilityCertificates = [.. person.EligibilityCertificates.Select(fact => fact with { CoverageId = PlaceOf(fact.CoverageId) })],
            WithheldLimits = [.. person.WithheldLimits.Select(fact => fact with { CoverageId = PlaceOf(fact.CoverageId) })],
            MedicalTickets = [.. person.MedicalTickets.Select(fact => fact with { CoverageId = PlaceOf(fact.CoverageId) })],
        };
        JsonElement[] ids = [.. person.Coverages.Select(coverage => JsonSerializer.SerializeToElement(coverage.CoverageId))];
        return new Household(serviceDate, [new Member(JsonSerializer.SerializeToElement(person.PersonId), placed, ids, [], null)], []);
    }
}

/// <summary>One person of the household.</summary>
/// <param name="Id">As sent.</param>
/// <param name="Person">Facts; a coverage's id is its index in <paramref name="CoverageIds"/>.</param>
/// <param name="CoverageIds">As sent.</param>
/// <param name="HighCostMonths">Months with a high-cost benefit, each as year × 12 + month.</param>
/// <param name="YearToDate">Final burdens of the year so far, in yen; null where not sent.</param>
internal sealed record Member(JsonElement Id, PersonSnapshot Person, JsonElement[] CoverageIds, int[] HighCostMonths, YearToDate? YearToDate);

/// <summary>Final burden from 1 August to the month before, in yen.</summary>
internal sealed record YearToDate(long Outpatient, long All);
