namespace EligibilityGateway.Rules.Expenses.Tables;

/// <summary>How the list is written as XML: a data file, so that a name that turns out otherwise is changed there.</summary>
/// <param name="Verified">False while the official form was not seen; the XML then says so in a comment.</param>
/// <param name="Sources">Where it comes from.</param>
/// <param name="Namespace">Of all its elements.</param>
/// <param name="Settings">What kinds of care are called in it.</param>
/// <param name="Root">The document.</param>
public sealed record XmlLayout(
    bool Verified, IReadOnlyList<string> Sources, string Namespace, IReadOnlyDictionary<CareSetting, string> Settings, LayoutElement Root)
{
    /// <summary>By the names that the command takes.</summary>
    public static IReadOnlyDictionary<string, XmlLayout> All { get; } = new[] { "notice", "statement" }.ToDictionary(name => name, name => PolicyFile<XmlLayout>.RowsOf($"{name}.json").Single());
}
