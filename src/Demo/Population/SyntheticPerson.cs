using EligibilityGateway.Gateway.Feeds.Insurers;

namespace EligibilityGateway.Demo.Population;

/// <summary>One of the population with all facts. The person's id is the index.</summary>
/// <param name="Index">1 to the number of people.</param>
/// <param name="Identity">Names, sex, birth date, address.</param>
/// <param name="Coverages">Oldest first; may be empty.</param>
/// <param name="Burden">Burden ratio of those of 70 and over.</param>
/// <param name="Limit">Limit class, where the insurer gave one.</param>
/// <param name="SpecificDisease">Specific long-term disease, of few.</param>
/// <param name="EligibilityCertificate">Of those without a card that is registered for insurance.</param>
/// <param name="ClinicalFacts">Medical history, of some.</param>
/// <param name="Card">Of about four in five.</param>
public sealed record SyntheticPerson(
    long Index,
    PersonEntry Identity,
    IReadOnlyList<CoverageEntry> Coverages,
    BurdenEntry? Burden,
    LimitEntry? Limit,
    SpecificDiseaseEntry? SpecificDisease,
    EligibilityCertificateEntry? EligibilityCertificate,
    IReadOnlyList<ClinicalEntry> ClinicalFacts,
    SyntheticCard? Card)
{
    /// <summary>The coverage whose numbers the person's latest document bears: what staff would type in. Null where there is none.</summary>
    public CoverageEntry? OnDocument => Coverages.Count == 0 ? null : Coverages[^1];
}
