using System.CommandLine;
using System.Globalization;
using EligibilityGateway.Common;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Lists.Expenses;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Rules.Expenses;
using EligibilityGateway.Rules.Expenses.Tables;

namespace EligibilityGateway.Gateway.Operator;

/// <summary><c>gateway expenses --person N --year YEAR</c>: what a year's medical care cost, for the tax deduction; docs/expenses.md has the columns.</summary>
internal static class ExpensesCommand
{
    private const int MaxPersons = 20, FirstYear = 1922;

    private static readonly Option<string[]> Person = new("--person") { Description = "The store's number of a person; never the My Number. May be repeated, for whoever lives on one purse.", Required = true };
    private static readonly Option<bool> Household = new("--household") { Description = "Also those who share insurer, symbol and number with one of them on some day of the year." };
    private static readonly Option<string> Year = new("--year") { Description = "The calendar year.", Required = true };
    private static readonly Option<string> AskedBy = new("--asked-by") { Description = "Who asks, as it goes on record: a name or the number of an application.", Required = true };
    private static readonly Option<string> Format = new Option<string>("--format") { Description = "csv or xml.", DefaultValueFactory = _ => "csv" }.OneOf("csv", "xml");
    private static readonly Option<string> Layout = new Option<string>("--layout")
    {
        Description = "Of the xml: the whole list (notice), or the tax form's part 2 (statement).",
        DefaultValueFactory = _ => "notice",
    }.OneOf([.. XmlLayout.All.Keys]);

    private static readonly Option<string?> Income = new("--income") { Description = "The year's income in yen of whoever deducts the expenses; with it the deduction is told." };
    private static readonly Option<string> Language = new Option<string>("--language") { Description = "Of its notes: ja or en.", DefaultValueFactory = _ => "ja" }.OneOf("ja", "en");
    private static readonly Option<string?> Out = new("--out") { Description = "The file to write; standard output where it is not given." };
    private static readonly Option<bool> Force = new("--force") { Description = "Replaces a file that is there." };
    private static readonly Option<string> Postgres = StoreConnection.OptionOf("--expenses", "eg_expenses");

    public static Command Create()
    {
        var command = new Command("expenses", "Writes what medical care cost persons in a year, for the tax deduction. Each time is put on record first.")
        {
            Person, Household, Year, AskedBy, Format, Layout, Income, Language, Out, Force, Postgres,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var today = JapanTime.Today(TimeProvider.System);
        var access = new ExpenseAccess(
            OnRecord.AskerIn(arguments.GetRequiredValue(AskedBy)), PersonsIn(arguments.GetRequiredValue(Person)), YearIn(arguments.GetRequiredValue(Year), today), arguments.GetValue(Household));
        var income = IncomeIn(arguments.GetValue(Income));
        var connectionString = arguments.GetRequiredValue(Postgres);
        await using var output = ExpenseOutput.Open(arguments.GetValue(Out), arguments.GetValue(Force));
        try
        {
            var year = await StoreConnection.UseAsync(Postgres.Name, connectionString, async store =>
            {
                // What is put on record must be there after a crash, as a look-up's record is.
                if (await DurabilityCheck.FindFaultAsync(connectionString, cancellation, StoreRole.Expenses) is { } fault) throw new SettingsException(fault);
                return await new ExpenseStore(store).ReadAsync(access, income, cancellation);
            });
            if (!year.AnythingTold) throw new SettingsException($"No insurer has told anything of {year.Year} about them: nothing was written.");
            await output.WriteAsync(TextOf(year, arguments, today), cancellation);
            if (output.Path is { } path) Console.WriteLine(Said(year, path));
            return 0;
        }
        catch (OperationCanceledException)
        {
            throw new SettingsException("Stopped: what was written is not whole. That it was asked for may be on record.");
        }
    }

    private static string TextOf(YearOfExpenses year, ParseResult arguments, DateOnly today)
    {
        var texts = arguments.GetValue(Language) == "en" ? ExportTexts.English : ExportTexts.Japanese;
        if (arguments.GetValue(Format) == "csv") return ExpenseCsv.TextOf(new ExportList(CareSettings.NameOf, texts).Of(year, today));
        var layout = XmlLayout.All[arguments.GetRequiredValue(Layout)];
        return ExpenseXml.TextOf(new ExportList(setting => layout.Settings[setting], texts).Of(year, today), layout);
    }

    private static string Said(YearOfExpenses year, string path)
    {
        var missing = year.Persons.SelectMany(list => list.Gaps).Where(gap => gap.Kind != GapKind.NotInsured).Select(gap => gap.Month).Distinct().Order().ToList();
        var months = missing.Count == 0
            ? "every month is complete"
            : $"not complete yet: {string.Join(", ", missing.Select(month => month.ToString("yyyy-MM", CultureInfo.InvariantCulture)))}";
        return $"Written: {path}; {Counted.Of(year.Persons.Count, "person")}, {Counted.Of(year.Persons.Sum(list => list.Lines.Count), "expense")}; {months}.";
    }

    private static long[] PersonsIn(string[] given)
    {
        long[] persons = [.. given.Select(OnRecord.PersonIn).Distinct().Order()];
        return persons.Length <= MaxPersons ? persons : throw new SettingsException($"--person is given for more than {MaxPersons} persons: ask for them one household at a time.");
    }

    private static int YearIn(string given, DateOnly today)
    {
        if (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var year) || year < FirstYear) throw new SettingsException("--year is no calendar year: write it as 2026.");
        return year <= today.Year ? year : throw new SettingsException($"--year {year} has not begun: there is nothing of it yet.");
    }

    private static long? IncomeIn(string? given) =>
        given is null ? null
        : long.TryParse(given, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var income) ? income
        : throw new SettingsException("--income is no whole number of yen.");
}
