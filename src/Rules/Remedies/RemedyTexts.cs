using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.Rules.Remedies;

/// <summary>
/// The texts of Remedies.resx (English) and Remedies.ja.resx. <c>{id}</c> in a text stands for a row of durations.json, so that no
/// text holds a figure that may change.
/// </summary>
internal static partial class RemedyTexts
{
    internal static readonly CultureInfo Japanese = CultureInfo.GetCultureInfo("ja");

    internal static readonly ResourceManager All = new($"{typeof(RemedyTexts).Namespace}.Remedies", typeof(RemedyTexts).Assembly);

    // The two languages apart, without falling back from one to the other: a text that is missing is a bug, and shows at the start.
    private static readonly ResourceSet? Ja = All.GetResourceSet(Japanese, createIfNotExists: true, tryParents: false);
    private static readonly ResourceSet? En = All.GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: false);

    /// <summary>The text as it is on that day; null where there is none.</summary>
    public static Text? Find(string key, DateOnly day)
    {
        if (Ja?.GetString(key) is not { } japanese || En?.GetString(key) is not { } english) return null;
        return new Text
        {
            Ja = Placeholder().Replace(japanese, found => Durations.On(found.Groups[1].Value, day).InJapanese),
            En = Placeholder().Replace(english, found => Durations.On(found.Groups[1].Value, day).InEnglish),
        };
    }

    /// <summary>The durations that the text names.</summary>
    public static IEnumerable<string> DurationsIn(string key) =>
        Placeholder().Matches($"{Ja?.GetString(key)} {En?.GetString(key)}").Select(found => found.Groups[1].Value).Distinct();

    [GeneratedRegex(@"\{([a-z-]+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
