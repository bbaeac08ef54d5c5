using System.CommandLine;
using System.Text.Json;
using Dapper;
using EligibilityGateway.Common;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Access;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Keys;
using EligibilityGateway.Gateway.Lists.Accesses;
using EligibilityGateway.Gateway.Operator;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Appointments;
using EligibilityGateway.Gateway.Tests.Operator;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Lists.Accesses;

/// <summary><c>gateway accesses</c>: what desks asked, read back with the rights of eg_auditor alone, each look on record first.</summary>
public sealed class AccessRecordsTests(TestStores stores) : IAsyncLifetime
{
    private static readonly string Elsewhere = "131234567" + Luhn.CheckDigit("131234567");

    private TestTown _town = null!;
    private GatewayHost _gateway = null!;
    private TestTerminal _terminal = null!;
    private TestTerminal _pharmacy = null!;
    private TestPerson _person = null!;
    private LookUpResult _typed = null!;

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        _gateway = await _town.StartGatewayAsync();
        _terminal = await _town.AddTerminalAsync(TerminalRole.Reception);
        _pharmacy = await _town.AddTerminalAsync(TerminalRole.Pharmacy, institution: Elsewhere);
        _person = await _town.AddCertifiedAsync();
        var card = await _town.AddCardAsync(_person);
        using var desk = new TestDesk(_gateway.Address, _terminal);
        using var counter = new TestDesk(_gateway.Address, _pharmacy);
        _typed = await desk.AskAsync(TestDesk.Typed(_person));
        await desk.AskAsync(TestDesk.Typed(_person, birthDate: new DateOnly(1900, 1, 1)));
        await counter.TapAsync(card, Purpose.Dispensing);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _town.DisposeAsync();
    }

    [Fact]
    public async Task What_was_asked_about_a_person_is_told_column_by_column()
    {
        var lines = await LinesAsync("--person", $"{_person.Id}");
        Assert.Equal(AccessHeader, lines[0]);
        Assert.Equal(3, lines.Length);
        var typed = lines[1].Split(',');
        Assert.Equal(
            [
                _typed.Answer.EventId, "0", $"{_terminal.Id}", "0110113719", "reception", "care", JapanTime.Format(TestTown.Today), "none", "none", "valid", "", $"{_person.Id}", "false", "false", "store", "", "0", "", "right",
            ],
            typed[2..]);
        Assert.All(typed[..2], time => Assert.True(DateTimeOffset.UtcNow - DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture) < TimeSpan.FromMinutes(5) && time.EndsWith("+09:00", StringComparison.Ordinal)));
        Assert.Contains($",{_pharmacy.Id},{Elsewhere},pharmacy,dispensing,", lines[2], StringComparison.Ordinal);
        Assert.Contains(",pin_proved,none,valid,", lines[2], StringComparison.Ordinal);
        Assert.Equal(
            $"見本 苦情 1 eg_auditor 127.0.0.1 {_person.Id} 30",
            await _town.Database.ReadAsync<string>("SELECT concat_ws(' ', asked_by, reason, asked_as, host(from_where), person_id, terminal_id, institution_code, until_day - from_day) FROM access_look"));
    }

    [Fact]
    public async Task Of_a_terminal_or_an_institution_all_that_was_asked_is_told_in_json_too()
    {
        var ofTerminal = await ObjectsAsync("--terminal", $"{_terminal.Id}");
        Assert.Equal(["valid", "not_found"], ofTerminal.Select(line => line.GetProperty("validity").GetString()));
        Assert.Equal([true, false], ofTerminal.Select(line => line.TryGetProperty("person", out _)));
        Assert.Equal((JsonValueKind.False, 0), (ofTerminal[0].GetProperty("for_review").ValueKind, ofTerminal[0].GetProperty("refusals_counted").GetInt32()));
        Assert.Equal("pharmacy", Assert.Single(await ObjectsAsync("--institution", Elsewhere)).GetProperty("role").GetString());
        Assert.Equal(2, (await ObjectsAsync("--institution", "0110113719", "--from", JapanTime.Format(TestTown.Today.AddDays(-365)))).Length);
        // The days are those of the events.
        Assert.Empty(await ObjectsAsync("--institution", "0110113719", "--to", JapanTime.Format(TestTown.Today.AddDays(-2))));
        Assert.Empty(await ObjectsAsync("--person", $"{_person.Id}", "--from", JapanTime.Format(TestTown.Today.AddDays(2)), "--to", JapanTime.Format(TestTown.Today.AddDays(2))));
    }

    [Fact]
    public async Task Of_a_day_in_japan_its_first_moment_counts_and_the_next_days_does_not()
    {
        var day = new DateOnly(2026, 3, 10);
        var midnight = new DateTimeOffset(day, default, JapanTime.Offset);
        foreach (var moment in (DateTimeOffset[])[midnight.AddMilliseconds(-1), midnight, midnight.AddDays(1).AddMilliseconds(-1), midnight.AddDays(1)]) await InsertAsync(Guid.CreateVersion7(moment), 0);
        var lines = await LinesAsync("--terminal", $"{_terminal.Id}", "--from", "2026-03-10", "--to", "2026-03-10");
        Assert.Equal(["2026-03-10T00:00:00.000+09:00", "2026-03-10T23:59:59.999+09:00"], lines[1..].Select(line => line.Split(',')[0]));
    }

    [Fact]
    public async Task A_row_that_can_not_be_read_is_listed_and_the_rest_goes_on()
    {
        var broken = Guid.CreateVersion7(EventTime().AddMilliseconds(1));
        await InsertAsync(broken, 1, 2);
        var lines = await LinesAsync("--terminal", $"{_terminal.Id}");
        Assert.Equal(4, lines.Length);
        Assert.EndsWith(",An access record that is cut off.,right", Assert.Single(lines, line => line.Contains($"{broken}", StringComparison.Ordinal)), StringComparison.Ordinal);
        var objects = await ObjectsAsync("--terminal", $"{_terminal.Id}");
        Assert.Equal(3, objects.Length);
        var unreadable = Assert.Single(objects, line => line.TryGetProperty("unreadable", out _));
        Assert.Equal((broken, false), (unreadable.GetProperty("event_id").GetGuid(), unreadable.TryGetProperty("role", out _)));
    }

    [Fact]
    public async Task A_record_that_no_gateway_made_is_told_from_those_that_one_made()
    {
        var made = EventId.TryParse(_typed.Answer.EventId, out var id) ? id.Value : Guid.Empty;
        // Of an event that never was, by who has no key; and a true record once more, as that of another event and of nobody.
        var (other, moved) = (Guid.CreateVersion7(EventTime().AddMilliseconds(2)), Guid.CreateVersion7(EventTime().AddMilliseconds(3)));
        await _town.Database.ExecuteAsync(
            StoreRole.Owner,
            """
            INSERT INTO access_record (event_id, terminal_id, event_time, person_id, validity, reason, request_hash, canonical, salt, mac)
            SELECT e.id, terminal_id, event_time(e.id), CASE WHEN e.id = $2 THEN person_id END, validity, reason, request_hash,
                   CASE WHEN e.id = $2 THEN overlay(canonical PLACING uuid_send(e.id) FROM 2 FOR 16) ELSE canonical END, salt, mac
              FROM access_record, unnest(ARRAY[$2::uuid, $3::uuid]) AS e(id) WHERE event_id = $1
            """,
            made, other, moved);
        var copy = Path.Combine(_town.Folder, "records-keys.json");
        KeyFile.Read(Keys).WriteRing(RingNames.Records, copy);

        var run = await RunAsync("--terminal", $"{_terminal.Id}", "--format", "json", "--keys", copy);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("2 are not as a gateway made them", run.Errors, StringComparison.Ordinal);
        var lines = run.Output.TrimEnd('\n').Split('\n').Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToDictionary(line => line.GetProperty("event_id").GetGuid());
        Assert.Equal(["right", "right", "wrong", "wrong"], lines.Values.Select(line => line.GetProperty("mac").GetString()).Order());
        Assert.Equal(("wrong", "An access record of another event, terminal or person than its row."), (lines[moved].GetProperty("mac").GetString(), lines[moved].GetProperty("unreadable").GetString()));
        Assert.Equal("wrong", lines[other].GetProperty("mac").GetString());

        // Made with a key that was put in after the copy was made.
        KeyFile.Change(Keys, keys => keys.Activate(RingNames.Records, keys.Add(RingNames.Records)));
        var later = new RecordMacs(GatewayKeys.Load(Keys).Records);
        await _town.Database.ExecuteAsync(StoreRole.Owner, "DELETE FROM access_record WHERE event_id = ANY ($1)", new[] { other, moved });
        await _town.Database.ExecuteAsync(
            StoreRole.Owner, "UPDATE access_record SET mac = $2 WHERE event_id = $1", made,
            later.Of(await ColumnAsync("salt"), await ColumnAsync("canonical")));
        Assert.Contains("--keys does not have", (await RunAsync("--terminal", $"{_terminal.Id}", "--keys", copy)).Errors, StringComparison.Ordinal);
        Assert.Equal("right", (await ObjectsAsync("--person", $"{_person.Id}"))[0].GetProperty("mac").GetString());

        await _town.Database.ExecuteAsync(StoreRole.Owner, "UPDATE access_record SET mac = NULL WHERE event_id = $1", made);
        run = await RunAsync("--person", $"{_person.Id}");
        Assert.Equal((0, true), (run.ExitCode, run.Errors.Contains("1 have no MAC", StringComparison.Ordinal)));

        Task<byte[]> ColumnAsync(string column) => _town.Database.ReadAsync<byte[]>($"SELECT {column} FROM access_record WHERE event_id = $1", made);
    }

    [Fact]
    public async Task Nothing_is_read_that_is_not_on_record_for_good()
    {
        string record = $"SELECT record_access_look('見本', '試験', {_person.Id}, NULL, NULL, current_date - 2, current_date + 2)";
        await using var connection = await _town.Database.OpenAsync(StoreRole.Auditor);
        await using (var transaction = await connection.BeginTransactionAsync(Cancellation))
        {
            var pending = await connection.ExecuteScalarAsync<long>(record);
            Assert.Equal(0, await CountAsync(pending));
        }
        Assert.Equal(0, await _town.Database.ReadAsync<long>("SELECT count(*) FROM access_look"));

        var recorded = await connection.ExecuteScalarAsync<long>(record);
        Assert.Equal(2, await CountAsync(recorded));
        await using var owner = await _town.Database.OpenAsSuperuserAsync();
        await owner.ExecuteAsync("UPDATE eligibility.access_look SET asked_as = 'another'");
        Assert.Equal(0, await CountAsync(recorded));
        await owner.ExecuteAsync("UPDATE eligibility.access_look SET asked_as = 'eg_auditor', recorded_at = recorded_at - interval '11 minutes'");
        Assert.Equal(0, await CountAsync(recorded));
        Assert.Equal(0, await CountAsync(4711));
        // More than one, none, and too long a time can't be recorded.
        foreach (var refused in (string[])[$"{_person.Id}, '{_terminal.Id}', NULL, current_date, current_date", "NULL, NULL, NULL, current_date, current_date", $"{_person.Id}, NULL, NULL, current_date - 366, current_date"])
            await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync($"SELECT record_access_look('見本', '試験', {refused})"));

        Task<long> CountAsync(long look) => connection.ExecuteScalarAsync<long>("SELECT count(*) FROM access_records_of(@look)", new { look });
    }

    [Fact]
    public async Task What_is_wrong_is_said_on_one_line_and_nothing_goes_on_record()
    {
        (await RunAsync()).AssertRefused("--person", "--terminal", "--institution", "only one");
        await RefusedAsync(["only one"], "--person", "1", "--terminal", $"{_terminal.Id}");
        await RefusedAsync(["--person 999", "nobody"], "--person", "999");
        await RefusedAsync(["--person", "never the My Number"], "--person", "123456789018");
        await RefusedAsync(["--terminal"], "--terminal", "desk-1");
        await RefusedAsync(["not in the register"], "--terminal", $"{Guid.NewGuid()}");
        await RefusedAsync(["--institution", "the last digit"], "--institution", "0110113710");
        await RefusedAsync(["no terminal in the register"], "--institution", "471234567" + Luhn.CheckDigit("471234567"));
        await RefusedAsync(["--from is no day"], "--person", "1", "--from", "2026-02-31");
        await RefusedAsync(["--from is later"], "--person", "1", "--from", "2026-03-02", "--to", "2026-03-01");
        await RefusedAsync(["366 days"], "--person", "1", "--from", "2025-01-01", "--to", "2026-01-02");
        (await GatewayCommand.RunAsync("accesses", "--person", "1", "--asked-by", "見本", "--because", "試験", "--auditor", _town.Database.ConnectionString(StoreRole.Gateway), "--keys", Keys)).AssertRefused("--auditor");
        (await GatewayCommand.RunAsync("accesses", "--person", "1", "--asked-by", "見本", "--because", "試験", "--auditor", _town.Database.ConnectionString(StoreRole.Auditor), "--keys", Keys + ".no")).AssertRefused("keys.json.no can't be read");
        Assert.Equal(0, await _town.Database.ReadAsync<long>("SELECT count(*) FROM access_look"));
    }

    [Fact]
    public void A_note_computes_nothing_in_a_spreadsheet()
    {
        Assert.Equal("'=1+1", new AccessCell("note", "=1+1").InCsv);
        Assert.Equal(["", "true", "7"], ((AccessCell[])[new("note"), new("for_review", IsSo: true), new("person", Number: 7)]).Select(cell => cell.InCsv));
        Assert.Equal(AccessColumns.Header, string.Join(',', AccessColumns.Of(new RecordedAccess(default, Guid.Empty, Guid.Empty, 0, null, "", RecordMacState.Right)).Select(cell => cell.Column)));
    }

    private const string AccessHeader =
        "event_time,decided_at,event_id,revision,terminal,institution,role,purpose,service_date,assurance,ground,validity,reason,person,for_review,journalled,source,note,refusals_counted,unreadable,mac";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Keys => Path.Combine(_town.Folder, "keys.json");

    private DateTimeOffset EventTime() => EventId.TryParse(_typed.Answer.EventId, out var id) ? id.Time : throw new InvalidOperationException("An answer has an event.");

    private Task InsertAsync(Guid eventId, params byte[] canonical) => _town.Database.ExecuteAsync(
        StoreRole.Owner,
        """
        INSERT INTO access_record (event_id, terminal_id, event_time, validity, reason, request_hash, canonical, salt, mac)
        VALUES ($1, $2, event_time($1), 1, 0, decode(repeat('00', 32), 'hex'), $3, $4, $5)
        """,
        eventId,
        _terminal.Id,
        canonical,
        new byte[16],
        new RecordMacs(GatewayKeys.Load(Keys).Records).Of(new byte[16], canonical));

    /// <summary>As the program itself would say it on one line: to start it each time takes seconds.</summary>
    private async Task RefusedAsync(string[] because, params string[] arguments)
    {
        var root = new RootCommand { AccessesCommand.Create() };
        TypedConnection.AllowByHand(root);
        var command = root.Parse(CommandLine(arguments));
        var refused = await Assert.ThrowsAsync<SettingsException>(() => command.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }, Cancellation));
        foreach (var word in because) Assert.Contains(word, refused.Message, StringComparison.Ordinal);
    }

    private async Task<string[]> LinesAsync(params string[] arguments)
    {
        var run = await RunAsync(arguments);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        return run.Output.TrimEnd('\n').Split('\n');
    }

    private async Task<JsonElement[]> ObjectsAsync(params string[] arguments) =>
        [.. (await LinesAsync([.. arguments, "--format", "json"])).Where(line => line.Length > 0).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];

    private Task<GatewayCommand> RunAsync(params string[] arguments) =>
        GatewayCommand.RunAsync(CommandLine(arguments));

    private string[] CommandLine(string[] arguments) =>
        ["accesses", .. arguments, "--asked-by", "見本", "--because", "苦情 1", "--auditor", _town.Database.ConnectionString(StoreRole.Auditor), .. arguments.Contains("--keys") ? [] : (string[])["--keys", Keys]];
}
