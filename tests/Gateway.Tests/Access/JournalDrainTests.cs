using System.Security.Cryptography;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Access;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Access.Journal;
using EligibilityGateway.Gateway.Tests.Doubt;
using MemoryPack;
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
        var entries = Enumerable.Range(0, Entries).Select(_ => NewEntry()).ToArray();
        foreach (var entry in entries) Assert.True((await journal.AppendAsync(MemoryPackSerializer.Serialize(entry), emergency: false, Cancellation)).IsDurable);
        await link.RefuseAsync();
        Assert.True(await store.Health.LookAsync());
        link.Heal();
        using var watch = new StoreWatch(store.Health);
        using var drain = new JournalDrain(store.Pools, journal, new JournalledEvents(), store.Health, NullLogger<JournalDrain>.Instance);

        // Somebody is about to record an event: the batch that holds it has to wait for that.
        await using var other = await _database.OpenAsync(StoreRole.Gateway);
        await using var transaction = await other.BeginTransactionAsync(Cancellation);
        await DrainStatement.ExecuteAsync(other, [entries[^1]], Cancellation);
        await watch.StartAsync(Cancellation);
        await drain.StartAsync(Cancellation);
        await UntilAsync(() => !store.Health.IsAway);
        Assert.True(journal.Pending.Entries > 0);

        await transaction.RollbackAsync(Cancellation);
        await UntilAsync(() => journal.Pending.Entries == 0);
        Assert.Equal(Entries, await _database.ReadAsync<long>("SELECT count(*) FROM access_record"));
        await watch.StopAsync(Cancellation);
        await drain.StopAsync(Cancellation);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        using var limit = new CancellationTokenSource(Deadline);
        while (!holds()) await look.WaitForNextTickAsync(limit.Token);
    }

    private static Entry NewEntry() => new(
        EventId.New(TimeProvider.System).Value, Guid.NewGuid(), PersonId: null, 1, 0, new byte[32], [1], RandomNumberGenerator.GetBytes(16), [2],
        default, RegistersCard: false, TimeProvider.System.GetUtcNow());
}
