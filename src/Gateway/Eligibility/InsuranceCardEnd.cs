namespace EligibilityGateway.Gateway.Eligibility;

/// <summary>The end of the old insurance card (被保険者証).</summary>
public static class InsuranceCardEnd
{
    /// <summary>
    /// Last day, inclusive, of the last of them: none was issued after 2024-12-01, and those in force then went on for at most a year.
    /// </summary>
    public static readonly DateOnly LastDay = new(2025, 12, 1);
}
