using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Access;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Access;

/// <summary>Promise P2 at its statement: what was decided on versions that are no longer the present ones is not recorded.</summary>
public sealed class RecordStatementTests(ClassDatabase fixture) : IClassFixture<ClassDatabase>, IAsyncLifetime
{
    private static long _lastPerson;

    private readonly TestDatabase _database = fixture.Database;
    private Guid _terminal;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _terminal = await _database.AddTerminalAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Of_two_gateways_that_know_versions_of_any_age_only_those_at_the_present_one_record(int seed)
    {
        var random = new Random(seed);
        var person = await NewPersonAsync();
        var version = await _database.PersonVersionAsync(person);
        long[] known = [version, version];
        await using var first = await _database.OpenAsync(StoreRole.Gateway);
        await using var second = await _database.OpenAsync(StoreRole.Gateway);
        NpgsqlConnection[] connections = [first, second];
        using var firstStatement = new RecordStatement(TestEntries.Macs);
        using var secondStatement = new RecordStatement(TestEntries.Macs);
        RecordStatement[] statements = [firstStatement, secondStatement];

        for (int step = 0, revision = 1; step < 60; step++)
        {
            var gateway = random.Next(2);
            switch (random.Next(4))
            {
                case 0:
                    await _database.AddDetailAsync(person, revision++, new DateOnly(1980, 1, 1));
                    version = await _database.PersonVersionAsync(person);
                    break;
                case 1:
                    known[gateway] = version;
                    break;
                default:
                    var entry = NewEntry(new ReliedUpon(1, person, known[gateway], null, 0, null, 0));
                    var (inserted, _) = await statements[gateway].ExecuteAsync(connections[gateway], [entry], Cancellation);
                    Assert.Equal(known[gateway] == version, inserted.Contains(new Guid(entry.Salt)));
                    Assert.Equal(known[gateway] == version ? 1 : 0, await CountAsync(entry));
                    break;
            }
        }
    }

    [Fact]
    public async Task Absence_is_version_0_until_the_card_or_the_number_is_there()
    {
        var person = await NewPersonAsync();
        await _database.AddInsurerAsync();
        var number = person.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var document = await _database.ReadAsync<Guid>("SELECT document_key_of($1, 'S', $2)", KnownFacts.Insurer, number);
        var noCard = new ReliedUpon(1, null, 0, Guid.NewGuid(), 0, null, 0);
        var noDocument = new ReliedUpon(1, null, 0, null, 0, document, 0);
        Assert.True(await IsRecordedAsync(NewEntry(noCard)));
        Assert.False(await IsRecordedAsync(NewEntry(noCard with { CardVersion = 1 })));
        Assert.True(await IsRecordedAsync(NewEntry(noDocument)));

        await _database.AddCoverageAsync((int)person, 0, person, number);
        Assert.False(await IsRecordedAsync(NewEntry(noDocument)));
        Assert.True(await IsRecordedAsync(NewEntry(noDocument with { DocumentVersion = await _database.DocumentVersionAsync(number) })));

        var card = await _database.AddCardAsync(person);
        Assert.False(await IsRecordedAsync(NewEntry(noCard with { CardKey = card })));
        Assert.True(await IsRecordedAsync(NewEntry(noCard with { CardKey = card, CardVersion = await _database.CardVersionAsync(card) })));
    }

    [Fact]
    public async Task A_terminal_that_nobody_registered_records_nothing()
    {
        Assert.False(await IsRecordedAsync(TestEntries.New(Guid.NewGuid(), OfTerminal with { TerminalVersion = 0 })));
        Assert.False(await IsRecordedAsync(TestEntries.New(Guid.NewGuid(), OfTerminal)));
        Assert.True(await IsRecordedAsync(NewEntry(OfTerminal)));
    }

    [Fact]
    public async Task A_record_carries_its_mac_and_none_without_is_taken()
    {
        var entry = NewEntry(OfTerminal);
        Assert.True(await IsRecordedAsync(entry));
        var mac = await _database.ReadAsync<byte[]>("SELECT mac FROM access_record WHERE event_id = $1", entry.EventId);
        Assert.Equal(RecordMacState.Right, TestEntries.Macs.Check(entry.Salt, entry.Canonical, mac));

        foreach (var given in (string[])["NULL::bytea", "'\x0102'::bytea"])
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => _database.ExecuteAsync(
                StoreRole.Gateway,
                $$"""
                SELECT record_look_ups(ARRAY[$1::uuid], ARRAY[$2::uuid], '{NULL}', '{0}', '{NULL}', '{0}', '{NULL}', '{0}', '{1}', '{1}', '{0}',
                    ARRAY[decode(repeat('00', 32), 'hex')], ARRAY['\x01'::bytea], ARRAY[decode(repeat('00', 16), 'hex')], ARRAY[{{given}}], '{NULL}', '{false}', ARRAY[now()])
                """,
                EventId.New(TimeProvider.System).Value,
                _terminal));
            Assert.Equal(PostgresErrorCodes.CheckViolation, refused.SqlState);
        }
    }

    [Fact]
    public async Task One_bad_record_fails_alone_in_its_group()
    {
        var entries = Enumerable.Range(0, 7).Select(_ => NewEntry(OfTerminal)).ToArray();
        // A hash of 31 bytes breaks a constraint of the table.
        entries[4] = entries[4] with { RequestHash = new byte[31] };
        var waiting = new RecordQueue();
        var pending = entries.Select(entry => new PendingRecord(entry, default, isEmergency: false)).ToArray();
        foreach (var one in pending) Assert.True(waiting.TryAdd(one));
        await using var store = new StoreUnderTest(_database.ConnectionString(StoreRole.Gateway));
        using var writer = new GroupWriter(waiting, store.Pools.Records, TestEntries.Macs, store.Health, store.Waits, NullLogger.Instance);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var writing = writer.RunAsync(stop.Token);

        for (var i = 0; i < pending.Length; i++)
        {
            Assert.Equal(i == 4 ? RecordState.Failed : RecordState.Recorded, (await pending[i].Outcome).State);
            Assert.Equal(i == 4 ? 0 : 1, await CountAsync(entries[i]));
        }
        await stop.CancelAsync();
        await writing;
    }

    private static ReliedUpon OfTerminal => new(1, null, 0, null, 0, null, 0);

    private async Task<long> NewPersonAsync()
    {
        var person = Interlocked.Increment(ref _lastPerson);
        await _database.AddPersonAsync(person);
        return person;
    }

    private async Task<bool> IsRecordedAsync(Entry entry)
    {
        await using var connection = await _database.OpenAsync(StoreRole.Gateway);
        using var statement = new RecordStatement(TestEntries.Macs);
        return (await statement.ExecuteAsync(connection, [entry], Cancellation)).Recorded.Contains(new Guid(entry.Salt));
    }

    private Task<long> CountAsync(Entry entry) => _database.ReadAsync<long>("SELECT count(*) FROM access_record WHERE event_id = $1", entry.EventId);

    private Entry NewEntry(ReliedUpon reliedUpon) => TestEntries.New(_terminal, reliedUpon);
}
