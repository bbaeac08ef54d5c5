using EligibilityGateway.Rules.HighCost.Tables;

namespace EligibilityGateway.Rules.HighCost;

/// <summary>
/// The caps of a year from August to July, in yen. They are settled after the year, on application; no month's window or refund hangs on
/// them. Whether the sum is a person's or a household's was not found in a primary text: here it is the household's, and the outpatient
/// cap a person's.
/// </summary>
/// <param name="OutpatientCap">From 70: the cap on one person's outpatient burden; null where the class has none.</param>
/// <param name="OutpatientOver">What the patient's outpatient burden is above it, this month included.</param>
/// <param name="Cap">The cap on all; null where the class has none.</param>
/// <param name="Over">What the household's burden is above it, this month included.</param>
public readonly record struct YearOutcome(int? OutpatientCap, long OutpatientOver, int? Cap, long Over)
{
    /// <summary>Null where the class has no annual cap in the month of that day.</summary>
    public static YearOutcome? Of(DateOnly day, string limitClass, long outpatientWithThisMonth, long allWithThisMonth)
    {
        if (LimitTables.Find(day, limitClass) is not { } row || (row.OutpatientYear ?? row.Year) is null) return null;
        return new YearOutcome(
            row.OutpatientYear, Math.Max(0, outpatientWithThisMonth - (row.OutpatientYear ?? outpatientWithThisMonth)),
            row.Year, Math.Max(0, allWithThisMonth - (row.Year ?? allWithThisMonth)));
    }
}
