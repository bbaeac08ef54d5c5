using System.Text;
using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Feeds.Insurers.Batches;
using EligibilityGateway.Gateway.Operator;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Feeds.Expenses;
using EligibilityGateway.Gateway.Tests.Feeds.Insurers.Batches;
using EligibilityGateway.Gateway.Tests.Operator;
using EligibilityGateway.Rules.Cards;
using Npgsql;
using static EligibilityGateway.Gateway.Tests.Feeds.Insurers.Batches.FeedFile;

namespace EligibilityGateway.Gateway.Tests.Storage;

/// <summary>Whatever operators, insurers and card offices change, who did it is on record: by login, by address, in the same transaction.</summary>
public sealed class OperatorActTests(TestStores stores) : IAsyncLifetime
{
    private TestTown _town = null!;

    public async ValueTask InitializeAsync() => _town = await TestTown.OpenAsync(stores);

    public async ValueTask DisposeAsync() => await _town.DisposeAsync();

    [Fact]
    public async Task The_operators_commands()
    {
        var terminal = TestTown.NewTerminal(TerminalRole.Pharmacy, name: "counter-1");
        using var authority = new TestClientAuthority();
        using var insurer = authority.Issue(InsurerIdentity.ToUri(TestTown.Union));
        await using var store = NpgsqlDataSource.Create(_town.Database.ConnectionString(StoreRole.Operator));
        var insurers = new InsurerRegistration(store);
        var since = await LastAsync();
        // Twice each: what changes nothing leaves nothing.
        for (var n = 0; n < 2; n++)
        {
            await _town.Terminals.RegisterAsync(terminal.Certificate, Cancellation);
            await insurers.AdmitAsync(insurer, Cancellation);
        }
        for (var n = 0; n < 2; n++)
        {
            await _town.Terminals.RevokeAsync(terminal.Id, TestTown.Now, Cancellation);
            await insurers.RevokeAsync(ClientCertificate.IdOf(insurer), TestTown.Now, Cancellation);
        }
        var (id, client) = (terminal.Id, ClientCertificate.IdOf(insurer));
        Assert.Equal(
            [$"terminal register {id}", $"insurer admit {client}", $"terminal revoke {id}", $"insurer revoke {client}"],
            await ActsAsync(since, "eg_operator", "act || ' ' || coalesce(terminal_id, client_id)"));
        Assert.Equal(
            "counter-1 0110113719 t",
            await _town.Database.ReadAsync<string>("SELECT concat_ws(' ', changed->>'name', changed->>'institution_code', changed->>'revoked_at' IS NOT NULL) FROM operator_act WHERE act = 'terminal revoke'"));
    }

    [Fact]
    public async Task A_review_that_is_decided()
    {
        await ImportAsync(Of(Person(1, 7, "insurer=01130012", "birth_date=1954-02-03"), Insert(2, 7, 70, "insurer=01130012", "symbol=他", "number=1")), "01130012=見本");
        await ImportAsync(Of(Person(1, 7, "birth_date=1984-02-03"), Insert(2, 7, 71, "symbol=自", "number=2")), $"{Insurer}=見本");
        var since = await LastAsync();
        await OperatorAsync("insurer", "review", "accept", "1", "--because", "窓口で確認");
        Assert.Equal(Sorted("insurer review accept 7", "facts 7"), Sorted(await ActsAsync(since, "eg_operator", "act || ' ' || person_id")));
        Assert.Equal("窓口で確認", await _town.Database.ReadAsync<string>("SELECT changed->>'because' FROM operator_act WHERE act LIKE 'insurer review%'"));
    }

