namespace EligibilityGateway.Rules.Expenses.Tables;

/// <summary>An element of a layout.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Each">Written once for each record of that kind; once where null.</param>
/// <param name="Attributes">Name and text, as <paramref name="Text"/>.</param>
/// <param name="Text">What it holds: words as they are, or <c>{column}</c>, a column of the CSV. An element whose column is empty is left out.</param>
/// <param name="Children">The elements in it, in this order.</param>
public sealed record LayoutElement(
    string Name, string? Each = null, IReadOnlyDictionary<string, string>? Attributes = null, string? Text = null, IReadOnlyList<LayoutElement>? Children = null);
