namespace EligibilityGateway.Rules.Applications;

/// <summary>When an application can be seen, and how long it should take: applications.json.</summary>
internal static class ApplicationPolicy
{
    public static readonly IReadOnlyList<ApplicationPolicyRow> All = PolicyFile<ApplicationPolicyRow>.RowsOf("applications.json");

    /// <summary>The row for an application whose step began on that day.</summary>
    public static ApplicationPolicyRow On(DateOnly day)
    {
        ApplicationPolicyRow? found = null;
        foreach (var row in All)
            if (row.From <= day && (found is null || row.From > found.From)) found = row;
        return found ?? throw new InvalidOperationException($"applications.json has no row for {day:O}.");
    }
}

/// <summary>One row of applications.json.</summary>
/// <param name="From">First day that it is for.</param>
/// <param name="VisibleAfterDays">One that came in is seen from this many days later.</param>
/// <param name="OverdueAfterMonths">One that is neither announced nor handed over is overdue once this many months have passed.</param>
/// <param name="Verified">The source says all of it.</param>
/// <param name="Source">Where it was read.</param>
internal sealed record ApplicationPolicyRow(DateOnly From, int VisibleAfterDays, int OverdueAfterMonths, bool Verified, string Source);
