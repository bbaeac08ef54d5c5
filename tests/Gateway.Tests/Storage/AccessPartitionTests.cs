using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Storage;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Storage;

public sealed class AccessPartitionTests(TestStores stores) : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 10, 15, 0, 30, 0, TimeSpan.Zero);

    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await stores.CreateDatabaseAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task This_and_the_next_month_have_a_partition_and_so_have_the_hours_of_the_resend_window()
    {
        await EnsureAsync(Now);

        Assert.Equal(["access_record_202610", "access_record_202611", "access_record_default"], await PartitionsAsync("access_record"));
        Assert.Equal(
            ["event_answer_2026101423", "event_answer_2026101500", "event_answer_2026101501", "event_answer_2026101502", "event_answer_default"],
            await PartitionsAsync("event_answer"));
    }

    [Fact]
    public async Task Months_are_those_of_universal_time_whatever_the_sessions_zone()
    {
        await using var connection = await _database.OpenAsync(StoreRole.Gateway);
        await using (var zone = new NpgsqlCommand("SET timezone = 'Asia/Tokyo'", connection)) await zone.ExecuteNonQueryAsync(Cancellation);
        // 1 November in Japan, 31 October by universal time.
        await using var ensure = new NpgsqlCommand("SELECT ensure_access_partitions('2026-10-31 20:00:00+00')", connection);
        await ensure.ExecuteNonQueryAsync(Cancellation);

        Assert.Contains("access_record_202610", await PartitionsAsync("access_record"));
        await InsertRecordAsync(new DateTimeOffset(2026, 10, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.Equal(1, await CountAsync("access_record_202610"));
    }

    [Fact]
    public async Task Ensuring_again_changes_nothing()
    {
        await EnsureAsync(Now);
        string[] before = [.. await PartitionsAsync("access_record"), .. await PartitionsAsync("event_answer")];
        await EnsureAsync(Now);
        string[] after = [.. await PartitionsAsync("access_record"), .. await PartitionsAsync("event_answer")];
        Assert.Equal(before, after);
    }

    [Fact]
    public async Task A_record_goes_to_its_month_and_one_of_a_month_without_partition_is_not_lost()
    {
        await EnsureAsync(Now);
        await InsertRecordAsync(Now);
        await InsertRecordAsync(Now.AddMonths(1));
        await InsertRecordAsync(Now.AddMonths(2));
        await InsertRecordAsync(Now.AddMonths(-1));

        Assert.Equal(1, await CountAsync("access_record_202610"));
        Assert.Equal(1, await CountAsync("access_record_202611"));
        Assert.Equal(2, await CountAsync("access_record_default"));
        Assert.Equal(4, await CountAsync("access_record"));
    }

    [Fact]
    public async Task Records_that_came_before_their_partition_move_into_it()
    {
        var first = await InsertRecordAsync(Now);
        await InsertRecordAsync(Now.AddMonths(5));

        await EnsureAsync(Now);

        Assert.Equal(1, await CountAsync("access_record_202610"));
        Assert.Equal(1, await CountAsync("access_record_default"));
        // Still unique, still one of the log.
        Assert.Equal(first, await _database.ReadAsync<Guid>("SELECT event_id FROM access_record WHERE event_time = $1", Now.UtcDateTime));
        Assert.Equal(0, await InsertRecordAgainAsync(first, Now));
    }

    [Fact]
    public async Task The_same_event_is_recorded_once()
    {
        await EnsureAsync(Now);
        var id = await InsertRecordAsync(Now);
        Assert.Equal(0, await InsertRecordAgainAsync(id, Now));
        Assert.Equal(1, await CountAsync("access_record"));
    }

    [Fact]
    public async Task A_record_whose_time_is_not_its_ids_is_refused()
    {
        await EnsureAsync(Now);
        var id = IdAt(Now);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => InsertRecordAgainAsync(id, Now.AddMilliseconds(1)));
        Assert.Equal(PostgresErrorCodes.CheckViolation, refused.SqlState);
    }

    [Fact]
    public async Task Answers_are_dropped_an_hour_after_their_hour_and_records_never()
    {
        await EnsureAsync(Now);
        var (record, answer) = (await InsertRecordAsync(Now), await InsertAnswerAsync(Now));

        await EnsureAsync(Now.AddHours(1));
        Assert.Equal(answer, await _database.ReadAsync<Guid>("SELECT event_id FROM event_answer"));

        await EnsureAsync(Now.AddHours(2));
        Assert.Equal(0, await CountAsync("event_answer"));
        Assert.DoesNotContain("event_answer_2026101500", await PartitionsAsync("event_answer"));
        Assert.Equal(record, await _database.ReadAsync<Guid>("SELECT event_id FROM access_record"));
    }

    [Fact]
    public async Task Answers_in_the_default_partition_go_too()
    {
        await EnsureAsync(Now);
        await InsertAnswerAsync(Now.AddHours(-5));
        Assert.Equal(1, await CountAsync("event_answer_default"));
        await EnsureAsync(Now);
        Assert.Equal(0, await CountAsync("event_answer_default"));
    }

    [Fact]
    public async Task A_backup_that_reads_old_answers_only_puts_off_their_end()
    {
        await EnsureAsync(Now);
        await InsertAnswerAsync(Now);
        await using var backup = await _database.OpenAsSuperuserAsync();
        await using (var transaction = await backup.BeginTransactionAsync(Cancellation))
        {
            await using var read = new NpgsqlCommand("SELECT * FROM event_answer_2026101500", backup);
            await read.ExecuteNonQueryAsync(Cancellation);
            await EnsureAsync(Now.AddHours(2));
            Assert.Equal(1, await CountAsync("event_answer_2026101500"));
        }
        await EnsureAsync(Now.AddHours(2));
        Assert.Equal(0, await CountAsync("event_answer"));
    }

    [Fact]
    public async Task A_clock_a_year_ahead_drops_no_answer_and_makes_no_partition_of_its_time()
    {
        var now = TimeProvider.System.GetUtcNow();
        await EnsureAsync(now);
        await InsertAnswerAsync(now);
        await EnsureAsync(now.AddYears(1));
        Assert.Equal(1, await CountAsync("event_answer"));
        Assert.DoesNotContain($"access_record_{now.AddYears(1):yyyyMM}", await PartitionsAsync("access_record"));
        Assert.DoesNotContain($"event_answer_{now.AddYears(1):yyyyMMddHH}", await PartitionsAsync("event_answer"));
    }

    [Fact]
    public async Task Gateways_that_ensure_at_once_do_not_get_in_each_others_way()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => EnsureAsync(Now)));
        Assert.Equal(3, (await PartitionsAsync("access_record")).Length);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Guid IdAt(DateTimeOffset time) => EventId.New(new FakeTimeProvider(time)).Value;

    private Task EnsureAsync(DateTimeOffset time) =>
        _database.ExecuteAsync(StoreRole.Gateway, "SELECT ensure_access_partitions($1)", time.UtcDateTime);

    private async Task<Guid> InsertRecordAsync(DateTimeOffset time)
    {
        var id = IdAt(time);
        Assert.Equal(1, await InsertRecordAgainAsync(id, time));
        return id;
    }

    private Task<int> InsertRecordAgainAsync(Guid id, DateTimeOffset time) =>
        _database.ExecuteAsync(
            StoreRole.Owner,
            "INSERT INTO access_record (event_id, terminal_id, event_time, validity, reason, request_hash, canonical, salt) VALUES ($1, $2, $3, 1, 0, $4, '', $5) ON CONFLICT DO NOTHING",
            id, Guid.Empty, time.UtcDateTime, new byte[32], new byte[16]);

    private async Task<Guid> InsertAnswerAsync(DateTimeOffset time)
    {
        var id = IdAt(time);
        await _database.ExecuteAsync(
            StoreRole.Owner,
            "INSERT INTO event_answer (event_id, terminal_id, event_time, answer) VALUES ($1, $2, $3, '')", id, Guid.Empty, time.UtcDateTime);
        return id;
    }

    private Task<long> CountAsync(string table) => _database.ReadAsync<long>($"SELECT count(*) FROM {table}");

    private Task<string[]> PartitionsAsync(string table) =>
        _database.ReadAsync<string[]>(
            "SELECT array_agg(c.relname::text ORDER BY c.relname) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = $1::regclass", table);
}
