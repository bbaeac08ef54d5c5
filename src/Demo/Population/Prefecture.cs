using System.Globalization;

namespace EligibilityGateway.Demo.Population;

/// <summary>A prefecture: code 1 to 47, name, its capital, the post code's first three digits, inhabitants in 100,000.</summary>
internal sealed record Prefecture(int Code, string Name, string Capital, string PostPrefix, int Weight)
{
    public static readonly IReadOnlyList<Prefecture> All =
    [
        .. EmbeddedLines.Read("prefectures.txt").Select((line, i) =>
            new Prefecture(i + 1, line[0], line[1], line[2], int.Parse(line[3], CultureInfo.InvariantCulture))),
    ];

    private static readonly int[] Weights = [.. All.Select(prefecture => prefecture.Weight)];

    public static Prefecture Draw(Dice dice) => All[dice.Weighted(Weights)];
}
