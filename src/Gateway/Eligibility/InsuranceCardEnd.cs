namespace EligibilityGateway.Gateway.Eligibility;

/// <summary>The end of the old insurance card (被保険者証).</summary>
public static class InsuranceCardEnd
{
    /// <summary>Last day, inclusive, of every card that was still in force; issued ones ended at the latest a year after 2024-12-01.</summary>
    public static readonly DateOnly LastDay = new(2025, 12, 1);
}
