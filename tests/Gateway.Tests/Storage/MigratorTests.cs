using Dapper;
using DbUp.Engine;
using EligibilityGateway.Contracts;
using EligibilityGateway.Demo.Embedded;
using EligibilityGateway.Gateway.Startup;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Storage;

public sealed class MigratorTests(TestStores stores) : IAsyncLifetime
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    private EmbeddedPostgres _postgres = null!;
    private string _database = "";

    /// <summary>Bootstrapped, not migrated.</summary>
    public async ValueTask InitializeAsync()
    {
        _postgres = await stores.PostgresAsync();
        _database = $"migrator_{Guid.NewGuid():N}";
        await ExecuteAsync(_postgres.SuperuserConnectionString("postgres"), $"CREATE DATABASE {_database}");
        await using var connection = new NpgsqlConnection(_postgres.SuperuserConnectionString(_database));
        await connection.OpenAsync(Cancellation);
        await Bootstrap.RunAsync(connection, Cancellation);
    }

    public async ValueTask DisposeAsync() =>
        await ExecuteAsync(_postgres.SuperuserConnectionString("postgres"), $"DROP DATABASE {_database} WITH (FORCE)");

    [Fact]
    public async Task An_empty_database_gets_every_migration_without_a_word()
    {
        var reports = new List<string>();
        Assert.True((await Migrator.InspectAsync(Owner, Cancellation)).IsEmpty);

        var applied = await Migrator.MigrateAsync(Owner, reports.Add, Cancellation);

        Assert.Equal("0001_core", applied[0]);
        Assert.Empty(reports);
        var state = await Migrator.InspectAsync(Owner, Cancellation);
        Assert.True(state.IsCurrent);
        Assert.Equal(applied, state.Installed);
    }

    [Fact]
    public async Task Migrating_again_applies_nothing()
    {
        await Migrator.MigrateAsync(Owner, null, Cancellation);
        Assert.Empty(await Migrator.MigrateAsync(Owner, null, Cancellation));
    }

    [Fact]
    public async Task Gateways_that_start_at_once_migrate_one_after_the_other()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Migrator.MigrateAsync(Owner, null, Cancellation)));
        Assert.Single(results, applied => applied.Count > 0);
    }

    [Fact]
    public async Task A_newer_schema_is_refused_and_left_alone()
    {
        await Migrator.MigrateAsync(Owner, null, Cancellation);
        await ExecuteAsync(Owner, "INSERT INTO schema_version (scriptname, applied) VALUES ('9999_from_the_future', now())");

        Assert.True((await Migrator.InspectAsync(Owner, Cancellation)).IsNewer);
        var refused = await Assert.ThrowsAsync<StorageException>(() => Migrator.MigrateAsync(Owner, null, Cancellation));
        Assert.Contains("installed by a newer version", refused.Message, StringComparison.Ordinal);
        Assert.Contains("9999_from_the_future", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task A_failing_script_leaves_nothing_behind_and_is_named_in_one_line()
    {
        await ExecuteAsync(Owner, "CREATE TABLE terminal (in_the_way int)");

        var failed = await Assert.ThrowsAsync<StorageException>(() => Migrator.MigrateAsync(Owner, null, Cancellation));

        Assert.Contains("0001_core", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failed.Message);
        Assert.True((await Migrator.InspectAsync(Owner, Cancellation)).IsEmpty);
        await ExecuteAsync(Owner, "DROP TABLE terminal");
        Assert.NotEmpty(await Migrator.MigrateAsync(Owner, null, Cancellation));
    }

    [Fact]
    public async Task An_older_schema_is_reported_before_it_is_migrated()
    {
        await Migrator.MigrateAsync(Owner, null, Cancellation);
        SqlScript[] newer = [.. Migrator.OwnScripts(), new("9999_added_since", "CREATE TABLE added_since (id int)")];
        var reports = new List<string>();

        var applied = await Migrator.MigrateAsync(Owner, newer, reports.Add, Cancellation);

        Assert.Equal(["9999_added_since"], applied);
        Assert.Contains("9999_added_since", Assert.Single(reports), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_that_was_broken_off_goes_on_where_it_stopped()
    {
        SqlScript[] broken = [.. Migrator.OwnScripts(), new("9998_good", "CREATE TABLE good (id int)"), new("9999_bad", "CREATE TABLE bad (id int); SELECT 1 / 0")];
        await Assert.ThrowsAsync<StorageException>(() => Migrator.MigrateAsync(Owner, broken, null, Cancellation));

        SqlScript[] mended = [.. broken[..^1], new("9999_bad", "CREATE TABLE bad (id int)")];
        Assert.Equal(["9999_bad"], await Migrator.MigrateAsync(Owner, mended, null, Cancellation));
    }

    // As the release before kept them: an insurer's file with a long vowel mark for a hyphen, and with zeros before a municipality's number.
    [Fact]
    public async Task Numbers_that_were_kept_in_another_form_are_brought_to_the_one_that_is_looked_up()
    {
        SqlScript[] before = [.. Migrator.OwnScripts().TakeWhile(script => !script.Name.Contains("one_form_of_numbers", StringComparison.Ordinal))];
        await Migrator.MigrateAsync(Owner, before, null, Cancellation);
        await ExecuteAsync(Owner, """
            INSERT INTO insurer (insurer_number, name) VALUES ('00138057', '試験市'), ('06139992', '試験組合');
            INSERT INTO person (person_id) VALUES (1), (2), (3);
            INSERT INTO coverage (coverage_id, revision, person_id, insurer_number, symbol, number, relation, acquired_on) VALUES
                (10, 0, 1, '00138057', 'ルー1', '12ー3‐4', 1, '2020-04-01'), (20, 0, 2, '06139992', '国‐1', '0012', 1, '2020-04-01'), (30, 0, 3, '06139992', '記', '12', 1, '2020-04-01');
            """);
        Assert.Null(DocumentNumbers.TryParse("ルー1", "12-3-4", null, out var numbers));
        Assert.True(InsurerNumber.TryParse("138057", out var municipality));

        await Migrator.MigrateAsync(Owner, null, Cancellation);

        Assert.Equal(["138057 ルー1 12-3-4", "06139992 国-1 0012", "06139992 記 12"], await ReadAsync<string>("SELECT concat_ws(' ', insurer_number, symbol, number) FROM coverage ORDER BY coverage_id"));
        Assert.Equal(["138057", "06139992"], await ReadAsync<string>("SELECT insurer_number FROM insurer ORDER BY insurer_number DESC"));
        // What a gateway had read of them before is overtaken, of the third it is not.
        Assert.Equal((long[])[3, 3, 2], await ReadAsync<long>("SELECT version FROM person ORDER BY person_id"));
        Assert.Equal((long[])[1], await ReadAsync<long>($"SELECT version FROM document_key WHERE document_key = '{numbers.LookUpKey(municipality)}'"));
    }

    [Fact]
    public async Task What_only_the_release_before_needs_is_taken_away_last_and_by_its_own_command()
    {
        SqlScript[] before = [.. Migrator.OwnScripts(), new("9998_table", "CREATE TABLE release (id int); GRANT INSERT ON release TO eg_gateway")];
        await Migrator.MigrateAsync(Owner, before, null, Cancellation);
        SqlScript[] now = [.. before, new("9999_rights_closing", "REVOKE INSERT ON release FROM eg_gateway")];

        Assert.Empty(await Migrator.MigrateAsync(Owner, now, null, Cancellation, close: false));
        // The release before still serves.
        await ExecuteAsync(_postgres.ConnectionString(StoreRole.Gateway, _database), "INSERT INTO release VALUES (1)");
        Assert.Equal(["9999_rights_closing"], await Migrator.MigrateAsync(Owner, now, null, Cancellation, close: true));
        await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(_postgres.ConnectionString(StoreRole.Gateway, _database), "INSERT INTO release VALUES (1)"));
    }

    [Fact]
    public async Task Until_then_a_gateway_serves_and_says_so_and_the_one_before_writes_its_records()
    {
        SqlScript[] own = [.. Migrator.OwnScripts()];
        // A database that the release before installed.
        SqlScript[] before = [.. own.TakeWhile(script => !script.Name.StartsWith("0023", StringComparison.Ordinal))];
        await Migrator.MigrateAsync(Owner, before, null, Cancellation);
        var terminal = Guid.NewGuid();
        await ExecuteAsync(_postgres.ConnectionString(StoreRole.Operator, _database), $"SELECT register_terminal('{terminal}', '0110113719', 1::smallint, 'desk-1', NULL)");

        Assert.DoesNotContain("0024_records_closing", await Migrator.MigrateAsync(Owner, null, Cancellation, close: false));
        var gateway = _postgres.ConnectionString(StoreRole.Gateway, _database);
        var record = $"INSERT INTO access_record (event_id, terminal_id, event_time, validity, reason, request_hash, canonical, salt) SELECT e, '{terminal}', event_time(e), 1, 0, decode(repeat('00', 32), 'hex'), '', decode(repeat('00', 16), 'hex') FROM (SELECT '{Guid.CreateVersion7()}'::uuid) AS events (e)";
        await ExecuteAsync(gateway, record);
        Assert.Contains("gateway migrate --close", Assert.Single(await NotesAsync()).Text, StringComparison.Ordinal);

        Assert.Equal(["0024_records_closing"], await Migrator.MigrateAsync(Owner, null, Cancellation, close: true));
        await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(gateway, record));
        Assert.Empty(await NotesAsync());

        async Task<List<CheckFinding>> NotesAsync()
        {
            var notes = new List<CheckFinding>();
            await StoreCheck.LookAsync("postgres", gateway, mayBePlain: false, StoreRole.Gateway, new CheckReport(notes.Add), Cancellation);
            return notes;
        }
    }

    [Fact]
    public async Task A_database_of_before_the_migrations_had_a_number_each_is_read_and_goes_on()
    {
        var oldNames = RenamedScripts.ByOldName.ToDictionary(row => row.Value, row => row.Key);
        SqlScript[] own = [.. Migrator.OwnScripts()];
        SqlScript[] before = [.. own.TakeWhile(script => !script.Name.EndsWith("one_life_of_a_card", StringComparison.Ordinal)).Select(script => new SqlScript(oldNames.GetValueOrDefault(script.Name, script.Name), script.Contents))];
        await Migrator.MigrateAsync(Owner, before, null, Cancellation);
        Assert.Contains("0009_withheld_limits", await ReadAsync<string>("SELECT scriptname FROM schema_version"));

        var state = await Migrator.InspectAsync(Owner, Cancellation);
        Assert.Equal((own.Length - before.Length, 0), (state.Pending.Count, state.Unknown.Count));
        Assert.Equal(own[before.Length..].Select(script => script.Name), await Migrator.MigrateAsync(Owner, null, Cancellation));
        Assert.Equal(own.Select(script => script.Name), (await ReadAsync<string>("SELECT scriptname FROM schema_version")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_migration_has_a_number_of_its_own() =>
        Assert.Equal(Enumerable.Range(1, Migrator.OwnScripts().Count).Select(number => number.ToString("D4", null)), Migrator.OwnScripts().Select(script => script.Name[..4]));

    [Fact]
    public async Task The_serving_role_may_see_which_schema_it_is_on()
    {
        await Migrator.MigrateAsync(Owner, null, Cancellation);
        Assert.True((await Migrator.InspectAsync(_postgres.ConnectionString(StoreRole.Gateway, _database), Cancellation)).IsCurrent);
    }

    private string Owner => _postgres.ConnectionString(StoreRole.Owner, _database);

    private async Task<T[]> ReadAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Owner) { Pooling = false }.ConnectionString);
        return [.. await connection.QueryAsync<T>(sql)];
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