    [Fact]
    public async Task The_card_offices_commands()
    {
        var person = await _town.AddPersonAsync();
        var (old, fresh) = (await _town.AddCardAsync(person, registered: false), await _town.AddCardAsync(person, registered: false));
        var since = await LastAsync();
        var office = _town.CardOffice;
        await office.ReportLostAsync(old.CardKey, TestTown.Now, Cancellation);
        await office.ReportLostAsync(old.CardKey, TestTown.Now, Cancellation);
        await office.ReportFoundAsync(old.CardKey, TestTown.Now, Cancellation);
        await office.ReportRegisteredAsync(old.CardKey, RegistrationChannel.Portal, TestTown.Now, Cancellation);
        await office.ReplaceAsync(old.CardKey, fresh.CardKey, TestTown.Now, Cancellation);
        await office.ExtendAsync(fresh.CardKey, TestTown.Today.AddYears(5), TestTown.Now, Cancellation);
        await office.RevokeAsync(fresh.CardKey, TestTown.Now, Cancellation);
        await office.ReportDiedAsync(fresh.CardKey, TestTown.Now, Cancellation);
        var acts = await ActsAsync(since, "eg_card_office", "concat_ws(' ', act, card_key, person_id)");
        Assert.Equal(
            [
                $"card lost {old.CardKey} {person.Id}", $"card found {old.CardKey} {person.Id}", $"card registered {old.CardKey} {person.Id}", $"card replaced {old.CardKey} {person.Id}",
                $"card registered {fresh.CardKey} {person.Id}", $"card extended {fresh.CardKey} {person.Id}", $"card revoked {fresh.CardKey} {person.Id}",
            ],
            acts[..^2]);
        // All cards of the person.
        Assert.Equal(Sorted($"card died {old.CardKey} {person.Id}", $"card died {fresh.CardKey} {person.Id}"), Sorted(acts[^2..]));

        since = await LastAsync();
        var application = new string('1', 23);
        await CardOfficeAsync("application", application, "--born", "1980-05-05", "--step", "received", "--on", "2026-01-15");
        Assert.Equal([$"card application new {application}", $"card application {application}"], await ActsAsync(since, "eg_card_office", "act || ' ' || application_id"));
        Assert.False(await _town.Database.ReadAsync<bool>("SELECT EXISTS (SELECT FROM operator_act WHERE changed::text LIKE '%1980-05-05%')"));
    }

    [Fact]
    public async Task Imports_of_insurers_and_of_the_card_office()
    {
        var since = await LastAsync();
        await ImportAsync(Of(Person(1, 9007), Insert(2, 9007, 70), Person(3, 9008), Insert(4, 9008, 80)), $"{Insurer}=見本");
        var acts = await ActsAsync(since, "eg_insurer_feed", "concat_ws(' ', act, batch_id, changed->>'table', changed->>'rows', changed->>'insurers')");
        Assert.Equal(
            [$"import accept 1 [\"{Insurer}\"]", "import changes insurer_batch_change", "import apply 1", "facts person 2", "facts person_detail 2", "facts coverage 2"], acts);
        // The step and its facts are one transaction, and so are the batch and its changes.
        Assert.Equal(2, await _town.Database.ReadAsync<long>("SELECT count(DISTINCT done_in) FROM operator_act WHERE act_id > $1", since));

        since = await LastAsync();
        var person = await _town.AddPersonAsync();
        Assert.Equal([$"facts person {person.Id}", $"facts person_detail {person.Id}", $"facts coverage {person.Id}"], await ActsAsync(since, "eg_insurer_feed", "concat_ws(' ', act, changed->>'table', person_id)"));

        since = await LastAsync();
        var expenses = await GatewayCommand.RunAsync(
            "import", "expenses", Write("expenses.csv", ExpenseFile.Of(ExpenseFile.Expense(1, person.Id, 10), ExpenseFile.Month(2, "2025-02"))), "--insurer", $"{TestTown.Employees}",
            "--insurer-feed", _town.Database.ConnectionString(StoreRole.InsurerFeed));
        Assert.Equal((0, ""), (expenses.ExitCode, expenses.Errors));
        Assert.Equal(
            [$"import expenses medical_expense 1 {TestTown.Employees}", $"import expenses 2025-02-01 {TestTown.Employees}"],
            await ActsAsync(since, "eg_insurer_feed", "concat_ws(' ', act, changed->>'table', changed->>'rows', changed->>'month', changed->'insurers'->>0, changed->>'insurer_number')"));

        since = await LastAsync();
        var card = await _town.AddCardAsync(person);
        Assert.Equal(
            [$"card bind {card.CardKey} {person.Id}", "card certificate", $"card issued {card.CardKey} {person.Id}"], await ActsAsync(since, "eg_card_office", "concat_ws(' ', act, card_key, person_id)"));
    }

