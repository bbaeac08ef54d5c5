using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Storage;

/// <summary>Who may do what. The table below is the whole of it: a right that is not in it fails a test.</summary>
public sealed class RightsTests(ClassDatabase fixture) : IClassFixture<ClassDatabase>
{
    private readonly TestDatabase _database = fixture.Database;

    public static TheoryData<StoreRole> NonOwners => [.. Enum.GetValues<StoreRole>().Where(role => role != StoreRole.Owner)];

    [Theory]
    [MemberData(nameof(NonOwners))]
    public async Task What_a_login_can_do_with_each_table_and_function_is_what_the_page_on_security_says(StoreRole role)
    {
        var (tables, functions) = (await NamesAsync(TablesQuery), await NamesAsync(FunctionsQuery));
        await using var connection = await _database.OpenAsync(role);
        List<string> reads = [], adds = [], more = [], calls = [];
        foreach (var table in tables)
        {
            if (await MayAsync(connection, $"SELECT 1 FROM {table} LIMIT 0")) reads.Add(table);
            if (await MayAsync(connection, $"INSERT INTO {table} DEFAULT VALUES")) adds.Add(table);
            foreach (var sql in (string[])[$"DELETE FROM {table}", $"TRUNCATE {table}", $"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE", $"CREATE TRIGGER mine BEFORE INSERT ON {table} EXECUTE FUNCTION raise_person_versions()"])
                if (await MayAsync(connection, sql)) more.Add(sql);
            var column = await _database.ReadAsync<string>("SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped LIMIT 1", "eligibility." + table);
            if (await MayAsync(connection, $"UPDATE {table} SET {column} = DEFAULT")) more.Add($"UPDATE {table}");
        }
        foreach (var function in functions)
        {
            // A call with NULL may be left out by the planner, and then nothing is refused.
            var name = function[..function.IndexOf('(', StringComparison.Ordinal)];
            if (await MayAsync(connection, $"SELECT {function}")
                && await _database.ReadAsync<bool>("SELECT bool_or(has_function_privilege($1, oid, 'EXECUTE')) FROM pg_proc WHERE pronamespace = 'eligibility'::regnamespace AND proname = $2", role.LoginName(), name))
                calls.Add(name);
        }

        Assert.Empty(more);
        var row = $"| {role.LoginName()} | {Listed(reads)} | {Listed(adds)} | {Listed(calls)} |";
        Assert.True(row == RowOf(role), "docs/security.md does not say what holds: " + row);
    }

    /// <summary>In alphabetical order.</summary>
    private static string Listed(List<string> names) => names.Count == 0 ? "–" : string.Join(", ", names);

