using EligibilityGateway.Rules.Expenses.Tables;

namespace EligibilityGateway.Rules.Expenses;

/// <summary>What medical care cost some persons in a calendar year, for the deduction (医療費控除). The same facts in any order give the same list.</summary>
/// <param name="Year">Calendar year.</param>
/// <param name="Persons">Each once, by number.</param>
/// <param name="Total">Of all of them.</param>
/// <param name="Deduction">Null where no income was said, or where no rule is known for the year.</param>
/// <param name="Notes">What must be known of the list.</param>
public sealed record YearOfExpenses(int Year, IReadOnlyList<PersonExpenses> Persons, Sums Total, Deduction? Deduction, IReadOnlyList<ExpenseNote> Notes)
{
    private const int MonthsOfYear = 12;

    /// <summary>Whether any insurer has told anything of the year.</summary>
    public bool AnythingTold { get; private init; }

    /// <param name="year">Calendar year.</param>
    /// <param name="persons">Whose.</param>
    /// <param name="expenses">Theirs; those neither treated nor paid in the year are left out.</param>
    /// <param name="months">In which they are insured.</param>
    /// <param name="income">Of whoever deducts them; null where it is not said.</param>
    public static YearOfExpenses Of(
        int year, IEnumerable<ExpensePerson> persons, IReadOnlyCollection<Expense> expenses, IReadOnlyCollection<InsuredMonth> months, long? income)
    {
        var expensesOf = expenses.Where(expense => expense.Month.Year == year || expense.PaidOn?.Year == year).ToLookup(expense => expense.PersonId);
        var monthsOf = months.ToLookup(month => month.PersonId);
        var lists = persons.DistinctBy(person => person.Id).OrderBy(person => person.Id)
            .Select(person => ListOf(person, year, expensesOf[person.Id], [.. monthsOf[person.Id]])).ToList();
        var total = Sums.Of(lists.Select(list => list.Total));
        var rule = DeductionRule.Of(year);
        return new YearOfExpenses(
            year,
            lists,
            total,
            rule is not null && income is { } yen ? Expenses.Deduction.Of(rule, total.NetInYear, yen) : null,
            [.. NotesOn(lists, rule)])
        {
            AnythingTold = lists.Any(list => list.Lines.Count > 0) || months.Any(month => month.Complete),
        };
    }

    private static PersonExpenses ListOf(ExpensePerson person, int year, IEnumerable<Expense> expenses, IReadOnlyList<InsuredMonth> months)
    {
        var lines = expenses
            .OrderBy(expense => expense.Month).ThenBy(expense => expense.PaidOn ?? DateOnly.MaxValue)
            .ThenBy(expense => expense.Insurer.Number, StringComparer.Ordinal).ThenBy(expense => expense.InstitutionCode, StringComparer.Ordinal)
            .ThenBy(expense => expense.InstitutionName, StringComparer.Ordinal).ThenBy(expense => expense.Setting).ThenBy(expense => expense.Id)
            .Select(expense => ExpenseLine.Of(expense, year)).ToList();
        return new PersonExpenses(person, lines, PayeesOf(lines), [.. GapsOf(year, lines, months)], Sums.Of(lines.Select(line => line.Sums)));
    }

    private static List<PayeeSum> PayeesOf(IEnumerable<ExpenseLine> lines) =>
    [
        .. lines.Where(line => line.Counted != CountedBy.OtherYear)
            .GroupBy(line => (line.Expense.InstitutionCode, line.Expense.InstitutionName, Category: CategoryRow.Of(line.Expense.Setting)))
            .OrderBy(payee => payee.Key.InstitutionCode, StringComparer.Ordinal).ThenBy(payee => payee.Key.InstitutionName, StringComparer.Ordinal).ThenBy(payee => payee.Key.Category)
            .Select(payee => new PayeeSum(payee.Key.InstitutionCode, payee.Key.InstitutionName, payee.Key.Category, Sums.Of(payee.Select(line => line.Sums)))),
    ];

    private static IEnumerable<MonthGap> GapsOf(int year, IReadOnlyList<ExpenseLine> lines, IReadOnlyList<InsuredMonth> months)
    {
        for (var number = 1; number <= MonthsOfYear; number++)
        {
            var month = new DateOnly(year, number, 1);
            var insured = months.Where(known => known.Month == month).OrderBy(known => known.Insurer.Number, StringComparer.Ordinal).ToList();
            if (insured.Count == 0) yield return new MonthGap(month, null, GapKind.NotInsured);
            foreach (var (_, insurer, _, complete) in insured)
            {
                if (complete) continue;
                var told = lines.Any(line => line.Expense.Month == month && line.Expense.Insurer.Number == insurer.Number);
                yield return new MonthGap(month, insurer, told ? GapKind.Incomplete : GapKind.NotDelivered);
            }
        }
    }

    private static IEnumerable<ExpenseNote> NotesOn(IReadOnlyList<PersonExpenses> lists, DeductionRule? rule)
    {
        var lines = lists.SelectMany(list => list.Lines).ToList();
        yield return ExpenseNote.InsuredCareOnly;
        yield return ExpenseNote.ToTheYen;
        if (lines.Any(line => line.Counted == CountedBy.TreatmentMonth)) yield return ExpenseNote.CountedByTreatmentMonth;
        if (lines.Any(line => line.Counted == CountedBy.OtherYear)) yield return ExpenseNote.PaidInAnotherYear;
        if (lines.GroupBy(line => (line.Expense.PersonId, line.Expense.Month, line.Expense.InstitutionCode, line.Expense.InstitutionName, line.Expense.Setting))
            .Any(care => care.DistinctBy(line => line.Expense.Insurer.Number).Count() > 1)) yield return ExpenseNote.TwoInsurers;
        if (lists.Any(list => list.Gaps.Count > 0)) yield return ExpenseNote.MonthsMissing;
        if (rule is null) yield return ExpenseNote.DeductionNotDecided;
    }
}
