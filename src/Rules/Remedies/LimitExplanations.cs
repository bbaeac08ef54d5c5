using System.Globalization;
using System.Resources;
using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.Rules.Remedies;

/// <summary>
/// Why a limit is missing or as it is, and what follows: LimitTexts.resx (English) and LimitTexts.ja.resx. Built once and shared by all
/// answers: nobody may change one.
/// </summary>
public static class LimitExplanations
{
    internal static readonly ResourceManager Texts = new($"{typeof(LimitExplanations).Namespace}.LimitTexts", typeof(LimitExplanations).Assembly);

    /// <summary>By audience, then by absence.</summary>
    private static readonly LimitExplanation?[][] ByAbsence =
        [.. Audiences.All.Select(audience => Enum.GetValues<LimitAbsence>().Select(absence => absence == LimitAbsence.Unspecified ? null : Read(absence.ToString(), audience)).ToArray())];

    /// <summary>From 70 on the ratio alone says the class.</summary>
    public static LimitExplanation FromRatio { get; } = Read(nameof(FromRatio));

    /// <summary>More than 90 inpatient days would lower the price of meals further, on an application of its own.</summary>
    public static LimitExplanation LongStayPossible { get; } = Read(nameof(LongStayPossible));

    /// <summary>That application was granted.</summary>
    public static LimitExplanation LongStayGranted { get; } = Read(nameof(LongStayGranted));

    private static readonly LimitExplanation[] WithAssistance = [.. Audiences.All.Select(audience => Read(nameof(BesideInsurance), audience))];

    /// <summary>Medical assistance beside an insurance: the limit is the assistance's, and the patient pays what the ticket says.</summary>
    public static LimitExplanation BesideInsurance(Audience audience) => WithAssistance[(int)audience];

    /// <summary>Why there is none; null where there is one, or no question of one.</summary>
    public static LimitExplanation? Of(LimitAbsence absence, Audience audience = Audience.Desk) => ByAbsence[(int)audience][(int)absence];

    private static LimitExplanation Read(string matter, Audience audience = Audience.Desk) =>
        new() { Why = TextOf($"{matter}.Why", audience), Follows = TextOf($"{matter}.Follows", audience) };

    private static Text TextOf(string key, Audience audience) => new() { Ja = Own(RemedyTexts.Japanese, key, audience), En = Own(CultureInfo.InvariantCulture, key, audience) };

    // Without falling back from one language to the other: a text that is missing is a bug, and shows at the start.
    private static string Own(CultureInfo language, string key, Audience audience)
    {
        var texts = Texts.GetResourceSet(language, createIfNotExists: true, tryParents: false);
        return texts?.GetString($"{key}.{audience}") ?? texts?.GetString(key) ?? throw new InvalidOperationException($"LimitTexts.resx or LimitTexts.ja.resx lacks {key}.");
    }
}
