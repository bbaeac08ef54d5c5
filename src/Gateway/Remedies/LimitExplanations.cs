using System.Globalization;
using System.Resources;
using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.Gateway.Remedies;

/// <summary>
/// Why a limit is missing or as it is, and what follows: LimitTexts.resx (English) and LimitTexts.ja.resx. Built once and shared by all
/// answers: nobody may change one.
/// </summary>
public static class LimitExplanations
{
    internal static readonly ResourceManager Texts = new("EligibilityGateway.Gateway.Remedies.LimitTexts", typeof(LimitExplanations).Assembly);

    private static readonly LimitExplanation?[] ByAbsence =
        [.. Enum.GetValues<LimitAbsence>().Select(absence => absence == LimitAbsence.Unspecified ? null : Read(absence.ToString()))];

    /// <summary>From 70 on the ratio alone says the class.</summary>
    public static LimitExplanation FromRatio { get; } = Read(nameof(FromRatio));

    /// <summary>More than 90 inpatient days would lower the price of meals further, on an application of its own.</summary>
    public static LimitExplanation LongStayPossible { get; } = Read(nameof(LongStayPossible));

    /// <summary>That application was granted.</summary>
    public static LimitExplanation LongStayGranted { get; } = Read(nameof(LongStayGranted));

    /// <summary>Why there is none; null where there is one, or no question of one.</summary>
    public static LimitExplanation? Of(LimitAbsence absence) => ByAbsence[(int)absence];

    private static LimitExplanation Read(string matter) => new() { Why = TextOf($"{matter}.Why"), Follows = TextOf($"{matter}.Follows") };

    // Without falling back from one language to the other: a text that is missing is a bug, and shows at the start.
    private static Text TextOf(string key) => new() { Ja = Own(RemedyTexts.Japanese, key), En = Own(CultureInfo.InvariantCulture, key) };

    private static string Own(CultureInfo language, string key) =>
        Texts.GetResourceSet(language, createIfNotExists: true, tryParents: false)?.GetString(key)
        ?? throw new InvalidOperationException($"LimitTexts.resx or LimitTexts.ja.resx lacks {key}.");
}
