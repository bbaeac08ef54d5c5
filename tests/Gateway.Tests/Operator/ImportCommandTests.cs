using System.Diagnostics;
using Dapper;
using EligibilityGateway.Gateway.Feeds.Insurers.Batches;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Storage;
using static EligibilityGateway.Gateway.Tests.Feeds.Insurers.Batches.FeedFile;

namespace EligibilityGateway.Gateway.Tests.Operator;

/// <summary><c>gateway import</c> as a process, on a real database.</summary>
public sealed class ImportCommandTests(TestStores stores) : IAsyncLifetime
{
    private const string Named = $"{Insurer}=見本健康保険組合";

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
    public async Task A_good_file_is_applied_and_the_same_again_is_nothing_new()
    {
        var file = Write(Of(Person(1, 7), Insert(2, 7, 70)));
        var first = await ImportAsync(file);
        Assert.Equal((0, ""), (first.ExitCode, first.Errors));
        Assert.Contains("Accepted: batch 1, 2 changes.", first.Output, StringComparison.Ordinal);
        Assert.EndsWith("Applied: batch 1, 2 changes in 1 step; 0 rows had been applied before, 0 rows superseded by later changes.\n", first.Output, StringComparison.Ordinal);

        var one = await ImportAsync(Write(Of(End(3, 7, 70))));
        Assert.Contains("Accepted: batch 2, 1 change. ", one.Output, StringComparison.Ordinal);
        Assert.Contains("Applied: batch 2, 1 change in 1 step", one.Output, StringComparison.Ordinal);

        var again = await ImportAsync(file);
        Assert.Equal((0, ""), (again.ExitCode, again.Errors));
        Assert.EndsWith("Nothing new: nothing was changed; 2 rows had been applied before, 0 rows superseded by later changes.\n", again.Output, StringComparison.Ordinal);

        var status = await RunAsync("status");
        Assert.Matches($"^batch 2: insurers {Insurer}; 1 change; accepted .*\nbatch 1: insurers {Insurer}; 2 changes; accepted .*\n$", status.Output);
    }

