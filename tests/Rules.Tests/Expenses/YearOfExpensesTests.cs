using EligibilityGateway.Rules.Expenses;
using EligibilityGateway.Rules.Expenses.Tables;

namespace EligibilityGateway.Rules.Tests.Expenses;

public sealed class YearOfExpensesTests
{
    private static readonly ExpenseInsurer One = new("06139992", "一"), Other = new("01130012", "二");
    private static readonly ExpensePerson Hanako = new(7, "見本　花子"), Taro = new(9, "見本　太郎");

    // What counts is the payment (article 73; nta.go.jp tebiki 2024 6_01: a notice may hold what was paid in the year before).
    [Theory]
    [InlineData("2026-05", "2026-05-20", CountedBy.PaymentDate, 3000)]
    [InlineData("2026-05", null, CountedBy.TreatmentMonth, 3000)]
    [InlineData("2025-12", "2026-01-06", CountedBy.PaymentDate, 3000)]
    [InlineData("2026-12", "2027-01-06", CountedBy.OtherYear, 0)]
    [InlineData("2026-01", "2025-12-28", CountedBy.OtherYear, 0)] // paid ahead
    public void An_expense_counts_in_the_year_of_its_payment(string month, string? paidOn, CountedBy counted, long paidInYear)
    {
        var line = Assert.Single(Of(Cost(month: month, paidOn: paidOn)).Persons[0].Lines);
        Assert.Equal((counted, 3000, paidInYear), (line.Counted, line.Sums.PatientPaid, line.Sums.PaidInYear));
    }

    [Theory]
    [InlineData("2025-12", null)]
    [InlineData("2025-12", "2025-12-28")]
    [InlineData("2025-12", "2027-01-05")]
    public void What_was_neither_treated_nor_paid_in_the_year_is_not_listed(string month, string? paidOn) =>
        Assert.Empty(Of(Cost(month: month, paidOn: paidOn)).Persons[0].Lines);

    // 給付の目的となった医療費が限度: cidian.kuaisou.com, ja.wikipedia.org 医療費控除.
    [Theory]
    [InlineData(3000, 0, 0)]
    [InlineData(3000, 1000, 1000)]
    [InlineData(3000, 3000, 3000)]
    [InlineData(3000, 4000, 3000)]
    [InlineData(0, 4000, 0)]
    [InlineData(-3000, -1000, -1000)]
    [InlineData(-3000, -4000, -3000)]
    public void What_was_given_back_is_set_off_against_its_own_expense_and_no_further(long paid, long reimbursed, long setOff)
    {
        var year = Of(Cost(paid: paid, reimbursed: reimbursed), Cost(id: 2, paid: 500));
        Assert.Equal((paid + 500, setOff, paid + 500 - setOff), (year.Total.PaidInYear, year.Total.ReimbursedInYear, year.Total.NetInYear));
    }

    [Fact]
    public void An_adjustment_takes_back_what_it_says()
    {
        var year = Of(Cost(paid: 3000), Cost(id: 2, paid: -1200));
        Assert.Equal(1800, year.Total.NetInYear);
        Assert.Equal(1800, Assert.Single(year.Persons[0].Payees).Sums.PaidInYear);
    }

    [Fact]
    public void Payees_are_parted_as_on_the_tax_form_without_what_does_not_count()
    {
        var year = Of(
            Cost(), Cost(id: 2, month: "2026-06", setting: CareSetting.Inpatient), Cost(id: 3, setting: CareSetting.Dispensing, institution: "見本薬局"),
            Cost(id: 4, month: "2026-12", paidOn: "2027-01-06", institution: "別の病院"));
        Assert.Equal(
            [("見本病院", TaxCategory.Treatment, 6000L), ("見本薬局", TaxCategory.Medicine, 3000L)],
            year.Persons[0].Payees.Select(payee => (payee.InstitutionName, payee.Category, payee.Sums.PaidInYear)));
    }

