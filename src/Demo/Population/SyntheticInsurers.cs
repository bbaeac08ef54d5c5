using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Feeds.Insurers;

namespace EligibilityGateway.Demo.Population;

/// <summary>
/// Sample insurers of each scheme in each prefecture, with numbers formed and checked as real ones are. The names say that they are
/// samples (見本).
/// </summary>
internal static class SyntheticInsurers
{
    private const int SocietiesInEachPrefecture = 3;
    private const int MunicipalitiesInEachPrefecture = 12;

    private static readonly InsurerEntry[][][] ByPrefectureAndScheme =
        [.. Prefecture.All.Select(prefecture => Enum.GetValues<Scheme>().Select(scheme => Of(prefecture, scheme).ToArray()).ToArray())];

    public static readonly IReadOnlyList<InsurerEntry> All = [.. ByPrefectureAndScheme.SelectMany(schemes => schemes).SelectMany(insurers => insurers)];

    public static InsurerNumber Draw(Dice dice, Prefecture prefecture, Scheme scheme)
    {
        var insurers = ByPrefectureAndScheme[prefecture.Code - 1][(int)scheme];
        return insurers[dice.Below(insurers.Length)].Number;
    }

    private static IEnumerable<InsurerEntry> Of(Prefecture prefecture, Scheme scheme) => scheme switch
    {
        Scheme.Association => [Insurer("01", prefecture, 1, $"見本協会けんぽ {prefecture.Name}支部")],
        Scheme.Society => Enumerable.Range(1, SocietiesInEachPrefecture)
            .Select(n => Insurer("06", prefecture, n, $"{prefecture.Name}見本第{n}健康保険組合")),
        Scheme.MutualAid =>
        [
            Insurer("32", prefecture, 1, $"{prefecture.Name}見本職員共済組合"),
            Insurer("34", prefecture, 1, $"{prefecture.Name}見本学校共済組合"),
        ],
        Scheme.Municipal => Enumerable.Range(1, MunicipalitiesInEachPrefecture)
            .Select(n => Insurer("", prefecture, n, $"{prefecture.Name}見本第{n}市国民健康保険")),
        Scheme.LateElderly => [Insurer("39", prefecture, 1, $"{prefecture.Name}見本後期高齢者医療広域連合")],
        _ => throw new ArgumentOutOfRangeException(nameof(scheme), scheme, "There is no such scheme."),
    };

    private static InsurerEntry Insurer(string law, Prefecture prefecture, int number, string name)
    {
        var digits = $"{law}{prefecture.Code:D2}{number:D3}";
        return InsurerNumber.TryParse($"{digits}{Luhn.CheckDigit(digits)}", out var parsed)
            ? new InsurerEntry(parsed, name)
            : throw new InvalidOperationException("An insurer number has six or eight digits.");
    }
}