    [Fact]
    public async Task The_example_of_the_documentation_is_applied()
    {
        var documentation = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "docs", "feeds.md"), Cancellation);
        var begin = documentation.IndexOf("```csv\n", StringComparison.Ordinal) + "```csv\n".Length;
        var example = documentation[begin..documentation.IndexOf("```", begin, StringComparison.Ordinal)];
        Assert.EndsWith("Applied: batch 1, 4 changes in 1 step; 0 rows had been applied before, 0 rows superseded by later changes.\n", (await ImportAsync(Write(example))).Output, StringComparison.Ordinal);
        // Nobody who follows it is left without cover.
        Assert.Equal(1, await _database.ReadAsync<long>("""
            SELECT count(*) FROM (SELECT DISTINCT ON (coverage_id) * FROM eligibility.coverage ORDER BY coverage_id, revision DESC) c WHERE acquired_on <= '2026-10-15' AND (lost_on IS NULL OR lost_on > '2026-10-15')
            """));
        // Each column and each kind of row that the program knows is explained.
        Assert.All(FeedColumns.All, column => Assert.Contains($"`{column}`", documentation, StringComparison.Ordinal));
        Assert.All(RowKind.All, kind => Assert.Contains($"| `{kind.Name}` |", documentation, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_at_fault_is_rejected_with_its_errors()
    {
        var rejected = await ImportAsync(Write(Of(Person(1, 7, "birth_date=2026-02-31"), Insert(2, 9, 70))));
        Assert.Equal(1, rejected.ExitCode);
        Assert.Contains("line 2, birth_date: error: ", rejected.Output, StringComparison.Ordinal);
        Assert.Contains("line 3, person: error: ", rejected.Output, StringComparison.Ordinal);
        Assert.Equal("gateway: Rejected for 2 errors: nothing was changed. Mend the lines named above and import the file again.\n", rejected.Errors);
        Assert.Equal("No batch was accepted yet.\n", (await RunAsync("status")).Output);
    }

    [Fact]
    public async Task A_line_of_ten_megabytes_and_a_file_cut_off_are_rejected_in_bounded_memory()
    {
        var rejected = await ImportAsync(Write(Of(Person(1, 7), new string('x', 10_000_000), Insert(2, 7, 70)) + new string('y', 100)));
        Assert.Equal(1, rejected.ExitCode);
        Assert.Contains("line 3: error: longer than", rejected.Output, StringComparison.Ordinal);
        Assert.Contains("line 5: error: the file ends within this line", rejected.Output, StringComparison.Ordinal);
        Assert.Contains("2 errors", rejected.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_given_wrongly_is_said_on_one_line()
    {
        var file = Write(Of(Person(1, 7)));
        (await RunAsync("coverage", Path.Combine(_folder, "none.csv"), "--insurer", Named)).AssertRefused("none.csv", "can't be read");
        (await RunAsync("coverage", file, "--insurer", "12")).AssertRefused("--insurer 12");
        (await RunAsync("coverage", file, "--insurer", Insurer)).AssertRefused($"--insurer {Insurer}=NAME");
        (await GatewayCommand.RunAsync("import", "status", "--insurer-feed", _database.ConnectionString(StoreRole.CardOffice))).AssertRefused("--insurer-feed", "the role may not do that");
    }

    [Fact]
    public async Task An_import_that_is_killed_between_its_steps_is_finished_once_by_the_next()
    {
        const int People = 5_000;
        var file = Write(Of([.. Enumerable.Range(1, People).SelectMany(n => (string[])[Person(n, n), Insert(10_000 + n, n, n, $"number={n}")])]));
        // A feed of old is about to add a person of the second step: the import waits for it there.
        await using var other = await _database.OpenAsSuperuserAsync();
        await other.ExecuteAsync("BEGIN; INSERT INTO eligibility.person (person_id) VALUES (3000)");
        using (var import = StartImport(file))
        {
            try
            {
                await _database.UntilSomebodyWaitsForALockAsync();
            }
            finally
            {
                import.Kill();
                await import.WaitForExitAsync(Cancellation);
            }
            Assert.Contains("Accepted: batch 1, 10,000 changes.", await import.StandardOutput.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
        }
        await other.ExecuteAsync("ROLLBACK");
        Assert.Contains("unfinished, 1 of 3 steps", (await RunAsync("status")).Output, StringComparison.Ordinal);
        Assert.Equal(2_000, await _database.ReadAsync<long>("SELECT count(*) FROM eligibility.coverage"));

        var resumed = await RunAsync("resume");
        Assert.Equal((0, ""), (resumed.ExitCode, resumed.Errors));
        Assert.StartsWith("Resuming: batch 1, left after 1 of 3 steps.\n", resumed.Output, StringComparison.Ordinal);
        Assert.EndsWith("Applied: 1 batch that had been left unfinished.\n", resumed.Output, StringComparison.Ordinal);
        Assert.Equal((People, People), (await _database.ReadAsync<long>("SELECT count(*) FROM eligibility.coverage"), await _database.ReadAsync<long>("SELECT count(*) FROM eligibility.coverage WHERE revision = 0")));
        Assert.Equal("No batch was unfinished.\n", (await RunAsync("resume")).Output);
        Assert.Contains("Nothing new", (await ImportAsync(file)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_of_which_Postgres_refuses_a_step_is_told_until_it_is_mended()
    {
        await ImportAsync(Write(Of(Person(1, 7), Insert(2, 7, 70))));
        await using var owner = await _database.OpenAsSuperuserAsync();
        await owner.ExecuteAsync("ALTER TABLE eligibility.coverage ADD CONSTRAINT later_rule CHECK (lost_on IS NULL) NOT VALID");
        const string Refusal = "step 1 was refused by Postgres (23514, coverage later_rule)";

        var held = await ImportAsync(Write(Of(End(3, 7, 70))));
        Assert.Equal(1, held.ExitCode);
        Assert.StartsWith($"gateway: Batch 2 is accepted and not wholly in force: {Refusal}. Mend", held.Errors, StringComparison.Ordinal);
        Assert.EndsWith($"unfinished, 0 of 1 step; {Refusal}\n", (await RunAsync("status")).Output.Split("batch 1:")[0], StringComparison.Ordinal);
        var blocked = await ImportAsync(Write(Of(End(4, 7, 70))));
        Assert.StartsWith($"gateway: Nothing of the file was taken: batch 2 of the same insurer is not in force, {Refusal}. Mend", blocked.Errors, StringComparison.Ordinal);
        Assert.StartsWith("gateway: Batch 2 is accepted", (await RunAsync("resume")).Errors, StringComparison.Ordinal);

        await owner.ExecuteAsync("ALTER TABLE eligibility.coverage DROP CONSTRAINT later_rule");
        Assert.EndsWith("Applied: 1 batch that had been left unfinished.\n", (await RunAsync("resume")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_that_is_killed_before_it_has_accepted_leaves_no_trace()
    {
        var file = Write(Of(Person(1, 7), Insert(2, 7, 70)));
        await using var other = await _database.OpenAsSuperuserAsync();
        // Only a batch that is being accepted writes this table.
        await other.ExecuteAsync("BEGIN; LOCK TABLE eligibility.insurer_batch_change IN EXCLUSIVE MODE");
        using (var import = StartImport(file))
        {
            try
            {
                await _database.UntilSomebodyWaitsForALockAsync();
            }
            finally
            {
                import.Kill();
                await import.WaitForExitAsync(Cancellation);
            }
        }
        await other.ExecuteAsync("ROLLBACK");
        Assert.Contains("No batch was unfinished.", (await RunAsync("resume")).Output, StringComparison.Ordinal);
        foreach (var table in (string[])["person", "coverage", "insurer", "insurer_batch", "insurer_batch_change"])
            Assert.Equal(0, await _database.ReadAsync<long>($"SELECT count(*) FROM eligibility.{table}"));
    }

    [Fact]
    public async Task An_import_that_is_told_to_stop_says_on_one_line_what_becomes_of_it()
    {
        var file = Write(Of(Person(1, 7), Insert(2, 7, 70)));
        await using var other = await _database.OpenAsSuperuserAsync();
        await other.ExecuteAsync("BEGIN; LOCK TABLE eligibility.coverage IN EXCLUSIVE MODE");
        using var import = StartImport(file);
        try
        {
            await _database.UntilSomebodyWaitsForALockAsync();
            using var signal = Process.Start("kill", ["-TERM", $"{import.Id}"]);
            await import.WaitForExitAsync(Cancellation);
            Assert.Equal(1, import.ExitCode);
            Assert.Equal(
                "gateway: Stopped. What was accepted is applied by the next import, or by `gateway import resume`; of all else nothing was changed.\n",
                await import.StandardError.ReadToEndAsync(Cancellation));
        }
        finally
        {
            if (!import.HasExited) import.Kill();
        }
        await other.ExecuteAsync("ROLLBACK");
        Assert.Contains("Applied: 1 batch that", (await RunAsync("resume")).Output, StringComparison.Ordinal);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Task<GatewayCommand> ImportAsync(string file) => RunAsync("coverage", file, "--insurer", Named);

    private Task<GatewayCommand> RunAsync(params string[] arguments) =>
        GatewayCommand.RunAsync(["import", .. arguments, "--insurer-feed", _database.ConnectionString(StoreRole.InsurerFeed)]);

    private Process StartImport(string file) => Process.Start(GatewayCommand.ToStart(
        "import", "coverage", file, "--insurer", Named, "--insurer-feed", _database.ConnectionString(StoreRole.InsurerFeed)))!;

    private string Write(string text)
    {
        var file = Path.Combine(_folder, $"{Guid.NewGuid():N}.csv");
        File.WriteAllText(file, text);
        return file;
    }
}
