using System.Globalization;
using System.Resources;
using EligibilityGateway.Rules.Expenses;

namespace EligibilityGateway.Gateway.Lists.Expenses;

/// <summary>What the list says in words, in Japanese or English: ExportTexts.ja.resx and ExportTexts.resx.</summary>
internal sealed class ExportTexts
{
    private static readonly ResourceManager Words = new(typeof(ExportTexts).FullName!, typeof(ExportTexts).Assembly);

    private readonly ResourceSet _words;

    private ExportTexts(CultureInfo culture) => _words = Words.GetResourceSet(culture, createIfNotExists: true, tryParents: false)!;

    public static ExportTexts Japanese { get; } = new(CultureInfo.GetCultureInfo("ja"));

    public static ExportTexts English { get; } = new(CultureInfo.InvariantCulture);

    public string Of(GapKind gap) => this[$"Gap.{gap}"];

    public string Of(ExpenseNote note) => this[$"Note.{note}"];

    private string this[string key] => _words.GetString(key) ?? throw new InvalidOperationException($"There is no text {key}.");
}
