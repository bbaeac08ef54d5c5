namespace EligibilityGateway.Rules.Emergency;

/// <summary>How far back a list of the summary reaches.</summary>
public readonly record struct SummaryWindow(int Years, int Months, int Days)
{
    /// <summary>Dialysis, medicines from claims, treatment, visits.</summary>
    public static readonly SummaryWindow ThreeMonths = new(0, 3, 0);

    /// <summary>Dispensing by electronic prescription.</summary>
    public static readonly SummaryWindow FortyFiveDays = new(0, 0, 45);

    /// <summary>Operations; and the dates of health checks: the summary names no window for them, the normal display this one.</summary>
    public static readonly SummaryWindow FiveYears = new(5, 0, 0);

    /// <summary>
    /// The first day that is shown, inclusive: the same day of the month so many months or years ago, and where that month has no such
    /// day its last one (31 May less 3 months: 28 February), as the Civil Code counts periods (art. 143). Today itself is not counted
    /// among the days (art. 140): 45 days before 15 October is 31 August.
    /// </summary>
    public DateOnly FirstDay(DateOnly today) => today.AddMonths(-(12 * Years) - Months).AddDays(-Days);

    /// <summary>Shown today: neither before the first day nor later than today, since what has not happened yet is an error.</summary>
    public bool Shows(DateOnly happenedOn, DateOnly today) => FirstDay(today) <= happenedOn && happenedOn <= today;
}
