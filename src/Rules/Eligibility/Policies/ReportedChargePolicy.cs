namespace EligibilityGateway.Rules.Eligibility.Policies;

/// <summary>How long a reported charge counts: reported-charges.json.</summary>
internal static class ReportedChargePolicy
{
    public static readonly IReadOnlyList<ReportedChargeRow> All = [.. PolicyFile<ReportedChargeRow>.RowsOf("reported-charges.json").OrderByDescending(row => row.From)];

    /// <summary>First day of treatment that may still be reported on a day.</summary>
    public static DateOnly FirstDay(DateOnly today) => FirstOfMonth(today).AddMonths(-On(today).ReportedMonths);

    /// <summary>Last day on which a charge counts that is held today.</summary>
    public static DateOnly HeldUntil(DateOnly serviceDate, DateOnly today) => today.AddDays(On(serviceDate).HeldDays);

    /// <summary>Last day on which a charge counts that was collected for that day's treatment.</summary>
    public static DateOnly CollectedUntil(DateOnly serviceDate) => FirstOfMonth(serviceDate).AddMonths(On(serviceDate).CollectedMonths + 1).AddDays(-1);

    private static ReportedChargeRow On(DateOnly day)
    {
        foreach (var row in All)
            if (row.From <= day) return row;
        return All[^1];
    }

    private static DateOnly FirstOfMonth(DateOnly day) => new(day.Year, day.Month, 1);
}

/// <summary>One row of reported-charges.json.</summary>
/// <param name="From">First day of treatment for which it counts.</param>
/// <param name="HeldDays">How many days after its report a held charge counts.</param>
/// <param name="CollectedMonths">To the end of which month after the month of treatment a collected one counts.</param>
/// <param name="ReportedMonths">How many months back, besides the present one, treatment may be reported.</param>
/// <param name="Verified">Whether the source says all of it.</param>
/// <param name="Source">Where it is from.</param>
internal sealed record ReportedChargeRow(DateOnly From, int HeldDays, int CollectedMonths, int ReportedMonths, bool Verified, string Source);
