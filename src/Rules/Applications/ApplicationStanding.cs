namespace EligibilityGateway.Rules.Applications;

/// <summary>What may be told of an application: a pure rule over what was told of it, the day, and <see cref="ApplicationPolicy"/>.</summary>
/// <param name="IsVisible">False where it is too new: it is answered as one that is not there.</param>
/// <param name="IsOverdue">It takes longer than it should, and the city office must look into it.</param>
public readonly record struct ApplicationStanding(bool IsVisible, bool IsOverdue)
{
    /// <summary>The standing of an application on a day in Japan.</summary>
    public static ApplicationStanding Of(ApplicationReport report, DateOnly today)
    {
        var policy = ApplicationPolicy.On(report.On);
        return new ApplicationStanding(
            IsVisible: report.Step != ApplicationStep.Received || today >= report.On.AddDays(policy.VisibleAfterDays),
            IsOverdue: report.Step is ApplicationStep.Received or ApplicationStep.InProcess && today > report.On.AddMonths(policy.OverdueAfterMonths));
    }
}
