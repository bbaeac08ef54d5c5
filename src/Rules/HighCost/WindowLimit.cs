using EligibilityGateway.Rules.HighCost.Tables;

namespace EligibilityGateway.Rules.HighCost;

/// <summary>The limit at one window in one month, and which rule it comes from.</summary>
/// <param name="Yen">What the patient pays there at most.</param>
/// <param name="Kind">Which limit it is.</param>
/// <param name="Row">The class's figures; null with a specific disease.</param>
public readonly record struct WindowLimit(long Yen, WindowLimitKind Kind, LimitRow? Row)
{
    /// <summary>Null where the class is not known, or its figures are not decided.</summary>
    /// <param name="bill">One of the window's bills.</param>
    /// <param name="terms">Its terms.</param>
    /// <param name="cost">Total cost of the window's bills in the month, this one included.</param>
    public static WindowLimit? Of(in Bill bill, in BillTerms terms, long cost)
    {
        if (terms.SpecificDiseaseYen is { } special) return new WindowLimit(special, WindowLimitKind.SpecificDisease, null);
        if (terms.LimitClass is null || LimitTables.Find(bill.Date, terms.LimitClass) is not { } row) return null;
        if (terms.IsElderly && !bill.IsInpatient && MonthlyLimit.Outpatient(row, cost, terms.Halves.PersonPart) is { } outpatient)
            return new WindowLimit(outpatient, WindowLimitKind.Outpatient, row);
        return new WindowLimit(MonthlyLimit.Whole(row, cost, terms.IsMultipleHit, terms.Halves.PersonPart), WindowLimitKind.Whole, row);
    }
}

/// <summary>Which limit holds at a window.</summary>
public enum WindowLimitKind
{
    /// <summary>Of a specific long-term disease (特定疾病).</summary>
    SpecificDisease,

    /// <summary>From 70: one person's outpatient care.</summary>
    Outpatient,

    /// <summary>The class's whole limit, flat or with 1 % of the cost.</summary>
    Whole,
}