    [Fact]
    public async Task A_login_of_ones_own_with_the_rights_of_a_role_is_told_by_its_name()
    {
        var terminal = await _town.AddTerminalAsync(TerminalRole.Reception);
        await using var superuser = await _town.Database.OpenAsSuperuserAsync();
        await superuser.ExecuteAsync("CREATE ROLE tanaka LOGIN PASSWORD 'TanakaOfTheOffice' IN ROLE eg_operator");
        try
        {
            var own = new NpgsqlConnectionStringBuilder(_town.Database.ConnectionString(StoreRole.Operator)) { Username = "tanaka", Password = "TanakaOfTheOffice" }.ConnectionString;
            await using var store = NpgsqlDataSource.Create(own);
            var since = await LastAsync();
            Assert.True(await new TerminalRegistration(store).RevokeAsync(terminal.Id, TestTown.Now, TestContext.Current.CancellationToken));
            // Whatever role it acts as.
            await using var connection = await store.OpenConnectionAsync(TestContext.Current.CancellationToken);
            await connection.ExecuteAsync($"SET ROLE eg_operator; SELECT register_terminal(gen_random_uuid(), '0110113719', 1::smallint, 'desk-9', now())");
            Assert.Equal(["terminal revoke", "terminal register"], await ActsAsync(since, "tanaka", "act"));
        }
        finally
        {
            NpgsqlConnection.ClearAllPools();
            await superuser.ExecuteAsync("DROP ROLE tanaka");
        }
    }

    [Fact]
    public async Task Every_table_that_they_may_write_has_its_trigger()
    {
        var without = await _town.Database.ReadAsync<string[]>(
            """
            SELECT coalesce(array_agg(DISTINCT c.relname::text), '{}') FROM pg_class c CROSS JOIN unnest(ARRAY['eg_insurer_feed', 'eg_card_office', 'eg_operator']) r
            WHERE c.relnamespace = 'eligibility'::regnamespace AND c.relkind IN ('r', 'p') AND has_any_column_privilege(r, c.oid, 'INSERT')
              AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'act' AND t.tgenabled = 'O')
            """);
        Assert.Empty(without);
    }

    [Theory]
    [InlineData(StoreRole.CardOffice, "ALTER TABLE card_state DISABLE TRIGGER act")]
    [InlineData(StoreRole.CardOffice, "DROP TRIGGER act ON card_state")]
    [InlineData(StoreRole.CardOffice, "SET session_replication_role = replica")]
    [InlineData(StoreRole.CardOffice, "SELECT * FROM operator_act")]
    [InlineData(StoreRole.CardOffice, "INSERT INTO operator_act (act, changed) VALUES ('mine', '{}')")]
    [InlineData(StoreRole.InsurerFeed, "UPDATE operator_act SET done_by = 'mine'")]
    [InlineData(StoreRole.InsurerFeed, "DELETE FROM operator_act")]
    [InlineData(StoreRole.Operator, "TRUNCATE operator_act")]
    [InlineData(StoreRole.Operator, "SELECT * FROM operator_act")]
    [InlineData(StoreRole.Operator, "SELECT record_revocation()")]
    [InlineData(StoreRole.Gateway, "SELECT * FROM operator_act")]
    [InlineData(StoreRole.Auditor, "SELECT * FROM operator_act")]
    public async Task Nobody_gets_around_it(StoreRole role, string sql)
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => _town.Database.ExecuteAsync(role, sql));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    private static IEnumerable<string> Sorted(params string[] acts) => acts.Order(StringComparer.Ordinal);

    private Task<long> LastAsync() => _town.Database.ReadAsync<long>("SELECT coalesce(max(act_id), 0) FROM operator_act");

    /// <summary>What came since, in its order; each of this login, from this machine.</summary>
    private async Task<string[]> ActsAsync(long since, string login, string what)
    {
        Assert.Equal(
            [$"{login} 127.0.0.1"],
            await _town.Database.ReadAsync<string[]>("SELECT coalesce(array_agg(DISTINCT concat_ws(' ', done_by, host(from_where))), '{}') FROM operator_act WHERE act_id > $1", since));
        return await _town.Database.ReadAsync<string[]>($"SELECT array_agg({what} ORDER BY act_id) FROM operator_act WHERE act_id > $1", since);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Task<GatewayCommand> OperatorAsync(params string[] arguments) => GatewayCommand.RunAsync([.. arguments, "--operator", _town.Database.ConnectionString(StoreRole.Operator)]);

    private Task<GatewayCommand> CardOfficeAsync(params string[] arguments) => GatewayCommand.RunAsync(["card", .. arguments, "--card-office", _town.Database.ConnectionString(StoreRole.CardOffice)]);

    private async Task ImportAsync(string file, string insurer)
    {
        await using var store = NpgsqlDataSource.Create(_town.Database.ConnectionString(StoreRole.InsurerFeed));
        Assert.IsType<FeedOutcome.Applied>(await new InsurerBatches(store, TimeProvider.System).ImportAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(file)), ImportCommand.Insurers([insurer]), new FeedListener(), Cancellation));
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_town.Folder, name);
        File.WriteAllText(path, content);
        return path;
    }
}
