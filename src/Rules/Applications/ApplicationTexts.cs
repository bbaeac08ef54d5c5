using System.Globalization;
using System.Resources;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.Rules.Applications;

/// <summary>What is said to people about an application, in Japanese and English: ApplicationTexts.resx and ApplicationTexts.ja.resx.</summary>
internal static class ApplicationTexts
{
    private static readonly CultureInfo Japanese = CultureInfo.GetCultureInfo("ja");

    private static readonly ResourceManager Texts = new(typeof(ApplicationTexts));

    /// <summary>What a step means for the applicant.</summary>
    public static Text Of(ApplicationStep step) => TextOf(step.ToString());

    /// <summary>What the number is that was typed in the id's place, and what to type instead. It never repeats the number.</summary>
    public static Text Of(TypedNumberKind kind) => TextOf(kind.ToString());

    // The two languages apart: none stands in for the other.
    private static Text TextOf(string key) => new() { Ja = TextIn(Japanese, key), En = TextIn(CultureInfo.InvariantCulture, key) };

    private static string TextIn(CultureInfo culture, string key) =>
        Texts.GetResourceSet(culture, createIfNotExists: true, tryParents: false)?.GetString(key)
        ?? throw new InvalidOperationException($"ApplicationTexts lacks {key} in {(culture == Japanese ? "Japanese" : "English")}.");
}
