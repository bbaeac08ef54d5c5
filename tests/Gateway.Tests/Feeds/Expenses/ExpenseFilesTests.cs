using System.Text;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Feeds.Expenses;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Feeds.Insurers.Batches;
using Npgsql;
using static EligibilityGateway.Gateway.Tests.Feeds.Expenses.ExpenseFile;

namespace EligibilityGateway.Gateway.Tests.Feeds.Expenses;

/// <summary>Files of expenses, on a real database with the rights of the feed alone.</summary>
public sealed class ExpenseFilesTests(TestStores stores) : IAsyncLifetime
{
    private static readonly DateOnly Acquired = new(2024, 6, 1);

    private readonly FeedListener _listener = new();

    private TestTown _town = null!;
    private TestPerson _hanako = null!;
    private TestPerson _taro = null!;
    private NpgsqlDataSource _store = null!;

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        _hanako = await _town.AddPersonAsync(acquiredOn: Acquired);
        _taro = await _town.AddPersonAsync(insurer: TestTown.Union, acquiredOn: Acquired);
        _store = NpgsqlDataSource.Create(_town.Database.ConnectionString(StoreRole.InsurerFeed));
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _town.DisposeAsync();
    }

    [Fact]
    public async Task A_file_is_stored_once()
    {
        var file = Of(Expense(1, 1, 10), Expense(2, 1, 11), Month(3, "2025-04"));
        Assert.Equal(new ExpenseOutcome.Applied(3, 0, 0), await ImportAsync(file));
        Assert.Equal(new ExpenseOutcome.Applied(0, 3, 0), await ImportAsync(file));
        Assert.Empty(_listener.Findings);
        Assert.Equal((2, 1), (await CountAsync("medical_expense"), await CountAsync("medical_expense_month")));
    }

    [Fact]
    public async Task A_payees_name_with_a_character_of_private_use_is_kept_and_told()
    {
        Assert.Equal(new ExpenseOutcome.Applied(1, 0, 0), await ImportAsync(Of(Expense(1, 1, 10, "institution_name=\uE000医院"))));
        Assert.Equal(["line 2, institution_name: warning: holds a character of private use (外字): it is kept as it came, and shown as ●"], _listener.Findings);
        Assert.Equal("\uE000医院", await _town.Database.ReadAsync<string>("SELECT institution_name FROM eligibility.medical_expense"));
    }

    [Fact]
    public async Task No_answer_depends_on_it()
    {
        var before = await _town.Database.ReadAsync<long>("SELECT version FROM eligibility.person WHERE person_id = 1");
        await ImportAsync(Of(Expense(1, 1, 10), Month(2, "2025-04")));
        Assert.Equal(before, await _town.Database.ReadAsync<long>("SELECT version FROM eligibility.person WHERE person_id = 1"));
    }

    [Fact]
    public async Task A_change_counts_by_its_number_and_not_by_its_place()
    {
        Assert.Equal(new ExpenseOutcome.Applied(3, 0, 0), await ImportAsync(Of(Expense(7, 1, 10, "patient_paid=2900"), Expense(5, 1, 10), Withdrawal(9, 1, 10))));
        Assert.Equal([3000, 2900, null], await _town.Database.ReadAsync<int?[]>("SELECT array_agg(patient_paid ORDER BY revision) FROM eligibility.medical_expense"));

        // One that comes too late changes nothing, and is told; a later one makes it true again.
        Assert.Equal(new ExpenseOutcome.Applied(1, 0, 1), await ImportAsync(Of(Expense(8, 1, 10, "patient_paid=1"), Expense(10, 1, 10, "patient_paid=2800"))));
        Assert.Contains("line 2, sequence: note: superseded: change 9 of the same fact is in force", _listener.Findings);
        Assert.Equal(2800, await _town.Database.ReadAsync<int>("SELECT patient_paid FROM eligibility.medical_expense ORDER BY revision DESC LIMIT 1"));
    }

    [Fact]
    public async Task Wherever_a_delivery_is_cut_into_two_files_they_are_as_one()
    {
        string[] rows = [Expense(1, 1, 10), Month(2, "2025-04"), Expense(3, 1, 11, "patient_paid=1"), Expense(4, 1, 11), Withdrawal(5, 1, 10), Expense(6, 1, 12), Expense(7, 1, 10, "patient_paid=5")];
        await ImportAsync(Of(rows));
        var whole = await StateAsync();
        for (var cut = 1; cut < rows.Length; cut++)
        {
            await _town.Database.ExecuteAsync(StoreRole.Owner, "TRUNCATE medical_expense, medical_expense_month");
            await ImportAsync(Of(rows[..cut]));
            await ImportAsync(Of(rows[cut..]));
            Assert.Equal(whole, await StateAsync());
        }
    }

    [Fact]
    public async Task Insurers_number_their_expenses_each_for_itself()
    {
        await ImportAsync(Of(Expense(1, 1, 10), Expense(1, 2, 10, $"insurer={TestTown.Union}")));
        Assert.Equal(2, await _town.Database.ReadAsync<long>("SELECT count(*) FROM eligibility.medical_expense WHERE expense_id = 10 AND revision = 0"));
    }

    // Each with where it must be told.
    [Theory]
    [InlineData("line 2, sequence", "sequence=0")]
    [InlineData("line 2, sequence", "sequence=")]
    [InlineData("line 2, kind", "kind=refund")]
    [InlineData("line 2, insurer", "insurer=06130012")]
    [InlineData("line 2, insurer", "insurer=1")]
    [InlineData("line 2, person: error: nobody knows", "person=99")]
    [InlineData("line 2, person: error: this insurer has no coverage", "person=2")]
    [InlineData("line 2, person: error: looks like a My Number", "person=123456789018")]
    [InlineData("line 2, fact", "fact=-1")]
    [InlineData("line 2, month", "month=2025-13")]
    [InlineData("line 2, month: error: lies before 1922", "month=1921-12")]
    [InlineData("line 2, month: error: lies ahead", "month=2999-01")]
    [InlineData("line 2, month", "month=2025-04-01")]
    [InlineData("line 2, institution", "institution=011011371")]
    [InlineData("line 2, institution", "institution=０１１０１１３７１９")]
    [InlineData("line 2, institution_name", "institution_name=")]
    [InlineData("line 2, institution_name", "institution_name=1234 5678 9018")]
    [InlineData("line 2, institution_name", "institution_name=a\u0007b")]
    [InlineData("line 2, setting", "setting=veterinary")]
    [InlineData("line 2, days", "days=1000")]
    [InlineData("line 2, total_cost", "total_cost=10,000")]
    [InlineData("line 2, total_cost", "total_cost=1000000001")]
    [InlineData("line 2, total_cost: error: some amounts", "patient_paid=-3000")]
    [InlineData("line 2, patient_paid", "patient_paid=3000.5")]
    [InlineData("line 2, paid_on", "paid_on=2025-02-31")]
    [InlineData("line 2, paid_on: error: lies ahead", "paid_on=2999-01-01")]
    public async Task A_value_at_fault_rejects_the_file_with_its_place(string told, string value)
    {
        var row = value.Contains("10,000", StringComparison.Ordinal) ? Expense(1, 1, 10, "total_cost=\"10,000\"") : Expense(1, 1, 10, value);
        Assert.IsType<ExpenseOutcome.Rejected>(await ImportAsync(Of(row, Expense(2, 1, 11)), refused: true));
        Assert.StartsWith(told, _listener.Findings[0], StringComparison.Ordinal);
        Assert.All(_listener.Findings, finding => Assert.Contains(": error: ", finding, StringComparison.Ordinal));
        Assert.DoesNotContain(_listener.Findings, finding => finding.Contains("9018", StringComparison.Ordinal));
        Assert.Equal(0, await CountAsync("medical_expense"));
    }

    [Fact]
    public async Task No_month_is_complete_before_its_end()
    {
        await ImportAsync(Of(Month(1, TestTown.Today.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture))), refused: true);
        Assert.Equal(["line 2, month: error: is not over yet: no month is complete before its end"], _listener.Findings);
    }

    [Fact]
    public async Task What_rows_say_against_each_other_and_against_the_store_rejects_the_file()
    {
        await ImportAsync(Of(Expense(1, 1, 10)));
        await ImportAsync(
            Of(
                Expense(1, 1, 10, "patient_paid=1"), // line 2
                Expense(5, 1, 20), Expense(5, 1, 20), // 3, 4
                Expense(6, 2, 10, $"insurer={TestTown.Employees}"), // 5
                Withdrawal(7, 1, 30), // 6
                Month(8, "2025-04", "person=1"), // 7
                Withdrawal(9, 1, 10, "patient_paid=1")), // 8
            refused: true);
        foreach (var told in (string[])["line 2, sequence: error: a change of the same fact", "line 4, sequence: error: line 3 has the same number", "line 5, person: error: the fact is another person's",
            "line 6, fact: error: there is no such fact", "line 7, person: error: a month row has no such value", "line 8, patient_paid: error: a withdrawal row has no such value"])
            Assert.Contains(_listener.Findings, finding => finding.StartsWith(told, StringComparison.Ordinal));
        Assert.Equal(1, await CountAsync("medical_expense"));
    }

    [Theory]
    [InlineData("line 1", "")]
    [InlineData("line 1, insurer: error: this column is missing", "sequence,kind\n")]
    [InlineData("line 1: error: field 2 names no column", "sequence,colour\n")]
    [InlineData("line 2: error: the file ends within this line", "sequence,kind,insurer\n1,month")]
    [InlineData("line 2: error: has 2 fields where the header has 3", "sequence,kind,insurer\n1,month\n")]
    public async Task A_file_without_form_is_rejected(string told, string file)
    {
        Assert.IsType<ExpenseOutcome.Rejected>(await ImportAsync(file, refused: true));
        Assert.Contains(_listener.Findings, finding => finding.StartsWith(told, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_doubt_does_not_reject_the_file()
    {
        Assert.Equal(
            new ExpenseOutcome.Applied(4, 0, 0),
            await ImportAsync(Of(
                Expense(1, 1, 10, "institution=0110113718"), Expense(2, 1, 11, "institution=0110113718", "insurer_paid=6999"), Expense(3, 1, 12, "reimbursed=3001", "paid_on=2025-03-31"),
                Expense(4, 1, 13, "month=2024-05"))));
        Assert.Equal(
            [
                "line 2, institution: warning: the prefecture or the check digit of this institution code is wrong",
                "line 3, total_cost: warning: insurer_paid, public_paid and patient_paid don't add up to it",
                "line 4, paid_on: warning: lies before the month of treatment",
                "line 4, reimbursed: warning: is more than patient_paid: no more than that is set off",
                "line 5, month: warning: this insurer does not insure the person in this month",
            ],
            _listener.Findings);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task<ExpenseOutcome> ImportAsync(string file, bool refused = false)
    {
        await using var content = new MemoryStream(Encoding.UTF8.GetBytes(file));
        var insurers = new HashSet<InsurerNumber> { TestTown.Employees, TestTown.Union };
        var outcome = await new ExpenseFiles(_store, TimeProvider.System).ImportAsync(content, insurers, _listener, Cancellation);
        Assert.True(refused == outcome is ExpenseOutcome.Rejected, string.Join('\n', _listener.Findings));
        return outcome;
    }

    private Task<long> CountAsync(string table) => _town.Database.ReadAsync<long>($"SELECT count(*) FROM eligibility.{table}");

    private Task<string[]> StateAsync() => _town.Database.ReadAsync<string[]>(
        "SELECT array_agg((to_jsonb(e) - 'recorded_at')::text ORDER BY expense_id, revision) || (SELECT array_agg((to_jsonb(m) - 'recorded_at')::text) FROM eligibility.medical_expense_month m) FROM eligibility.medical_expense e");
}
