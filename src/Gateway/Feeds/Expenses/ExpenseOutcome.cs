namespace EligibilityGateway.Gateway.Feeds.Expenses;

/// <summary>What became of a file of expenses.</summary>
internal abstract record ExpenseOutcome
{
    private ExpenseOutcome()
    {
    }

    /// <summary>All that was new in it is stored.</summary>
    /// <param name="Rows">How many rows were new.</param>
    /// <param name="AppliedBefore">Rows that an earlier file brought.</param>
    /// <param name="Superseded">Rows that came later than a change with a higher number.</param>
    public sealed record Applied(long Rows, long AppliedBefore, long Superseded) : ExpenseOutcome;

    /// <summary>Nothing of it was kept.</summary>
    public sealed record Rejected(long Errors) : ExpenseOutcome;

    /// <summary>Another import is at work.</summary>
    public sealed record Busy : ExpenseOutcome;
}
