using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Demo.Population;

/// <summary>Names of one country's people in Latin letters, and how many of the foreign residents come from there.</summary>
internal sealed record ForeignNames(
    int Weight, IReadOnlyList<WrittenName> Family, IReadOnlyList<WrittenName> Male, IReadOnlyList<WrittenName> Female)
{
    public IReadOnlyList<WrittenName> Given(Sex sex) => sex == Sex.Male ? Male : Female;
}
