using EligibilityGateway.Gateway.Feeds.Expenses;
using EligibilityGateway.Gateway.Storage;
using static EligibilityGateway.Gateway.Tests.Feeds.Expenses.ExpenseFile;

namespace EligibilityGateway.Gateway.Tests.Operator;

/// <summary><c>gateway import expenses</c> and <c>gateway expenses</c> as processes, on a real database.</summary>
public sealed class ExpensesCommandTests(TestStores stores) : IAsyncLifetime
{
    private TestTown _town = null!;

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        await _town.AddPersonAsync(acquiredOn: new DateOnly(2020, 4, 1), number: "42");
        await _town.AddPersonAsync(acquiredOn: new DateOnly(2020, 4, 1), number: "42");
    }

    public async ValueTask DisposeAsync() => await _town.DisposeAsync();

    [Fact]
    public async Task A_file_is_stored_and_the_same_again_is_nothing_new()
    {
        var file = Write(Of(Expense(1, 1, 10), Month(2, "2025-04")));
        var first = await ImportAsync(file);
        Assert.Equal((0, ""), (first.ExitCode, first.Errors));
        Assert.EndsWith("Stored: 2 rows; 0 rows had been applied before, 0 rows superseded by later changes.\n", first.Output, StringComparison.Ordinal);
        Assert.EndsWith("Nothing new: nothing was changed; 2 rows had been applied before, 0 rows superseded by later changes.\n", (await ImportAsync(file)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_at_fault_is_rejected_with_its_errors()
    {
        var rejected = await ImportAsync(Write(Of(Expense(1, 1, 10, "month=2025-13"), Expense(2, 99, 11))));
        Assert.Equal(1, rejected.ExitCode);
        Assert.Contains("line 2, month: error: ", rejected.Output, StringComparison.Ordinal);
        Assert.Contains("line 3, person: error: ", rejected.Output, StringComparison.Ordinal);
        Assert.Equal("gateway: Rejected for 2 errors: nothing was changed. Mend the lines named above and import the file again.\n", rejected.Errors);

        var file = Write(Of(Expense(1, 1, 10)));
        (await ImportAsync(file, insurer: "39131156")).AssertRefused("39131156", "gateway import coverage");
        (await ImportAsync(file, insurer: "12")).AssertRefused("--insurer 12");
        (await ImportAsync(Path.Combine(_town.Folder, "none.csv"))).AssertRefused("none.csv", "can't be read");
    }

    [Fact]
    public async Task The_examples_of_the_documentation_are_taken()
    {
        var documentation = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "docs", "expenses.md"), TestContext.Current.CancellationToken);
        var begin = documentation.IndexOf("```csv\n", StringComparison.Ordinal) + "```csv\n".Length;
        var example = documentation[begin..documentation.IndexOf("```", begin, StringComparison.Ordinal)];
        // The example's insurer and person are the other documents'.
        var imported = await ImportAsync(Write(example.Replace("06139992", TestTown.Employees.ToString(), StringComparison.Ordinal).Replace(",7,", ",1,", StringComparison.Ordinal)));
        Assert.Equal((0, ""), (imported.ExitCode, imported.Errors));
        Assert.All(ExpenseHeader.Columns, column => Assert.Contains($"`{column}`", documentation, StringComparison.Ordinal));
        Assert.All(ExpenseKind.All, kind => Assert.Contains($"| `{kind.Name}` |", documentation, StringComparison.Ordinal));
        Assert.All(Gateway.Lists.Expenses.ExportColumns.All, column => Assert.Contains($"`{column}`", documentation, StringComparison.Ordinal));
        Assert.All(Gateway.Lists.Expenses.RecordKind.All, record => Assert.Contains($"| `{record}` |", documentation, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("csv", "\uFEFFrecord,person,name,")]
    [InlineData("xml", "<?xml version=\"1.0\" encoding=\"utf-8\"?>")]
    public async Task The_list_goes_to_standard_output_or_to_a_file_of_its_owner(string format, string begin)
    {
        await ImportAsync(Write(Of(Expense(1, 1, 10), Expense(2, 2, 20), Month(3, "2025-04"))));
        var printed = await RunAsync("--person", "1", "--household", "--year", "2025", "--format", format);
        Assert.Equal((0, ""), (printed.ExitCode, printed.Errors));
        Assert.StartsWith(begin.TrimStart('\uFEFF'), printed.Output.TrimStart('\uFEFF'), StringComparison.Ordinal);

        var file = Path.Combine(_town.Folder, "list");
        var written = await RunAsync("--person", "1", "--person", "2", "--year", "2025", "--format", format, "--out", file);
        Assert.Equal(0, written.ExitCode);
        Assert.StartsWith($"Written: {file}; 2 persons, 2 expenses; not complete yet: 2025-01, 2025-02, 2025-03, 2025-05,", written.Output, StringComparison.Ordinal);
        Assert.Equal(printed.Output.TrimStart('\uFEFF'), (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).TrimStart('\uFEFF'));
        Assert.StartsWith(begin, System.Text.Encoding.UTF8.GetString(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(2, await AccessesAsync());
    }

    [Fact]
    public async Task A_file_that_is_there_is_replaced_only_by_force()
    {
        await ImportAsync(Write(Of(Expense(1, 1, 10))));
        var file = Path.Combine(_town.Folder, "list.csv");
        await File.WriteAllTextAsync(file, "mine", TestContext.Current.CancellationToken);
        (await RunAsync("--person", "1", "--year", "2025", "--out", file)).AssertRefused("--out", "--force");
        Assert.Equal("mine", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal(0, await AccessesAsync());

        Assert.Equal(0, (await RunAsync("--person", "1", "--year", "2025", "--out", file, "--force")).ExitCode);
        Assert.Contains("expense,1,", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        (await RunAsync("--person", "1", "--year", "2025", "--out", Path.Combine(_town.Folder, "none", "list.csv"))).AssertRefused("--out", "can't be written");
    }

    [Fact]
    public async Task What_is_wrong_is_told_on_one_line_and_leaves_no_file()
    {
        await ImportAsync(Write(Of(Expense(1, 1, 10))));
        var file = Path.Combine(_town.Folder, "list.csv");
        (await RunAsync("--person", "1", "--year", "2999", "--out", file)).AssertRefused("2999", "has not begun");
        (await RunAsync("--person", "1", "--year", "1900", "--out", file)).AssertRefused("--year");
        (await RunAsync("--person", "1", "--year", "2024", "--out", file)).AssertRefused("2024", "nothing was written");
        (await RunAsync("--person", "99", "--year", "2025", "--out", file)).AssertRefused("--person 99");
        (await RunAsync("--person", "0", "--year", "2025", "--out", file)).AssertRefused("--person");
        var myNumber = await RunAsync("--person", "123456789018", "--year", "2025", "--out", file);
        myNumber.AssertRefused("never the My Number");
        Assert.DoesNotContain("123456789018", myNumber.Errors, StringComparison.Ordinal);
        (await RunAsync("--person", "1", "--year", "2025", "--income", "much", "--out", file)).AssertRefused("--income");
        (await GatewayCommand.RunAsync("expenses", "--person", "1", "--year", "2025", "--asked-by", " ", "--expenses", ConnectionString(StoreRole.Expenses))).AssertRefused("--asked-by");
        (await GatewayCommand.RunAsync("expenses", "--person", "1", "--year", "2025", "--asked-by", "申請 1", "--expenses", ConnectionString(StoreRole.Operator))).AssertRefused("the role may not do that", "--expenses");
        Assert.Empty(Directory.GetFiles(_town.Folder, "list.csv*"));
    }

    [Fact]
    public async Task Nothing_is_given_out_where_its_record_would_not_outlive_a_crash()
    {
        await ImportAsync(Write(Of(Expense(1, 1, 10))));
        await using (var superuser = await _town.Database.OpenAsSuperuserAsync())
        await using (var command = new Npgsql.NpgsqlCommand($"ALTER ROLE eg_expenses IN DATABASE {_town.Database.Name} SET synchronous_commit = off", superuser))
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        (await RunAsync("--person", "1", "--year", "2025")).AssertRefused("synchronous_commit");
        Assert.Equal(0, await AccessesAsync());
    }

    private string ConnectionString(StoreRole role) => _town.Database.ConnectionString(role);

    private Task<long> AccessesAsync() => _town.Database.ReadAsync<long>("SELECT count(*) FROM eligibility.expense_access");

    private Task<GatewayCommand> RunAsync(params string[] arguments) =>
        GatewayCommand.RunAsync(["expenses", .. arguments, "--asked-by", "申請 1", "--expenses", ConnectionString(StoreRole.Expenses)]);

    private Task<GatewayCommand> ImportAsync(string file, string? insurer = null) =>
        GatewayCommand.RunAsync("import", "expenses", file, "--insurer", insurer ?? TestTown.Employees.ToString(), "--insurer-feed", ConnectionString(StoreRole.InsurerFeed));

    private string Write(string text)
    {
        var file = Path.Combine(_town.Folder, $"{Guid.NewGuid():N}.csv");
        File.WriteAllText(file, text);
        return file;
    }
}