    private static string RowOf(StoreRole role) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "docs", "security.md")).FirstOrDefault(line => line.StartsWith($"| {role.LoginName()} |", StringComparison.Ordinal)) ?? "";

    private const string TablesQuery = """
        SELECT coalesce(array_agg(c.relname::text ORDER BY c.relname COLLATE "C"), '{}') FROM pg_class c
         WHERE c.relnamespace = 'eligibility'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
        """;

    /// <summary>Each as a call with arguments that say nothing.</summary>
    private const string FunctionsQuery = """
        SELECT coalesce(array_agg(p.proname || '(' || coalesce((SELECT string_agg('NULL::' || format_type(t, NULL), ', ' ORDER BY place) FROM unnest(p.proargtypes) WITH ORDINALITY AS a (t, place)), '') || ')'
                ORDER BY p.proname COLLATE "C"), '{}')
          FROM pg_proc p WHERE p.pronamespace = 'eligibility'::regnamespace
        """;

    private Task<string[]> NamesAsync(string sql) => _database.ReadAsync<string[]>(sql);

    /// <summary>Whether it is let: what fails for another reason than a missing right would be done with other values. Nothing stays of it.</summary>
    private static async Task<bool> MayAsync(NpgsqlConnection connection, string sql)
    {
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        try
        {
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            return true;
        }
        catch (PostgresException e)
        {
            return e.SqlState != PostgresErrorCodes.InsufficientPrivilege;
        }
    }

    [Theory]
    [InlineData("UPDATE access_record SET validity = 1")]
    [InlineData("UPDATE access_record SET validity = 1 WHERE false")]
    [InlineData("DELETE FROM access_record")]
    [InlineData("TRUNCATE access_record")]
    [InlineData("ALTER TABLE access_record DROP CONSTRAINT access_record_pkey")]
    [InlineData("ALTER TABLE access_record DISABLE TRIGGER ALL")]
    [InlineData("ALTER TABLE access_record DETACH PARTITION access_record_default")]
    [InlineData("DROP TABLE access_record")]
    [InlineData("DROP TABLE access_record_default")]
    [InlineData("DELETE FROM access_record_default")]
    [InlineData("SELECT * FROM access_record_default")]
    [InlineData("SELECT * FROM access_record FOR UPDATE")]
    [InlineData("INSERT INTO access_record SELECT * FROM access_record ON CONFLICT (event_id, terminal_id, revision, event_time) DO UPDATE SET validity = 1")]
    [InlineData("CREATE TRIGGER mine BEFORE INSERT ON access_record FOR EACH ROW EXECUTE FUNCTION raise_person_versions()")]
    [InlineData("CREATE RULE mine AS ON INSERT TO access_record DO INSTEAD NOTHING")]
    [InlineData("SELECT * FROM access_queue")]
    [InlineData("UPDATE access_queue SET revision = 1")]
    [InlineData("DELETE FROM access_queue")]
    [InlineData("TRUNCATE access_queue")]
    [InlineData("ALTER TABLE access_queue ADD COLUMN mine int")]
    [InlineData("DROP TABLE access_queue")]
    [InlineData("UPDATE event_answer SET answer = ''")]
    [InlineData("DELETE FROM event_answer")]
    [InlineData("TRUNCATE event_answer")]
    [InlineData("DROP TABLE event_answer")]
    [InlineData("ALTER TABLE event_answer ADD COLUMN mine int")]
    [InlineData("UPDATE person SET version = version + 1")]
    [InlineData("UPDATE card SET version = version + 1")]
    [InlineData("UPDATE document_key SET version = version + 1")]
    [InlineData("UPDATE terminal SET revoked_at = NULL")]
    [InlineData("INSERT INTO terminal (terminal_id, institution_code, role, name) VALUES (gen_random_uuid(), '1312345678', 1, 'mine')")]
    [InlineData("INSERT INTO card (card_key, person_id) VALUES (gen_random_uuid(), 1)")]
    [InlineData("INSERT INTO card_state (card_key, revision, status, since, registered) VALUES (gen_random_uuid(), 0, 1, now(), true)")]
    [InlineData("INSERT INTO coverage (coverage_id, revision, person_id, insurer_number, number, relation, acquired_on) VALUES (1, 0, 1, '06130012', '1', 1, now())")]
    [InlineData("SELECT revoke_terminal(gen_random_uuid(), now())")]
    [InlineData("SELECT register_terminal(gen_random_uuid(), '1312345678', 1::smallint, 'mine', now())")]
    [InlineData("SELECT ensure_partition('access_record', 'mine', now(), now())")]
    [InlineData("SET ROLE eg_owner")]
    [InlineData("SET ROLE eg_insurer_feed")]
    [InlineData("SET SESSION AUTHORIZATION eg_owner")]
    [InlineData("GRANT eg_owner TO eg_gateway")]
    [InlineData("ALTER ROLE eg_gateway SUPERUSER")]
    [InlineData("CREATE ROLE mine")]
    [InlineData("CREATE DATABASE mine")]
    [InlineData("CREATE TABLE mine (id int)")]
    [InlineData("CREATE TABLE public.mine (id int)")]
    [InlineData("CREATE TEMPORARY TABLE mine (id int)")]
    [InlineData("CREATE SCHEMA mine")]
    [InlineData("CREATE OR REPLACE FUNCTION event_time(event_id uuid) RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'")]
    [InlineData("DROP SCHEMA eligibility CASCADE")]
    [InlineData("SET session_replication_role = replica")]
    [InlineData("COPY access_record_default TO PROGRAM 'true'")]
    [InlineData("SELECT pg_read_file('/etc/passwd')")]
    [InlineData("SELECT rolpassword FROM pg_authid")]
    [InlineData("SELECT pg_create_logical_replication_slot('mine', 'pgoutput')")]
    [InlineData("ALTER SYSTEM SET fsync = off")]
    [InlineData("SELECT * FROM appointment_reading")]
    [InlineData("INSERT INTO appointment_reading (reception_number, institution_code, batch_id, terminal_id, first_row, last_row) VALUES (1, '1312345678', gen_random_uuid(), gen_random_uuid(), 1, 1)")]
    [InlineData("DELETE FROM appointment_reading")]
    [InlineData("INSERT INTO access_record (event_id, terminal_id, event_time, validity, reason, request_hash, canonical, salt) VALUES (gen_random_uuid(), gen_random_uuid(), now(), 1, 0, '', '', '')")]
    [InlineData("INSERT INTO access_queue VALUES (gen_random_uuid(), gen_random_uuid(), 0)")]
    [InlineData("INSERT INTO event_answer (event_id, terminal_id, event_time, answer) VALUES (gen_random_uuid(), gen_random_uuid(), now(), '')")]
    [InlineData("SELECT register_card(gen_random_uuid(), now())")]
    [InlineData("SELECT try_document(gen_random_uuid(), true)")]
    [InlineData("SELECT record_access_look('mine', 'mine', 1, NULL, NULL, '2026-10-01', '2026-10-01')")]
    public Task The_gateway_is_refused(string sql) => AssertRefusedAsync(StoreRole.Gateway, sql);

    [Theory]
    [InlineData("INSERT INTO access_record (event_id) VALUES (gen_random_uuid())")]
    [InlineData("SELECT * FROM access_record")]
    [InlineData("DELETE FROM access_record")]
    [InlineData("SELECT * FROM event_answer")]
    [InlineData("INSERT INTO event_answer (event_id) VALUES (gen_random_uuid())")]
    [InlineData("INSERT INTO access_queue VALUES (gen_random_uuid(), gen_random_uuid(), 0)")]
    [InlineData("DELETE FROM access_queue")]
    [InlineData("SELECT ensure_access_partitions(now())")]
    [InlineData("SET ROLE eg_owner")]
    [InlineData("SELECT register_card(gen_random_uuid(), now())")]
    public async Task No_feed_nor_the_operator_gets_near_the_access_records(string sql)
    {
        await AssertRefusedAsync(StoreRole.InsurerFeed, sql);
        await AssertRefusedAsync(StoreRole.CardOffice, sql);
        await AssertRefusedAsync(StoreRole.Operator, sql);
        await AssertRefusedAsync(StoreRole.Expenses, sql);
        await AssertRefusedAsync(StoreRole.Auditor, sql);
    }

    [Theory]
    [InlineData("INSERT INTO coverage (coverage_id, revision, person_id, insurer_number, number, relation, acquired_on) VALUES (1, 0, 1, '06130012', '1', 1, now())")]
    [InlineData("SELECT * FROM coverage")]
    [InlineData("SELECT * FROM person_detail")]
    [InlineData("INSERT INTO person (person_id) VALUES (1)")]
    [InlineData("UPDATE card SET person_id = 2")]
    [InlineData("UPDATE card_state SET registered = true")]
    [InlineData("DELETE FROM card_state")]
    [InlineData("SELECT revoke_terminal(gen_random_uuid(), now())")]
    public Task The_card_office_is_refused(string sql) => AssertRefusedAsync(StoreRole.CardOffice, sql);

    [Theory]
    [InlineData("INSERT INTO card (card_key, person_id) VALUES (gen_random_uuid(), 1)")]
    [InlineData("SELECT * FROM card_certificate")]
    [InlineData("UPDATE coverage SET lost_on = now()")]
    [InlineData("DELETE FROM burden")]
    [InlineData("UPDATE person SET version = 1")]
    [InlineData("UPDATE insurer SET name = ''")]
    [InlineData("INSERT INTO document_key VALUES (gen_random_uuid(), 1)")]
    [InlineData("SELECT * FROM terminal")]
    [InlineData("UPDATE medical_expense SET patient_paid = 0")]
    [InlineData("DELETE FROM medical_expense_month")]
    [InlineData("SELECT expenses_of(1)")]
    [InlineData("UPDATE insurer_client SET revoked_at = NULL")]
    [InlineData("INSERT INTO insurer_client (client_id, insurers) VALUES (gen_random_uuid(), '{06139992}')")]
    [InlineData("SELECT admit_insurer_client(gen_random_uuid(), '{06139992}')")]
    [InlineData("UPDATE insurer_delivery SET receipt = ''")]
    public Task An_insurer_feed_is_refused(string sql) => AssertRefusedAsync(StoreRole.InsurerFeed, sql);

    [Theory]
    [InlineData("UPDATE terminal SET revoked_at = NULL")]
    [InlineData("DELETE FROM terminal")]
    [InlineData("SELECT * FROM person")]
    [InlineData("SELECT * FROM card")]
    [InlineData("SELECT * FROM medical_expense")]
    [InlineData("SELECT record_expense_access('mine', '{1}', 2026, false)")]
    [InlineData("UPDATE insurer_client SET revoked_at = NULL")]
    [InlineData("SELECT * FROM insurer_delivery")]
    public Task The_operator_is_refused(string sql) => AssertRefusedAsync(StoreRole.Operator, sql);

    [Theory]
    [InlineData("SELECT * FROM medical_expense")]
    [InlineData("SELECT * FROM medical_expense_month")]
    [InlineData("SELECT * FROM expense_access")]
    [InlineData("INSERT INTO expense_access (asked_by, asked_for, persons, of_year) VALUES ('mine', '{1}', '{1}', 2026)")]
    [InlineData("DELETE FROM expense_access")]
    [InlineData("SELECT * FROM person_detail")]
    [InlineData("SELECT * FROM coverage")]
    [InlineData("SELECT coverages_known_of('{1}')")]
    [InlineData("SELECT expense_access_open(1)")]
    [InlineData("CREATE TEMPORARY TABLE mine (id int)")]
    public Task Who_takes_out_expenses_is_refused(string sql) => AssertRefusedAsync(StoreRole.Expenses, sql);

    [Theory]
    [InlineData("SELECT * FROM coverage")]
    [InlineData("SELECT * FROM person")]
    [InlineData("SELECT * FROM history_access")]
    [InlineData("INSERT INTO history_access (asked_by, reason, person_id, of_day, known_at) VALUES ('mine', 'mine', 1, now(), now())")]
    [InlineData("DELETE FROM history_access")]
    [InlineData("SELECT expenses_of(1)")]
    [InlineData("CREATE TEMPORARY TABLE mine (id int)")]
    public Task Who_looks_at_what_was_known_is_refused(string sql) => AssertRefusedAsync(StoreRole.History, sql);

    [Theory]
    [InlineData("SELECT * FROM access_record")]
    [InlineData("SELECT * FROM access_look")]
    [InlineData("INSERT INTO access_look (asked_by, reason, person_id, from_day, until_day) VALUES ('mine', 'mine', 1, now(), now())")]
    [InlineData("DELETE FROM access_look")]
    [InlineData("SELECT * FROM terminal")]
    [InlineData("SELECT * FROM appointment_reading")]
    [InlineData("SELECT event_time(gen_random_uuid())")]
    [InlineData("SELECT facts_known_then(1)")]
    [InlineData("CREATE TEMPORARY TABLE mine (id int)")]
    public Task Who_looks_at_access_records_is_refused(string sql) => AssertRefusedAsync(StoreRole.Auditor, sql);

    [Fact]
    public async Task Nobody_but_the_owner_changes_a_fact_that_was_stated()
    {
        var rights = await _database.ReadAsync<string[]>(
            """
            SELECT coalesce(array_agg(r.rolname || ' ' || p || ' ' || c.relname), '{}')
            FROM pg_class c CROSS JOIN pg_roles r CROSS JOIN unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) p
            WHERE c.relnamespace = 'eligibility'::regnamespace AND c.relkind IN ('r', 'p') AND NOT r.rolsuper AND r.rolname NOT LIKE 'pg\_%'
              AND r.rolname <> 'eg_owner' AND (has_table_privilege(r.oid, c.oid, p) OR (p = 'UPDATE' AND has_any_column_privilege(r.oid, c.oid, p)))
            """);
        Assert.Empty(rights);
    }

    [Fact]
    public async Task Functions_that_lend_the_owners_rights_look_for_names_in_the_schema_only()
    {
        var strays = await _database.ReadAsync<string[]>(
            """
            SELECT coalesce(array_agg(p.proname::text), '{}') FROM pg_proc p
            WHERE p.pronamespace = 'eligibility'::regnamespace AND p.prosecdef AND NOT coalesce('search_path=eligibility, pg_temp' = ANY (p.proconfig), false)
            """);
        Assert.Empty(strays);
        var lending = await _database.ReadAsync<long>("SELECT count(*) FROM pg_proc WHERE pronamespace = 'eligibility'::regnamespace AND prosecdef");
        Assert.True(lending >= 9, "the query finds them");
    }

    [Fact]
    public async Task Everybody_else_is_kept_out_of_the_database()
    {
        Assert.False(await _database.ReadAsync<bool>("SELECT has_database_privilege('public', current_database(), 'CONNECT')"));
        Assert.False(await _database.ReadAsync<bool>("SELECT has_schema_privilege('public', 'eligibility', 'USAGE')"));
        Assert.False(await _database.ReadAsync<bool>("SELECT has_schema_privilege('public', 'public', 'CREATE')"));
    }

    [Fact]
    public async Task No_role_is_more_than_a_login()
    {
        var more = await _database.ReadAsync<string[]>(
            """
            SELECT coalesce(array_agg(rolname::text), '{}') FROM pg_roles r
            WHERE rolname LIKE 'eg\_%' AND rolname <> 'eg_superuser'
              AND (rolsuper OR rolinherit OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls
                   OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid))
            """);
        Assert.Empty(more);
    }

    private async Task AssertRefusedAsync(StoreRole role, string sql)
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => _database.ExecuteAsync(role, sql));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }
}
