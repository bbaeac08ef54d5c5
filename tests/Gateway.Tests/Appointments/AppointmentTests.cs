using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Feeds.Insurers;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Storage;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace EligibilityGateway.Gateway.Tests.Appointments;

/// <summary>Bulk look-up of appointments over the real interface.</summary>
public sealed class AppointmentTests(TestStores stores) : IAsyncLifetime
{
    private TestTown _town = null!;
    private GatewayHost _gateway = null!;
    private TestTerminal _terminal = null!;
    private AppointmentDesk _site = null!;

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        _gateway = await _town.StartGatewayAsync();
        _terminal = await _town.AddTerminalAsync(TerminalRole.Reception);
        _site = new AppointmentDesk(_gateway.Address, _terminal);
    }

    public async ValueTask DisposeAsync()
    {
        _site.Dispose();
        await _gateway.DisposeAsync();
        await _town.DisposeAsync();
    }

    [Fact]
    public async Task Each_row_gets_what_a_typed_look_up_would_get_and_is_recorded_as_one()
    {
        var valid = await _town.AddCertifiedAsync();
        var ended = await _town.AddCertifiedAsync(lostOn: TestTown.Today.AddDays(-10));
        var batch = AppointmentDesk.Batch(AppointmentDesk.Row(valid, "A-1"), AppointmentDesk.Row(ended, "A-2"), AppointmentDesk.Unknown(valid));
        var accepted = await _site.HandInAsync(batch);
        Assert.Equal((3u, batch.BatchId, batch.ServiceDate), (accepted.Received, accepted.BatchId, accepted.ServiceDate));

        var results = await _site.ResultsAsync(accepted.ReceptionNumber);
        Assert.Equal([(1u, "A-1"), (2u, "A-2"), (3u, "nobody")], results.Select(r => (r.Row, r.RowId)));
        Assert.Equal([Validity.Valid, Validity.Invalid, Validity.NotFound], results.Select(r => r.Answer.Validity));
        Assert.Equal([Reason.Unspecified, Reason.CoverageEnded, Reason.NotFound], results.Select(r => r.Answer.Remedy?.Reason ?? Reason.Unspecified));
        Assert.Equal(valid.Name, results[0].Answer.Person.Name);
        Assert.All(results, r => Assert.True(r.Answer.Freshness.Proved));

        // But for its id and times, the desk's own answer on that day.
        var typed = TestDesk.Typed(valid);
        typed.ServiceDate = batch.ServiceDate;
        var single = (await _site.Desk.AskAsync(typed)).Answer;
        var bulk = results[0].Answer.Clone();
        (single.EventId, single.Freshness, single.LimitConsent) = (bulk.EventId, bulk.Freshness, bulk.LimitConsent);
        Assert.Equal(single, bulk);

        var progress = await _site.ProgressAsync(accepted.ReceptionNumber);
        Assert.Equal((3u, 3u, 2u, 1u, 0u, true), (progress.Received, progress.Done, progress.Found, progress.NotFound, progress.Failed, progress.Finished));

        // Recorded as typed look-ups: person, outcome, one row for the log each, and nothing to resend.
        foreach (var result in results)
        {
            var recorded = await _town.Database.ReadAsync<short>(
                "SELECT validity FROM access_record r JOIN access_queue USING (event_id, terminal_id, revision) WHERE event_id = $1 AND terminal_id = $2", Guid.Parse(result.Answer.EventId), _terminal.Id);
            Assert.Equal(result.Answer.Validity, (Validity)recorded);
        }
        Assert.Equal(1, await _town.Database.ReadAsync<long>("SELECT count(*) FROM access_record WHERE person_id = $1 AND event_id = $2", valid.Id, Guid.Parse(results[0].Answer.EventId)));
        Assert.Equal(1, await _town.Database.ReadAsync<long>("SELECT count(*) FROM event_answer"));
    }

    [Fact]
    public async Task A_bad_row_is_an_error_of_that_row_alone()
    {
        var person = await _town.AddCertifiedAsync();
        var insurer = AppointmentDesk.Row(person);
        insurer.Document.InsurerNumber = "01130013";
        var birth = AppointmentDesk.Row(person);
        birth.Document.BirthDate = "1980-02-31";
        Appointment[] rows =
        [
            insurer,
            birth,
            AppointmentDesk.Row(person, new string('x', 41)),
            // The check digit of 12345678901 is 8.
            AppointmentDesk.Row(person, string.Concat("1234", "5678", "9018")),
            new Appointment { RowId = "empty" },
            AppointmentDesk.Row(person, "good"),
        ];
        var results = await _site.AskAsync(AppointmentDesk.Batch(rows));
        Assert.Equal(["document.insurer_number", "document.birth_date", "row_id", "row_id"], results.Take(4).Select(r => Assert.Single(r.Problem.FieldViolations).Field));
        Assert.All(results.Take(4).SelectMany(r => r.Problem.FieldViolations), violation => Assert.NotEqual("", violation.Description));
        Assert.Contains("document.number", results[4].Problem.FieldViolations.Select(violation => violation.Field));
        // Not even what can't be taken comes back.
        Assert.Equal(["", "", "", "", "empty", "good"], results.Select(r => r.RowId));
        Assert.Equal(Validity.Valid, results[5].Answer.Validity);
        Assert.Equal(1, await _town.Database.ReadAsync<long>("SELECT count(*) FROM access_record"));
    }

    // A site's file has the numbers; what they were read from it seldom knows, and who has a card was mostly issued no certificate.
    [Fact]
    public async Task A_row_without_a_kind_is_answered_as_a_notice_of_eligibility()
    {
        var person = await _town.AddPersonAsync();
        DocumentKind[] kinds = [DocumentKind.Unspecified, DocumentKind.EligibilityNotice, DocumentKind.EligibilityCertificate, (DocumentKind)4];
        var results = await _site.AskAsync(AppointmentDesk.Batch(kinds.Select(kind =>
        {
            var row = AppointmentDesk.Row(person);
            row.Document.Kind = kind;
            return row;
        })));
        Assert.All(results.Take(2), result => Assert.Equal((Validity.Valid, 30u, null), (result.Answer.Validity, result.Answer.BurdenPercent, result.Answer.Remedy)));
        Assert.Equal((Validity.Invalid, Reason.EligibilityCertificateEnded), (results[2].Answer.Validity, results[2].Answer.Remedy.Reason));
        Assert.Equal("document.kind", Assert.Single(results[3].Problem.FieldViolations).Field);
    }

    public static TheoryData<string, Action<AppointmentBatch>> NoBatch => new()
    {
        { "batch_id", batch => batch.BatchId = "appointments" },
        { "batch_id", batch => batch.BatchId = Guid.CreateVersion7(DateTimeOffset.UtcNow.AddHours(-25)).ToString() },
        { "batch_id", batch => batch.BatchId = Guid.CreateVersion7(DateTimeOffset.UtcNow.AddHours(1)).ToString() },
        { "purpose", batch => batch.Purpose = Purpose.Unspecified },
        { "purpose", batch => batch.Purpose = Purpose.Registration },
        { "service_date", batch => batch.ServiceDate = "" },
        { "service_date", batch => batch.ServiceDate = "2026-02-31" },
        { "rows", batch => batch.Rows.Clear() },
        { "rows", batch => batch.Rows.AddRange(Enumerable.Range(0, 10_000).Select(_ => new Appointment())) },
    };

    [Theory]
    [MemberData(nameof(NoBatch))]
    public async Task What_is_no_batch_is_refused_whole(string field, Action<AppointmentBatch> spoil)
    {
        var batch = AppointmentDesk.Batch(new Appointment());
        spoil(batch);
        var status = (await _site.RefusedAsync(batch)).GetRpcStatus()!;
        Assert.Equal((int)Code.InvalidArgument, status.Code);
        Assert.Contains(field, status.GetDetail<BadRequest>()!.FieldViolations.Select(violation => violation.Field));
        Assert.Equal(0, await _town.Database.ReadAsync<long>("SELECT count(*) FROM appointment_batch"));
    }

    [Fact]
    public async Task The_same_batch_again_is_the_same_reception_and_another_one_under_its_id_is_refused()
    {
        var batch = AppointmentDesk.Batch(AppointmentDesk.Row(await _town.AddCertifiedAsync()));
        var first = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _site.HandInAsync(batch)));
        Assert.Single(first.Select(progress => progress.ReceptionNumber).Distinct());
        await _site.FinishAsync(first[0].ReceptionNumber);
        var again = await _site.HandInAsync(batch);
        Assert.Equal((first[0].ReceptionNumber, true), (again.ReceptionNumber, again.Finished));
        Assert.Equal(1, await _town.Database.ReadAsync<long>("SELECT count(*) FROM access_record"));

        var other = batch.Clone();
        other.Rows[0].RowId = "changed";
        var refused = await _site.RefusedAsync(other);
        Assert.Equal((StatusCode.AlreadyExists, Reason.EventIdReused), (refused.StatusCode, refused.GetRpcStatus()!.GetDetail<Remedy>()!.Reason));
    }

    [Fact]
    public async Task Its_own_institution_alone_sees_a_batch()
    {
        var reception = (await _site.HandInAsync(AppointmentDesk.Batch(AppointmentDesk.Row(await _town.AddCertifiedAsync())))).ReceptionNumber;
        using var colleague = new AppointmentDesk(_gateway.Address, await _town.AddTerminalAsync(TerminalRole.Reception, name: "desk-2"));
        Assert.Single(await colleague.ResultsAsync(reception));

        using var stranger = new AppointmentDesk(_gateway.Address, await _town.AddTerminalAsync(TerminalRole.Reception, institution: "131234567" + Luhn.CheckDigit("131234567")));
        using var insurer = new AppointmentDesk(_gateway.Address, await _town.AddTerminalAsync(TerminalRole.Insurer, name: "insurer"));
        foreach (var other in new[] { stranger, insurer })
        {
            foreach (var number in new[] { reception, "4711", "x", "-1", "99999999999999999999" })
            {
                Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => other.ProgressAsync(number))).StatusCode);
                Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => other.PageAsync(number))).StatusCode);
            }
        }
    }

    [Fact]
    public async Task Who_read_which_rows_is_on_record_before_they_leave()
    {
        var person = await _town.AddCertifiedAsync();
        var batch = AppointmentDesk.Batch(Enumerable.Range(1, 260).Select(row => AppointmentDesk.Row(person, $"{row}")));
        var reception = (await _site.HandInAsync(batch)).ReceptionNumber;
        await _site.FinishAsync(reception);
        Assert.Equal("", await ReadingsAsync());
        var colleague = await _town.AddTerminalAsync(TerminalRole.Reception, name: "desk-2");
        using var second = new AppointmentDesk(_gateway.Address, colleague);
        await _site.ResultsAsync(reception);
        Assert.Equal(3, (await second.PageAsync(reception, 258)).Rows.Count);
        // Behind the last row there is nothing to read.
        Assert.Empty((await second.PageAsync(reception, 261)).Rows);
        Assert.Equal($"{_terminal.Id} 1-250, {_terminal.Id} 251-260, {colleague.Id} 258-260", await ReadingsAsync());
        Assert.True(await _town.Database.ReadAsync<bool>(
            "SELECT bool_and(r.batch_id = $1 AND r.reception_number = $2 AND r.institution_code = '0110113719' AND r.read_at > b.accepted_at) FROM appointment_reading r JOIN appointment_batch b USING (reception_number)",
            Guid.Parse(batch.BatchId), long.Parse(reception, System.Globalization.CultureInfo.InvariantCulture)));

        // Where it can't be recorded nothing leaves.
        await using (var owner = await _town.Database.OpenAsSuperuserAsync())
            await owner.ExecuteAsync("ALTER TABLE eligibility.appointment_reading ADD CONSTRAINT shut CHECK (first_row <> 7)");
        await Assert.ThrowsAsync<RpcException>(() => _site.PageAsync(reception, 7));
        Assert.Single((await second.PageAsync(reception, 260)).Rows);

        async Task<string> ReadingsAsync() => await _town.Database.ReadAsync<string>(
            "SELECT coalesce(string_agg(format('%s %s-%s', terminal_id, first_row, last_row), ', ' ORDER BY reading_id), '') FROM appointment_reading");
    }

    [Fact]
    public async Task A_page_is_recorded_for_the_batchs_own_institution_alone()
    {
        var person = await _town.AddCertifiedAsync();
        var reception = (await _site.HandInAsync(AppointmentDesk.Batch(AppointmentDesk.Row(person)))).ReceptionNumber;
        var stranger = await _town.AddTerminalAsync(TerminalRole.Reception, institution: "131234567" + Luhn.CheckDigit("131234567"));
        var revoked = await _town.AddTerminalAsync(TerminalRole.Reception, name: "desk-3");
        await _town.Terminals.RevokeAsync(revoked.Id, TestTown.Now, TestContext.Current.CancellationToken);
        await using var gateway = await _town.Database.OpenAsync(StoreRole.Gateway);
        Assert.False(await IsRecordedAsync(stranger.Id, 1));
        Assert.False(await IsRecordedAsync(revoked.Id, 1));
        Assert.False(await IsRecordedAsync(Guid.NewGuid(), 1));
        Assert.False(await IsRecordedAsync(_terminal.Id, 2));
        Assert.Equal(0, await _town.Database.ReadAsync<long>("SELECT count(*) FROM appointment_reading"));
        Assert.True(await IsRecordedAsync(_terminal.Id, 1));

        Task<bool> IsRecordedAsync(Guid terminal, int row) => gateway.ExecuteScalarAsync<bool>($"SELECT record_appointment_reading({reception}, '{terminal}', 1, {row})");
    }

    [Theory]
    [InlineData(TerminalRole.Pharmacy, Purpose.Care)]
    [InlineData(TerminalRole.Reception, Purpose.Dispensing)]
    [InlineData(TerminalRole.Ambulance, Purpose.Care)]
    [InlineData(TerminalRole.Insurer, Purpose.Care)]
    public async Task The_role_bounds_the_purpose(TerminalRole role, Purpose purpose)
    {
        using var site = new AppointmentDesk(_gateway.Address, await _town.AddTerminalAsync(role, name: "other"));
        var batch = AppointmentDesk.Batch(new Appointment());
        batch.Purpose = purpose;
        var refused = await site.RefusedAsync(batch);
        Assert.Equal((StatusCode.PermissionDenied, Reason.PurposeNotAllowed), (refused.StatusCode, refused.GetRpcStatus()!.GetDetail<Remedy>()!.Reason));
    }

    [Fact]
    public async Task Results_come_in_the_order_of_the_rows_page_by_page()
    {
        var person = await _town.AddCertifiedAsync();
        var batch = AppointmentDesk.Batch(Enumerable.Range(0, 620).Select(row => AppointmentDesk.Row(person, $"{row}")));
        var results = await _site.AskAsync(batch);
        Assert.Equal(batch.Rows.Select(row => row.RowId), results.Select(result => result.RowId));
        Assert.Equal(Enumerable.Range(1, 620).Select(row => (uint)row), results.Select(result => result.Row));
        var reception = (await _site.HandInAsync(batch)).ReceptionNumber;
        var middle = await _site.PageAsync(reception, 300);
        Assert.Equal((300u, 501u), (middle.Rows[0].Row, middle.NextRow));
        Assert.Empty((await _site.PageAsync(reception, 621)).Rows);
        Assert.Equal(620, await _town.Database.ReadAsync<long>("SELECT count(DISTINCT event_id) FROM access_record"));
    }

    [Fact]
    public async Task Who_reads_the_tables_learns_no_name_and_no_number()
    {
        var person = await _town.AddCertifiedAsync();
        await using (await HeldChunk.BeginAsync(_town.Database, firstRow: 1))
        {
            await _site.HandInAsync(AppointmentDesk.Batch(AppointmentDesk.Row(person, "patient-7")));
            Assert.False(await HoldsAsync("appointment_chunk", person.Numbers.Number));
            Assert.False(await HoldsAsync("appointment_chunk", "patient-7"));
        }
        var again = AppointmentDesk.Batch(AppointmentDesk.Row(person, "patient-7"));
        await _site.AskAsync(again);
        Assert.False(await HoldsAsync("appointment_result", person.Name));
        Assert.False(await HoldsAsync("appointment_result", person.Numbers.Number));
        // What was typed in is gone.
        Assert.Equal(0, await _town.Database.ReadAsync<long>("SELECT count(*) FROM appointment_chunk"));

        Task<bool> HoldsAsync(string table, string text) =>
            _town.Database.ReadAsync<bool>($"SELECT coalesce(bool_or(position($1 IN sealed) > 0), false) FROM {table}", System.Text.Encoding.UTF8.GetBytes(text));
    }

    [Fact]
    public async Task The_same_comes_as_JSON_over_HTTP()
    {
        var batch = AppointmentDesk.Batch(AppointmentDesk.Row(await _town.AddCertifiedAsync(), "A-1"), new Appointment { RowId = "A-2" });
        using var content = new StringContent(JsonFormatter.Default.Format(batch), System.Text.Encoding.UTF8, "application/json");
        using var accepted = await _site.Desk.Http.PostAsync("/v1/appointments", content, TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.OK, accepted.StatusCode);
        var reception = (await ReadAsync(accepted)).GetProperty("receptionNumber").GetString()!;
        await _site.FinishAsync(reception);

        using var progress = await _site.Desk.Http.GetAsync($"/v1/appointments/{reception}", TestContext.Current.CancellationToken);
        Assert.True((await ReadAsync(progress)).GetProperty("finished").GetBoolean());
        using var result = await _site.Desk.Http.GetAsync($"/v1/appointments/{reception}/result?fromRow=1", TestContext.Current.CancellationToken);
        var rows = (await ReadAsync(result)).GetProperty("rows");
        Assert.Equal("VALIDITY_VALID", rows[0].GetProperty("answer").GetProperty("validity").GetString());
        var fields = rows[1].GetProperty("problem").GetProperty("fieldViolations").EnumerateArray().Select(violation => violation.GetProperty("field").GetString());
        Assert.Equal(["document.insurerNumber", "document.number", "document.birthDate"], fields);

        using var torn = new StringContent("{\"batchId\": ", System.Text.Encoding.UTF8, "application/json");
        using var unread = await _site.Desk.Http.PostAsync("/v1/appointments", torn, TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, unread.StatusCode);
        using var missing = await _site.Desk.Http.GetAsync("/v1/appointments/4711", TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, missing.StatusCode);

        static async Task<System.Text.Json.JsonElement> ReadAsync(HttpResponseMessage response) =>
            System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
    }

    [Fact]
    public async Task Results_are_kept_for_seven_days()
    {
        var reception = (await _site.HandInAsync(AppointmentDesk.Batch(AppointmentDesk.Row(await _town.AddCertifiedAsync())))).ReceptionNumber;
        await _site.FinishAsync(reception);
        // Not by a clock that is ahead.
        await CleanAsync(TimeSpan.FromDays(365));
        Assert.Single((await _site.PageAsync(reception)).Rows);
        await AgeAsync(TimeSpan.FromDays(7) - TimeSpan.FromHours(1));
        await CleanAsync(TimeSpan.Zero);
        Assert.Single((await _site.PageAsync(reception)).Rows);
        await AgeAsync(TimeSpan.FromHours(2));
        await CleanAsync(TimeSpan.Zero);
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => _site.PageAsync(reception))).StatusCode);
        Assert.Equal(0, await _town.Database.ReadAsync<long>("SELECT count(*) FROM appointment_result"));
        // The records stay.
        Assert.Equal(1, await _town.Database.ReadAsync<long>("SELECT count(*) FROM access_record"));

        Task AgeAsync(TimeSpan by) => _town.Database.ExecuteAsync(StoreRole.Owner, "UPDATE appointment_batch SET accepted_at = accepted_at - $1", by);
        Task CleanAsync(TimeSpan later) => _town.Database.ExecuteAsync(StoreRole.Gateway, "SELECT delete_old_appointments($1)", (TestTown.Now + later).UtcDateTime);
    }

    // DOMAIN 1.4: bulk results have LimitApplicationCertificateChanged in place of the limit block.
    [Fact]
    public async Task A_limit_is_never_shown_but_that_it_changed()
    {
        var (same, changed) = (await _town.AddCertifiedAsync(), await _town.AddCertifiedAsync());
        var day = TestTown.Today.AddDays(1);
        var month = day.AddDays(1 - day.Day);
        await _town.DeliverAsync(new()
        {
            Limits = [Limit(1, same, month.AddMonths(-2)), Limit(2, changed, month)],
        });
        var results = await _site.AskAsync(AppointmentDesk.Batch(AppointmentDesk.Row(same), AppointmentDesk.Row(changed)));
        Assert.All(results, result => Assert.Equal((null, LimitAbsence.NoConsent), (result.Answer.Limit, result.Answer.LimitAbsence)));
        Assert.Equal([false, true], results.Select(result => result.LimitChanged));

        static LimitEntry Limit(long id, TestPerson person, DateOnly from) => new(id, person.Id, person.CoverageId, "01", "A03", from, from, null, null);
    }
}
