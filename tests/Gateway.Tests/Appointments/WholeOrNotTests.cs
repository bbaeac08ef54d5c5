using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Access;
using EligibilityGateway.Gateway.Tests.Storage;
using Google.Rpc;
using Grpc.Core;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Appointments;

/// <summary>A chunk is done whole and once, by whichever gateway, or it is as it was: under kill -9, at two gateways, amid changes.</summary>
public sealed class WholeOrNotTests(TestStores stores) : IAsyncLifetime
{
    private const int Rows = 1_100;
    private const int HeldAt = 501;
    private const int DoneBefore = 500;

    private TestTown _town = null!;
    private TestTerminal _terminal = null!;

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        _terminal = await _town.AddTerminalAsync(TerminalRole.Reception);
    }

    public async ValueTask DisposeAsync() => await _town.DisposeAsync();

    [Fact]
    public async Task What_a_killed_gateway_had_begun_another_does_and_nothing_is_done_twice()
    {
        var batch = await BatchAsync();
        string reception;
        await using (await HeldChunk.BeginAsync(_town.Database, HeldAt))
        {
            await using var killed = await GatewayProcess.StartAsync(_town.Settings("killed"));
            using (var site = new AppointmentDesk(killed.Address, _terminal)) reception = (await site.HandInAsync(batch)).ReceptionNumber;
            // Its third chunk is recorded and not committed.
            await HeldChunk.ReachedAsync(_town.Database);
            await killed.KillAsync();
            Assert.Equal(DoneBefore, await _town.Database.ReadAsync<long>("SELECT count(*) FROM access_record"));
            Assert.Equal(DoneBefore, await _town.Database.ReadAsync<long>("SELECT sum(rows) FROM appointment_result"));
        }
        await using var gateway = await _town.StartGatewayAsync(_town.Settings("other"));
        using var desk = new AppointmentDesk(gateway.Address, _terminal);
        await AssertDoneOnceAsync(batch, await desk.ResultsAsync(reception));
    }

    [Fact]
    public async Task While_one_gateway_is_held_at_a_chunk_the_other_does_the_rest()
    {
        await using var first = await _town.StartGatewayAsync(_town.Settings("first"));
        await using var second = await _town.StartGatewayAsync(_town.Settings("second"));
        using var site = new AppointmentDesk(first.Address, _terminal);
        using var elsewhere = new AppointmentDesk(second.Address, _terminal);
        var batch = await BatchAsync();
        string reception;
        await using (await HeldChunk.BeginAsync(_town.Database, HeldAt))
        {
            reception = (await site.HandInAsync(batch)).ReceptionNumber;
            await HeldChunk.ReachedAsync(_town.Database);
            using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            AppointmentProgress progress;
            do
            {
                progress = await elsewhere.ProgressAsync(reception);
                await look.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            }
            while (progress.Done < Rows - 250);
            Assert.False(progress.Finished);
            // Nothing of an unfinished batch.
            Assert.Empty((await elsewhere.PageAsync(reception)).Rows);
        }
        await AssertDoneOnceAsync(batch, await elsewhere.ResultsAsync(reception));
    }

    [Fact]
    public async Task A_gateway_whose_connection_is_cut_amid_a_chunk_does_it_anew()
    {
        await using var gateway = await _town.StartGatewayAsync();
        using var site = new AppointmentDesk(gateway.Address, _terminal);
        var batch = await BatchAsync();
        string reception;
        await using (await HeldChunk.BeginAsync(_town.Database, HeldAt))
        {
            reception = (await site.HandInAsync(batch)).ReceptionNumber;
            await HeldChunk.ReachedAsync(_town.Database);
            await _town.Database.ReadAsync<bool>("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
        }
        await AssertDoneOnceAsync(batch, await site.ResultsAsync(reception));
    }

    [Fact]
    public async Task Nobody_takes_a_chunk_away_without_its_results()
    {
        await using var thief = await _town.Database.OpenAsync(StoreRole.Gateway);
        var reception = await thief.ExecuteScalarAsync<long>(
            """
            INSERT INTO appointment_batch (reception_number, institution_code, batch_id, terminal_id, purpose, service_date, request_hash, seed, rows, accepted_at)
            VALUES (4711, '0110113719', gen_random_uuid(), @Id, 1, current_date, decode(repeat('00', 32), 'hex'), gen_random_uuid(), 1, now()) RETURNING reception_number
            """,
            new { _terminal.Id });
        await thief.ExecuteAsync("INSERT INTO appointment_chunk (reception_number, first_row, sealed) VALUES (@reception, 1, '')", new { reception });
        foreach (var take in (string[])["SELECT take_appointment_chunk('{}')", "BEGIN; SET CONSTRAINTS ALL DEFERRED; SELECT take_appointment_chunk('{}'); COMMIT"])
            Assert.Equal(PostgresErrorCodes.CheckViolation, (await Assert.ThrowsAsync<PostgresException>(() => thief.ExecuteAsync(take))).SqlState);
        Assert.Equal(1, await _town.Database.ReadAsync<long>("SELECT count(*) FROM appointment_chunk"));
    }

    [Fact]
    public async Task A_change_that_commits_after_a_row_was_decided_and_before_it_is_recorded_is_in_the_result()
    {
        await using var gateway = await _town.StartGatewayAsync();
        using var site = new AppointmentDesk(gateway.Address, _terminal);
        var (changed, same) = (await _town.AddCertifiedAsync(), await _town.AddCertifiedAsync());
        string reception;
        await using (var holder = await _town.Database.OpenAsync(StoreRole.Owner))
        {
            await using var transaction = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await holder.ExecuteAsync("LOCK TABLE access_record IN ACCESS EXCLUSIVE MODE");
            reception = (await site.HandInAsync(AppointmentDesk.Batch(AppointmentDesk.Row(changed), AppointmentDesk.Row(same), AppointmentDesk.Unknown(same)))).ReceptionNumber;
            await _town.Database.UntilSomebodyWaitsForALockAsync();
            await _town.DeliverAsync(new() { Coverages = [changed.Coverage(TestTown.Today.AddYears(-3), TestTown.Today.AddDays(-1))] });
            await transaction.CommitAsync(TestContext.Current.CancellationToken);
        }
        var results = await site.ResultsAsync(reception);
        Assert.Equal([Validity.Invalid, Validity.Valid, Validity.NotFound], results.Select(result => result.Answer.Validity));
        Assert.Equal(Reason.CoverageEnded, results[0].Answer.Remedy.Reason);
        Assert.All(results, result => Assert.True(result.Answer.Freshness.Proved));
        Assert.Equal(3, await _town.Database.ReadAsync<long>("SELECT count(*) FROM access_record"));
    }

    [Fact]
    public async Task What_caches_know_does_not_count()
    {
        await using var gateway = await _town.StartGatewayAsync();
        using var site = new AppointmentDesk(gateway.Address, _terminal);
        var person = await _town.AddCertifiedAsync();
        Assert.Equal(Validity.Valid, (await site.Desk.AskAsync(TestDesk.Typed(person))).Answer.Validity);
        await _town.DeliverAsync(new() { Coverages = [person.Coverage(TestTown.Today.AddYears(-3), TestTown.Today.AddDays(-1))] });
        Assert.Equal(Validity.Invalid, Assert.Single(await site.AskAsync(AppointmentDesk.Batch(AppointmentDesk.Row(person)))).Answer.Validity);
    }

    [Fact]
    public async Task The_rows_of_a_terminal_that_was_revoked_meanwhile_are_refused_and_recorded()
    {
        await using var gateway = await _town.StartGatewayAsync();
        using var colleague = new AppointmentDesk(gateway.Address, _terminal);
        var revoked = await _town.AddTerminalAsync(TerminalRole.Reception, name: "desk-2");
        var person = await _town.AddCertifiedAsync();
        string reception;
        await using (await HeldChunk.BeginAsync(_town.Database, firstRow: 1))
        {
            // The one loop is held at the first batch, and so the second waits.
            await colleague.HandInAsync(AppointmentDesk.Batch(AppointmentDesk.Row(person)));
            await HeldChunk.ReachedAsync(_town.Database);
            using (var site = new AppointmentDesk(gateway.Address, revoked)) reception = (await site.HandInAsync(AppointmentDesk.Batch(AppointmentDesk.Row(person)))).ReceptionNumber;
            await _town.Terminals.RevokeAsync(revoked.Id, TestTown.Now, TestContext.Current.CancellationToken);
        }
        var result = Assert.Single(await colleague.ResultsAsync(reception));
        Assert.Equal(Reason.TerminalRevoked, result.Refusal.Remedy.Reason);
        Assert.Equal((short)Reason.TerminalRevoked, await _town.Database.ReadAsync<short>("SELECT reason FROM access_record WHERE event_id = $1", Guid.Parse(result.Refusal.EventId)));
        Assert.Equal(1u, (await colleague.ProgressAsync(reception)).Failed);
    }

    [Fact]
    public async Task An_institution_has_five_batches_unfinished_at_most()
    {
        await using var gateway = await _town.StartGatewayAsync();
        using var site = new AppointmentDesk(gateway.Address, _terminal);
        var person = await _town.AddCertifiedAsync();
        var batches = Enumerable.Range(0, 6).Select(_ => AppointmentDesk.Batch(AppointmentDesk.Row(person))).ToList();
        var receptions = new List<string>();
        await using (await HeldChunk.BeginAsync(_town.Database, firstRow: 1))
        {
            foreach (var batch in batches.Take(5)) receptions.Add((await site.HandInAsync(batch)).ReceptionNumber);
            var refused = await site.RefusedAsync(batches[5]);
            Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
            Assert.NotNull(refused.GetRpcStatus()!.GetDetail<RetryInfo>());
            // One that was taken stays taken; another institution is not held up.
            Assert.Equal(receptions[0], (await site.HandInAsync(batches[0])).ReceptionNumber);
            using var other = new AppointmentDesk(gateway.Address, await _town.AddTerminalAsync(TerminalRole.Reception, institution: "131234567" + Luhn.CheckDigit("131234567")));
            await other.HandInAsync(AppointmentDesk.Batch(AppointmentDesk.Row(person)));
        }
        foreach (var reception in receptions) Assert.Single(await site.ResultsAsync(reception));
        Assert.Single(await site.AskAsync(batches[5]));
    }

    [Fact]
    public async Task Nor_more_where_many_are_handed_in_at_once()
    {
        await using var one = await _town.StartGatewayAsync(_town.Settings("one"));
        await using var other = await _town.StartGatewayAsync(_town.Settings("other"));
        using var site = new AppointmentDesk(one.Address, _terminal);
        using var elsewhere = new AppointmentDesk(other.Address, _terminal);
        var person = await _town.AddCertifiedAsync();
        await using var held = await HeldChunk.BeginAsync(_town.Database, firstRow: 1);
        var handedIn = await Task.WhenAll(Enumerable.Range(0, 30).Select(async batch =>
        {
            try
            {
                return (await (batch % 2 == 0 ? site : elsewhere).HandInAsync(AppointmentDesk.Batch(AppointmentDesk.Row(person)))).ReceptionNumber;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted)
            {
                return null;
            }
        }));
        Assert.Equal(5, handedIn.Count(reception => reception is not null));
        Assert.Equal(5L, await _town.Database.ReadAsync<long>("SELECT count(*) FROM appointment_batch"));
    }

    [Fact]
    public async Task Chunks_that_are_done_at_once_have_no_more_misses_than_one_after_the_other()
    {
        const int Budget = 10;
        var (since, cancellation) = (TestTown.Now.AddHours(-1).UtcDateTime, TestContext.Current.CancellationToken);
        await using var connection = await _town.Database.OpenAsync(StoreRole.Gateway);
        // The budget is set aside for the first two; a third has to wait for what they find, another institution's does not.
        Assert.Equal(6, await ReserveAsync(1, rows: 6));
        Assert.Equal(4, await ReserveAsync(2, rows: 4));
        Assert.Null(await ReserveAsync(3, rows: 1));
        Assert.Equal(10, await ReserveAsync(4, rows: 500, institution: "1310000011"));
        // A chunk that came back is counted once.
        Assert.Equal(6, await ReserveAsync(1, rows: 6));
        // Of a gateway that was killed nothing stays set aside.
        await _town.Database.ExecuteAsync(StoreRole.Owner, "UPDATE appointment_reservation SET until = now() - interval '1 second' WHERE reception_number = 1");
        Assert.Equal(1, await ReserveAsync(3, rows: 1));

        async Task<int?> ReserveAsync(long reception, int rows, string institution = "0110113719") => await connection.ExecuteScalarAsync<int?>(new CommandDefinition(
            "SELECT reserve_appointment_misses(@reception, 1, @institution, @rows, @budget, @since)",
            new { reception, institution, rows, budget = Budget, since }, cancellationToken: cancellation));
    }

    [Fact]
    public async Task Who_guesses_numbers_in_bulk_is_refused_the_rows_that_follow()
    {
        const int Budget = 5;
        await using var gateway = await _town.StartGatewayAsync(_town.Settings() with { AppointmentMissBudget = Budget });
        using var site = new AppointmentDesk(gateway.Address, _terminal);
        var person = await _town.AddCertifiedAsync();
        var guesses = Enumerable.Range(0, Budget + 2).Select(guess => AppointmentDesk.Unknown(person, guess));
        var results = await site.AskAsync(AppointmentDesk.Batch([AppointmentDesk.Row(person), .. guesses, AppointmentDesk.Row(person)]));
        Assert.Equal(Validity.Valid, results[0].Answer.Validity);
        Assert.All(results.Skip(1).Take(Budget), result => Assert.Equal(Reason.NotFound, result.Answer.Remedy.Reason));
        Assert.All(results.Skip(1 + Budget), result => Assert.Equal(Reason.TooManyMisses, result.Refusal.Remedy.Reason));
        Assert.Equal(results.Count, await _town.Database.ReadAsync<long>("SELECT count(*) FROM access_record"));
        // The next batch too, but not the desk, nor another institution.
        Assert.Equal(Reason.TooManyMisses, Assert.Single(await site.AskAsync(AppointmentDesk.Batch(AppointmentDesk.Row(person)))).Refusal.Remedy.Reason);
        Assert.Equal(Validity.Valid, (await site.Desk.AskAsync(TestDesk.Typed(person))).Answer.Validity);
        using var other = new AppointmentDesk(gateway.Address, await _town.AddTerminalAsync(TerminalRole.Reception, institution: "131234567" + Luhn.CheckDigit("131234567")));
        Assert.Equal(Validity.Valid, Assert.Single(await other.AskAsync(AppointmentDesk.Batch(AppointmentDesk.Row(person)))).Answer.Validity);
    }

    private async Task<AppointmentBatch> BatchAsync()
    {
        var people = new List<TestPerson>();
        for (var i = 0; i < 5; i++) people.Add(await _town.AddCertifiedAsync());
        return AppointmentDesk.Batch(Enumerable.Range(0, Rows).Select(row => AppointmentDesk.Row(people[row % people.Count], $"{row}")));
    }

    /// <summary>Each row has one result, of its own person, and one record.</summary>
    private async Task AssertDoneOnceAsync(AppointmentBatch batch, List<AppointmentResult> results)
    {
        Assert.Equal(batch.Rows.Select(row => row.RowId), results.Select(result => result.RowId));
        Assert.Equal(batch.Rows.Select(row => row.Document.Number), results.Select(result => Assert.Single(result.Answer.Coverages).Number));
        await using var connection = await _town.Database.OpenAsSuperuserAsync();
        var recorded = (await connection.QueryAsync<Guid>("SELECT event_id FROM access_record")).Order().ToList();
        Assert.Equal(results.Select(result => Guid.Parse(result.Answer.EventId)).Order(), recorded);
        Assert.Equal(Rows, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM access_queue"));
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM appointment_chunk"));
    }
}
