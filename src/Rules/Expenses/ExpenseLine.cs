namespace EligibilityGateway.Rules.Expenses;

/// <summary>An expense in the list of a year.</summary>
public sealed record ExpenseLine(Expense Expense, CountedBy Counted)
{
    public Sums Sums { get; } = SumsOf(Expense, Counted);

    /// <summary>As the year sees it. Only for what was treated or paid in it.</summary>
    public static ExpenseLine Of(Expense expense, int year) => new(expense, expense.PaidOn switch
    {
        null => CountedBy.TreatmentMonth,
        { } paidOn => paidOn.Year == year ? CountedBy.PaymentDate : CountedBy.OtherYear,
    });

    /// <summary>
    /// What was given back is set off against the expense that it was given for, whenever it came, and no further than that
    /// (補填される金額: 給付の目的となった医療費が限度).
    /// </summary>
    private static Sums SumsOf(Expense expense, CountedBy counted)
    {
        var paid = expense.PatientPaid;
        var setOff = Math.Clamp(expense.Reimbursed, Math.Min(paid, 0), Math.Max(paid, 0));
        var counts = counted != CountedBy.OtherYear;
        return new Sums(expense.TotalCost, expense.InsurerPaid, expense.PublicPaid, paid, expense.Reimbursed, counts ? paid : 0, counts ? setOff : 0);
    }
}
