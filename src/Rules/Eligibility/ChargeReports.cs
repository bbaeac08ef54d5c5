using EligibilityGateway.Rules.Eligibility.Policies;

namespace EligibilityGateway.Rules.Eligibility;

/// <summary>Which charges may be reported, and until when they count: dated policy.</summary>
public static class ChargeReports
{
    /// <summary>First day of treatment that may still be reported today.</summary>
    public static DateOnly FirstDay(DateOnly today) => ReportedChargePolicy.FirstDay(today);

    /// <summary>Last day on which a charge counts that is reported today.</summary>
    public static DateOnly CountsUntil(bool isCollected, DateOnly serviceDate, DateOnly today) =>
        isCollected ? ReportedChargePolicy.CollectedUntil(serviceDate) : ReportedChargePolicy.HeldUntil(serviceDate, today);
}
