using System.Globalization;
using EligibilityGateway.Contracts;
using EligibilityGateway.Rules.Expenses;
using EligibilityGateway.Rules.Expenses.Tables;
using static EligibilityGateway.Gateway.Lists.Expenses.ExportColumns;

namespace EligibilityGateway.Gateway.Lists.Expenses;

/// <summary>Makes records of a year's list: what the CSV and the XML both write, so that they can't differ.</summary>
/// <param name="settingWord">What a kind of care is called.</param>
/// <param name="texts">In the language asked for.</param>
internal sealed class ExportList(Func<CareSetting, string> settingWord, ExportTexts texts)
{
    /// <summary>The whole list: its last record, with all others within it.</summary>
    public ExportRecord Of(YearOfExpenses year, DateOnly createdOn)
    {
        var values = SumsOf(year.Total);
        values[Year] = Number(year.Year);
        values[CreatedOn] = JapanTime.Format(createdOn);
        if (year.Deduction is { } deduction)
        {
            values[Income] = Number(deduction.Income);
            values[Floor] = Number(deduction.Floor);
            values[ExportColumns.Deduction] = Number(deduction.Amount);
        }
        return Record(RecordKind.Total, values, [.. year.Persons.Select(Of), .. year.Notes.Select(Of)]);
    }

    private ExportRecord Of(PersonExpenses list)
    {
        var parts = list.Lines.Select(Of).Concat(list.Payees.Select(Of)).Concat(list.Gaps.Select(Of)).ToList();
        foreach (var values in parts.Select(part => (Dictionary<string, string>)part.Values)) NamePerson(values);
        var total = SumsOf(list.Total);
        NamePerson(total);
        return Record(RecordKind.PersonTotal, total, parts);

        void NamePerson(Dictionary<string, string> values)
        {
            values[Person] = Number(list.Person.Id);
            values[Name] = list.Person.Name;
        }
    }

    private ExportRecord Of(ExpenseLine line)
    {
        var expense = line.Expense;
        var values = SumsOf(line.Sums);
        NameInsurer(values, expense.Insurer);
        values[Month] = MonthOf(expense.Month);
        values[PaidOn] = expense.PaidOn is { } paidOn ? JapanTime.Format(paidOn) : "";
        values[Institution] = expense.InstitutionCode;
        values[InstitutionName] = expense.InstitutionName;
        values[Setting] = settingWord(expense.Setting);
        values[Category] = CategoryRow.Of(expense.Setting).FormWord();
        values[Days] = Number(expense.Days);
        values[Code] = CodeOf(line.Counted);
        return Record(RecordKind.Expense, values);
    }

    private static ExportRecord Of(PayeeSum payee)
    {
        var values = SumsOf(payee.Sums);
        values[Institution] = payee.InstitutionCode;
        values[InstitutionName] = payee.InstitutionName;
        values[Category] = payee.Category.FormWord();
        return Record(RecordKind.Payee, values);
    }

    private ExportRecord Of(MonthGap gap)
    {
        var values = new Dictionary<string, string> { [Month] = MonthOf(gap.Month), [Code] = CodeOf(gap.Kind), [Text] = texts.Of(gap.Kind) };
        if (gap.Insurer is { } insurer) NameInsurer(values, insurer);
        return Record(RecordKind.Missing, values);
    }

    private ExportRecord Of(ExpenseNote note) => Record(RecordKind.Note, new() { [Code] = CodeOf(note), [Text] = texts.Of(note) });

    private static ExportRecord Record(string kind, Dictionary<string, string> values, params IReadOnlyList<ExportRecord> parts)
    {
        values[ExportColumns.Record] = kind;
        return new ExportRecord(kind, values, parts);
    }

    private static void NameInsurer(Dictionary<string, string> values, ExpenseInsurer insurer) => (values[Insurer], values[InsurerName]) = (insurer.Number, insurer.Name);

    private static Dictionary<string, string> SumsOf(Sums sums) => new()
    {
        [TotalCost] = Number(sums.TotalCost),
        [InsurerPaid] = Number(sums.InsurerPaid),
        [PublicPaid] = Number(sums.PublicPaid),
        [PatientPaid] = Number(sums.PatientPaid),
        [Reimbursed] = Number(sums.Reimbursed),
        [PaidInYear] = Number(sums.PaidInYear),
        [ReimbursedInYear] = Number(sums.ReimbursedInYear),
        [NetInYear] = Number(sums.NetInYear),
    };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string MonthOf(DateOnly month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    /// <summary><c>NotDelivered</c> becomes <c>not_delivered</c>.</summary>
    private static string CodeOf<T>(T code)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(code.ToString());
}