    [Fact]
    public void Whoever_is_named_twice_is_listed_once()
    {
        var year = YearOfExpenses.Of(2026, [Hanako, Taro, Hanako], [Cost(), Cost(id: 2, person: 9)], [], null);
        Assert.Equal([7L, 9L], year.Persons.Select(list => list.Person.Id));
        Assert.Equal(6000, year.Total.PaidInYear);
    }

    [Fact]
    public void Months_of_which_not_all_is_known_are_said()
    {
        // One insurer until May, the other from June; nothing known of the year's first month.
        var months = Enumerable.Range(2, 4).Select(month => new InsuredMonth(7, One, new DateOnly(2026, month, 1), month < 5))
            .Concat(Enumerable.Range(5, 8).Select(month => new InsuredMonth(7, Other, new DateOnly(2026, month, 1), month < 11))).ToList();
        var year = YearOfExpenses.Of(2026, [Hanako], [Cost(month: "2026-11", insurer: Other)], months, null);
        Assert.Equal(
            [
                new MonthGap(new DateOnly(2026, 1, 1), null, GapKind.NotInsured),
                new MonthGap(new DateOnly(2026, 5, 1), One, GapKind.NotDelivered),
                new MonthGap(new DateOnly(2026, 11, 1), Other, GapKind.Incomplete),
                new MonthGap(new DateOnly(2026, 12, 1), Other, GapKind.NotDelivered),
            ],
            year.Persons[0].Gaps);
        Assert.Contains(ExpenseNote.MonthsMissing, year.Notes);
    }

    [Fact]
    public void A_year_of_which_no_insurer_told_anything_is_not_a_year_without_cost()
    {
        var january = new DateOnly(2026, 1, 1);
        Assert.False(Of().AnythingTold);
        Assert.False(YearOfExpenses.Of(2026, [Hanako], [], [new InsuredMonth(7, One, january, Complete: false)], null).AnythingTold);
        Assert.True(YearOfExpenses.Of(2026, [Hanako], [], [new InsuredMonth(7, One, january, Complete: true)], null).AnythingTold);
        Assert.True(Of(Cost()).AnythingTold);
    }

    [Fact]
    public void Both_insurers_rows_of_somebody_who_moved_are_listed_and_care_that_both_list_is_said()
    {
        Assert.DoesNotContain(ExpenseNote.TwoInsurers, Of(Cost(), Cost(id: 2, month: "2026-06", insurer: Other)).Notes);
        var year = Of(Cost(), Cost(insurer: Other));
        Assert.Equal(2, year.Persons[0].Lines.Count);
        Assert.Contains(ExpenseNote.TwoInsurers, year.Notes);
    }

    [Fact]
    public void The_deduction_is_of_all_persons_together_and_only_where_an_income_is_said()
    {
        Expense[] expenses = [Cost(paid: 90_000), Cost(id: 2, person: 9, paid: 60_000, reimbursed: 20_000)];
        Assert.Null(YearOfExpenses.Of(2026, [Hanako, Taro], expenses, [], null).Deduction);
        Assert.Equal(new Deduction(5_000_000, 100_000, 30_000), YearOfExpenses.Of(2026, [Hanako, Taro], expenses, [], 5_000_000).Deduction);
        var before = YearOfExpenses.Of(2016, [Hanako], [], [], 5_000_000);
        Assert.Null(before.Deduction);
        Assert.Contains(ExpenseNote.DeductionNotDecided, before.Notes);
    }

    private static YearOfExpenses Of(params Expense[] expenses) => YearOfExpenses.Of(2026, [Hanako], expenses, [], null);

    private static Expense Cost(
        long id = 1,
        long person = 7,
        string month = "2026-05",
        string? paidOn = null,
        long paid = 3000,
        long reimbursed = 0,
        CareSetting setting = CareSetting.Outpatient,
        string institution = "見本病院",
        ExpenseInsurer? insurer = null) =>
        new(person, insurer ?? One, id, Day(month + "-01"), "", institution, setting, 1, 10_000, 10_000 - paid, 0, paid, reimbursed, paidOn is null ? null : Day(paidOn));

    private static DateOnly Day(string text) => DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
