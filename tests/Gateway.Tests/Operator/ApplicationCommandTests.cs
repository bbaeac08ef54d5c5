using EligibilityGateway.Gateway.Storage;

namespace EligibilityGateway.Gateway.Tests.Operator;

/// <summary><c>gateway card application</c> and <c>gateway import applications</c>, as processes on a real database.</summary>
public sealed class ApplicationCommandTests(TestStores stores) : IAsyncLifetime
{
    private const string Id = "00000000000000000000042";
    private const string Header = "application,birth_date,step,on,place\n";

    private readonly string _folder = TestFolder.NewPath();
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_folder);
        _database = await stores.CreateDatabaseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task An_application_goes_on_and_never_back()
    {
        AssertSaid("as told", await TellAsync("in-process", "2026-10-05"));
        AssertSaid("so before", await TellAsync("in-process", "2026-10-05"));
        AssertSaid("come further", await TellAsync("received", "2026-10-06"));
        AssertSaid("as told", await TellAsync("notice-sent", "2026-10-20", place: "Test city, window 3"));
        Assert.Equal(2L, await _database.ReadAsync<long>("SELECT count(*) FROM card_application_state"));
        (await TellAsync("handed-over", "2026-10-21", born: "1980-01-02")).AssertRefused("another birth date");
        (await TellAsync("notice-sent", "2026-10-21")).AssertRefused("place");
        (await TellAsync("handed-over", "2099-10-21")).AssertRefused("lies ahead");
        (await TellAsync("handed-over", "2026-10-21", id: new string('0', 12))).AssertRefused("My Number");
    }

    [Fact]
    public async Task A_file_is_taken_and_the_same_again_changes_nothing()
    {
        var file = Write($"{Header}{Id},1980-01-01,received,2026-10-01,\n{Id},19800101,in-process,20261005,\n00000000000000000000043,1990-12-31,notice-sent,2026-10-07,\"Test city, window 3\"\n");
        AssertSaid("Done: 3 rows are in, 0 changed nothing.", await ImportAsync(file));
        AssertSaid("Done: 0 rows are in, 3 changed nothing.", await ImportAsync(file));
        Assert.Equal("Test city, window 3", await _database.ReadAsync<string>("SELECT max(place) FROM card_application_state"));
    }

    [Fact]
    public async Task A_place_with_a_character_of_private_use_is_kept_and_told()
    {
        var imported = await ImportAsync(Write($"{Header}{Id},1980-01-01,notice-sent,2026-10-07,\uE000市役所\n"));
        AssertSaid("line 2, place: warning: holds a character of private use (外字): it is kept as it came, and shown as ●", imported);
        Assert.Equal("\uE000市役所", await _database.ReadAsync<string>("SELECT place FROM card_application_state"));
    }

    [Fact]
    public async Task A_file_at_fault_changes_nothing_and_each_error_is_told_by_its_line()
    {
        await TellAsync("received", "2026-10-01");
        var file = Write(
            $"{Header}{Id},1980-01-02,in-process,2026-10-05,\n{new string('0', 12)},1980-01-01,received,2026-10-05,\n00000000000000000000043,1980-02-30,begun,2099-01-01,\n"
            + "00000000000000000000044,1980-01-01,notice-sent,2026-10-05,\n00000000000000000000045,1980-01-01,received,2026-10-05,here\n"
            + "00000000000000000000046,1980-01-01,received,2026-10-05,\n00000000000000000000046,1980-01-03,received,2026-10-05,\nshort\n");
        var rejected = await ImportAsync(file);
        Assert.Equal(1, rejected.ExitCode);
        Assert.Contains("Rejected for 8 errors: nothing was changed.", rejected.Errors, StringComparison.Ordinal);
        foreach (var line in (string[])
        [
            "line 2, birth_date: error: the application is known with another birth date", "line 3, application: error: is taken for a My Number", "line 4, birth_date: error: must be a day that exists",
            "line 4, step: error: must be one of", "line 5, place: error: a notice names", "line 6, place: error: only a notice", "line 8, birth_date: error: the application is known with another", "line 9: error: has 1 field,",
        ])
            Assert.Contains(line, rejected.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(new string('0', 12), rejected.Output + rejected.Errors, StringComparison.Ordinal);
        Assert.Equal(1L, await _database.ReadAsync<long>("SELECT count(*) FROM card_application_state"));
    }

    private static void AssertSaid(string what, GatewayCommand command)
    {
        Assert.Equal((0, ""), (command.ExitCode, command.Errors));
        Assert.Contains(what, command.Output, StringComparison.Ordinal);
    }

    private string Store => _database.ConnectionString(StoreRole.CardOffice);

    private Task<GatewayCommand> ImportAsync(string file) => GatewayCommand.RunAsync("import", "applications", file, "--card-office", Store);

    private Task<GatewayCommand> TellAsync(string step, string on, string id = Id, string born = "1980-01-01", string place = "") =>
        GatewayCommand.RunAsync("card", "application", id, "--born", born, "--step", step, "--on", on, "--place", place, "--card-office", Store);

    private string Write(string text)
    {
        var file = Path.Combine(_folder, "applications.csv");
        File.WriteAllText(file, text);
        return file;
    }
}
