using System.Text;
using EligibilityGateway.Common;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Feeds.Expenses;
using EligibilityGateway.Gateway.Feeds.Insurers;
using EligibilityGateway.Gateway.Lists.Expenses;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Feeds.Insurers.Batches;
using EligibilityGateway.Rules.Expenses;
using EligibilityGateway.Rules.Expenses.Tables;
using Npgsql;
using static EligibilityGateway.Gateway.Tests.Feeds.Expenses.ExpenseFile;

namespace EligibilityGateway.Gateway.Tests.Lists.Expenses;

/// <summary>What is read, and that it is on record first; with the rights of eg_expenses alone.</summary>
public sealed class ExpenseStoreTests(TestStores stores) : IAsyncLifetime
{
    private const int Year = 2025;

    private TestTown _town = null!;
    private NpgsqlDataSource _reader = null!;

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        _reader = NpgsqlDataSource.Create(_town.Database.ConnectionString(StoreRole.Expenses));
    }

    public async ValueTask DisposeAsync()
    {
        await _reader.DisposeAsync();
        await _town.DisposeAsync();
    }

    [Fact]
    public async Task From_the_file_to_both_forms()
    {
        // Hanako moves to the other insurer in July; Taro is on her insurance until then.
        var hanako = await _town.AddPersonAsync(acquiredOn: new DateOnly(2020, 4, 1), lostOn: new DateOnly(2025, 7, 1), number: "42");
        var taro = await _town.AddPersonAsync(acquiredOn: new DateOnly(2020, 4, 1), lostOn: new DateOnly(2025, 7, 1), number: "42");
        await _town.DeliverAsync(new InsurerDelivery
        {
            Coverages = [(hanako with { CoverageId = 901, Insurer = TestTown.Union }).Coverage(new DateOnly(2025, 7, 1), null)],
        });
        var union = $"insurer={TestTown.Union}";
        await ImportAsync(
        [
            Expense(1, 1, 10, "month=2025-02", "paid_on=2025-02-14"),
            Expense(2, 1, 11, "month=2025-02", "setting=dispensing", "institution=", "institution_name=＝見本薬局", "total_cost=4120", "insurer_paid=2884", "patient_paid=1236"),
            Expense(3, 1, 12, "month=2024-12", "paid_on=2025-01-06", "total_cost=500", "insurer_paid=350", "patient_paid=150"),
            Expense(4, 1, 13, "month=2025-05", "setting=inpatient", "days=12", "total_cost=600000", "insurer_paid=420000", "patient_paid=180000", "reimbursed=97570", "paid_on=2025-06-02"),
            Expense(5, 1, 14, "month=2025-05", "patient_paid=9"),
            Expense(6, 1, 14, "month=2025-05", "paid_on=2025-05-20"),
            Expense(7, 1, 15, "month=2025-05"),
            Withdrawal(8, 1, 15),
            Expense(9, 2, 20, "month=2025-03", "setting=dental", "institution=", "institution_name=\"見本歯科, \"\"駅前\"\"\"", "total_cost=-2000", "insurer_paid=-1400", "patient_paid=-600"),
            .. Enumerable.Range(1, 6).Select(month => Month(100 + month, $"2025-{month:00}")),
            Expense(1, 1, 10, union, "month=2025-08", "paid_on=2025-08-09"),
            Expense(2, 1, 11, union, "month=2025-12", "paid_on=2026-01-05"),
            .. Enumerable.Range(7, 4).Select(month => Month(100 + month, $"2025-{month:00}", union)),
        ]);

        var list = await ReadAsync(new ExpenseAccess("申請 1", [1], Year, WithHousehold: true), income: 1_500_000);
        var createdOn = new DateOnly(2026, 2, 10);
        await AssertGoldenAsync("list.csv", ExpenseCsv.TextOf(new ExportList(CareSettings.NameOf, ExportTexts.English).Of(list, createdOn)));
        foreach (var (name, layout) in XmlLayout.All)
            await AssertGoldenAsync($"{name}.xml", ExpenseXml.TextOf(new ExportList(setting => layout.Settings[setting], ExportTexts.Japanese).Of(list, createdOn), layout));
    }

    [Fact]
    public async Task Each_access_is_on_record_with_all_whose_expenses_were_read()
    {
        await _town.AddPersonAsync(number: "42");
        await _town.AddPersonAsync(number: "42");
        await _town.AddPersonAsync();
        await ReadAsync(new ExpenseAccess("申請 1", [1], Year, WithHousehold: true));
        await ReadAsync(new ExpenseAccess("申請 2", [1, 3], Year, WithHousehold: false));
        Assert.Equal(
            ["申請 1 {1} {1,2} 2025", "申請 2 {1,3} {1,3} 2025"],
            await _town.Database.ReadAsync<string[]>("SELECT array_agg(concat_ws(' ', asked_by, asked_for, persons, of_year) ORDER BY access_id) FROM eligibility.expense_access"));
    }

    [Fact]
    public async Task Nothing_is_read_before_its_access_is_on_record_for_good()
    {
        await _town.AddPersonAsync();
        await ImportAsync([Expense(1, 1, 10)]);
        await using var connection = await _reader.OpenConnectionAsync(Cancellation);
        await using (var transaction = await connection.BeginTransactionAsync(Cancellation))
        {
            var access = await ScalarAsync<long>(connection, "SELECT recorded_access FROM record_expense_access('mine', '{1}', 2025, false)");
            foreach (var function in (string[])["expenses_of", "expense_persons", "expense_months"])
                Assert.Equal(0, await ScalarAsync<long>(connection, $"SELECT count(*) FROM {function}({access})"));
            await transaction.CommitAsync(Cancellation);
            Assert.Equal(1, await ScalarAsync<long>(connection, $"SELECT count(*) FROM expenses_of({access})"));
        }
        Assert.Equal(0, await ScalarAsync<long>(connection, "SELECT count(*) FROM expenses_of(99)"));
    }

    [Fact]
    public async Task An_access_lets_be_read_what_it_says_and_for_ten_minutes()
    {
        await _town.AddPersonAsync();
        await _town.AddPersonAsync();
        await ImportAsync([Expense(1, 1, 10), Expense(2, 2, 20), Expense(3, 1, 11, "month=2024-04")]);
        await using var connection = await _reader.OpenConnectionAsync(Cancellation);
        var access = await ScalarAsync<long>(connection, "SELECT recorded_access FROM record_expense_access('mine', '{1}', 2025, false)");
        Assert.Equal(10, await ScalarAsync<long>(connection, $"SELECT sum(expense_id)::bigint FROM expenses_of({access})"));
        // By login and address too, which nobody says.
        Assert.True(await _town.Database.ReadAsync<bool>("SELECT bool_and(asked_as = 'eg_expenses' AND host(from_where) = '127.0.0.1') FROM eligibility.expense_access"));

        await _town.Database.ExecuteAsync(StoreRole.Owner, "UPDATE expense_access SET recorded_at = recorded_at - interval '10 minutes'");
        Assert.Equal(0, await ScalarAsync<long>(connection, $"SELECT count(*) FROM expenses_of({access})"));
    }

    [Fact]
    public async Task Somebody_whom_nobody_knows_is_told_and_nothing_goes_on_record()
    {
        await _town.AddPersonAsync();
        var refused = await Assert.ThrowsAsync<SettingsException>(() => ReadAsync(new ExpenseAccess("申請 1", [1, 99], Year, WithHousehold: true)));
        Assert.Contains("--person 99", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, await _town.Database.ReadAsync<long>("SELECT count(*) FROM eligibility.expense_access"));
    }

    // The others' symbol and number are the person's own but where said.
    [Theory]
    [InlineData("2020-04-01", null, "42", true)]
    [InlineData("2025-12-31", null, "42", true)]
    [InlineData("2020-04-01", "2025-01-02", "42", true)]
    [InlineData("2020-04-01", "2025-01-01", "42", false)] // the loss date is not covered
    [InlineData("2026-01-01", null, "42", false)]
    [InlineData("2020-04-01", null, "43", false)]
    public async Task A_household_is_who_shares_the_insurance_on_a_day_of_the_year(string acquiredOn, string? lostOn, string number, bool shares)
    {
        await _town.AddPersonAsync(acquiredOn: new DateOnly(2020, 4, 1), number: "42");
        await _town.AddPersonAsync(acquiredOn: Day(acquiredOn), lostOn: lostOn is null ? null : Day(lostOn), number: number);
        await _town.AddPersonAsync(acquiredOn: new DateOnly(2020, 4, 1), insurer: TestTown.Union, number: "42");
        var list = await ReadAsync(new ExpenseAccess("申請 1", [1], Year, WithHousehold: true));
        Assert.Equal(shares ? [1L, 2L] : [1L], list.Persons.Select(person => person.Person.Id));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static DateOnly Day(string text) => JapanTime.TryParseDate(text, out var day) ? day : throw new FormatException(text);

    private static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    /// <summary>Byte by byte as it lies in the repository.</summary>
    private static async Task AssertGoldenAsync(string name, string written)
    {
        var expected = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Lists", "Expenses", "Golden", name), Cancellation);
        Assert.Equal(Encoding.UTF8.GetString(expected), written);
    }

    private Task<YearOfExpenses> ReadAsync(ExpenseAccess access, long? income = null) => new ExpenseStore(_reader).ReadAsync(access, income, Cancellation);

    private async Task ImportAsync(string[] rows)
    {
        var listener = new FeedListener();
        await using var store = NpgsqlDataSource.Create(_town.Database.ConnectionString(StoreRole.InsurerFeed));
        await using var content = new MemoryStream(Encoding.UTF8.GetBytes(Of(rows)));
        var outcome = await new ExpenseFiles(store, TimeProvider.System).ImportAsync(content, new HashSet<InsurerNumber> { TestTown.Employees, TestTown.Union }, listener, Cancellation);
        Assert.True(outcome is ExpenseOutcome.Applied, string.Join('\n', listener.Findings));
    }
}
