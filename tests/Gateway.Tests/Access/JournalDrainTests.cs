using EligibilityGateway.Gateway.Access;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Access.Journal;
using EligibilityGateway.Gateway.Tests.Doubt;
using EligibilityGateway.Gateway.Tests.Silence;
using EligibilityGateway.Gateway.Tests.Storage;
using MemoryPack;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EligibilityGateway.Gateway.Tests.Access;

/// <summary>From the journal to the table, and who says when the store is back.</summary>
public sealed class JournalDrainTests(ClassDatabase fixture) : IClassFixture<ClassDatabase>, IDisposable
{
    /// <summary>More than one batch of the drain.</summary>
    private const int Entries = 250;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly TestDatabase _database = fixture.Database;
    private readonly JournalFolderFixture _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_store_is_back_however_much_the_journal_still_holds()
    {
        var (link, connectionString) = FaultyLink.ToPostgres(_database.ConnectionString(StoreRole.Gateway));
        await using var _ = link;
        await using var store = new StoreUnderTest(connectionString);
        await using var journal = _folder.Open(_folder.Options(segments: 16));
        var terminal = await _database.AddTerminalAsync();
        var entries = Enumerable.Range(0, Entries).Select(_ => TestEntries.New(terminal)).ToArray();
        foreach (var entry in entries) Assert.True((await journal.AppendAsync(MemoryPackSerializer.Serialize(entry), emergency: false, Cancellation)).IsDurable);
        await link.RefuseAsync();
        Assert.True(await store.Health.LookAsync());
        link.Heal();
        using var watch = new StoreWatch(store.Health);
        using var drain = new JournalDrain(store.Pools, journal, new JournalledEvents(), TestEntries.Macs, store.Health, NullLogger<JournalDrain>.Instance);

        // Somebody is about to record an event: the batch that holds it has to wait for that.
        await using var other = await _database.OpenAsync(StoreRole.Gateway);
        await using var transaction = await other.BeginTransactionAsync(Cancellation);
        await DrainStatement.ExecuteAsync(other, [entries[^1]], TestEntries.Macs, Cancellation);
        await watch.StartAsync(Cancellation);
        await drain.StartAsync(Cancellation);
        await UntilAsync(() => !store.Health.IsAway);
        Assert.True(journal.Pending.Entries > 0);

        await transaction.RollbackAsync(Cancellation);
        await UntilAsync(() => journal.Pending.Entries == 0);
        Assert.Equal(Entries, await _database.ReadAsync<long>("SELECT count(*) FROM access_record WHERE terminal_id = $1", terminal));
        await watch.StopAsync(Cancellation);
        await drain.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_terminal_that_the_register_lost_keeps_its_records_in_the_journal_until_it_is_there_again()
    {
        await using var store = new StoreUnderTest(_database.ConnectionString(StoreRole.Gateway));
        await using var journal = _folder.Open(_folder.Options(segments: 16));
        var (known, lost) = (await _database.AddTerminalAsync(), Guid.NewGuid());
        foreach (var terminal in (Guid[])[known, lost, known])
            Assert.True((await journal.AppendAsync(MemoryPackSerializer.Serialize(TestEntries.New(terminal)), emergency: false, Cancellation)).IsDurable);
        var told = new CapturedLog();
        using var log = LoggerFactory.Create(logging => logging.AddProvider(told));
        using var drain = new JournalDrain(store.Pools, journal, new JournalledEvents(), TestEntries.Macs, store.Health, log.CreateLogger<JournalDrain>());
        // Another record was refused before. This one being bad must not keep the gateway in doubt.
        store.Health.Refuses(new TimeoutException());

        await drain.StartAsync(Cancellation);
        await UntilAsync(() => told.Text.Contains($"the terminal {lost} of one of its records is not in the register", StringComparison.Ordinal));
        Assert.False(store.Health.IsRefusing);
        Assert.Equal(3, journal.Pending.Entries);

        await _database.ExecuteAsync(StoreRole.Operator, KnownFacts.RegisterTerminal, lost);
        await UntilAsync(() => journal.Pending.Entries == 0);
        Assert.Equal(3, await _database.ReadAsync<long>("SELECT count(*) FROM access_record WHERE terminal_id = ANY ($1) AND mac IS NOT NULL", new[] { known, lost }));
        await drain.StopAsync(Cancellation);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        using var limit = new CancellationTokenSource(Deadline);
        while (!holds()) await look.WaitForNextTickAsync(limit.Token);
    }
}
