namespace EligibilityGateway.Rules.Expenses.Tables;

/// <summary>Which of the tax form's kinds of expense a kind of care is: a row of categories.json.</summary>
/// <param name="Setting">The kind of care.</param>
/// <param name="Category">The form's kind.</param>
/// <param name="Verified">False while no primary text was seen.</param>
public sealed record CategoryRow(CareSetting Setting, TaxCategory Category, bool Verified)
{
    private static readonly Dictionary<CareSetting, TaxCategory> All =
        PolicyFile<CategoryRow>.RowsOf("categories.json").ToDictionary(row => row.Setting, row => row.Category);

    public static TaxCategory Of(CareSetting setting) => All[setting];
}
