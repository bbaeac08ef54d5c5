using System.Globalization;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Demo.Population;

/// <summary>Common family and given names, Japanese and of those countries that many foreign residents come from.</summary>
internal static class NameLists
{
    public static readonly IReadOnlyList<WrittenName> Family = Read("Names.family-names.txt");

    private static readonly IReadOnlyList<WrittenName> Male = Read("Names.male-names.txt");
    private static readonly IReadOnlyList<WrittenName> Female = Read("Names.female-names.txt");

    public static readonly IReadOnlyList<ForeignNames> Foreign =
    [
        .. EmbeddedLines.Read("Names.foreign-names.txt").GroupBy(line => line[0]).Select(country => new ForeignNames(
            int.Parse(country.First()[1], CultureInfo.InvariantCulture),
            Of(country, "family"),
            Of(country, "male"),
            Of(country, "female"))),
    ];

    /// <summary>Given names of one sex.</summary>
    public static IReadOnlyList<WrittenName> Given(Sex sex) => sex == Sex.Male ? Male : Female;

    private static IReadOnlyList<WrittenName> Read(string name) => [.. EmbeddedLines.Read(name).Select(line => new WrittenName(line[0], line[1]))];

    private static IReadOnlyList<WrittenName> Of(IEnumerable<string[]> lines, string part) =>
        [.. lines.Where(line => line[2] == part).Select(line => new WrittenName(line[3], line[4]))];
}
