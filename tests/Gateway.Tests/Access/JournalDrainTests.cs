using System.Security.Cryptography;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Access;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Access.Journal;
using MemoryPack;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Access;

/// <summary>From the journal to the table, and who says when the store is back.</summary>
public sealed class JournalDrainTests(ClassDatabase fixture) : IClassFixture<ClassDatabase>, IDisposable
{
    /// <summary>More than one batch of the drain.</summary>
    private const int Entries = 250;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly TestDatabase _database = fixture.Database;
    private readonly JournalFolderFixture _folder = new();

    /// <summary>A drain reads the patience alone.</summary>
    private static readonly GatewaySettings Settings = new()
    {
        Listen = "",
        Certificate = "",
        CertificateKey = "",
        TerminalAuthorities = "",
        CardAuthorities = "",
        RevocationLists = "",
        Postgres = "",
        Redis = "",
        Keys = "",
        Journal = "",
        StorePatience = Deadline,
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_store_is_back_with_the_first_write_in_time_however_much_the_journal_still_holds()
    {
        await using var store = NpgsqlDataSource.Create(_database.ConnectionString(StoreRole.Gateway));
        await using var journal = _folder.Open(_folder.Options(segments: 16));
        var entries = Enumerable.Range(0, Entries).Select(_ => NewEntry()).ToArray();
        foreach (var entry in entries) Assert.True((await journal.AppendAsync(MemoryPackSerializer.Serialize(entry), emergency: false, Cancellation)).IsDurable);
        var health = new StoreHealth();
        health.Away(new TimeoutException());
        using var drain = new JournalDrain(store, journal, new JournalledEvents(), health, Settings, NullLogger<JournalDrain>.Instance);

        // Somebody is about to record the last event: the batch that holds it has to wait for that.
        await using var other = await _database.OpenAsync(StoreRole.Gateway);
        await using var transaction = await other.BeginTransactionAsync(Cancellation);
        await DrainStatement.ExecuteAsync(other, [entries[^1]], Cancellation);
        var draining = drain.DrainAsync(Cancellation);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        using var limit = new CancellationTokenSource(Deadline);
        while (health.IsAway) await look.WaitForNextTickAsync(limit.Token);
        Assert.False(draining.IsCompleted);
        Assert.True(journal.Pending.Entries > 0);

        await transaction.RollbackAsync(Cancellation);
        await draining;
        Assert.Equal(0, journal.Pending.Entries);
        Assert.Equal(Entries, await _database.ReadAsync<long>("SELECT count(*) FROM access_record"));
    }

    private static Entry NewEntry() => new(
        EventId.New(TimeProvider.System).Value, Guid.NewGuid(), PersonId: null, 1, 0, new byte[32], [1], RandomNumberGenerator.GetBytes(16), [2],
        default, RegistersCard: false, TimeProvider.System.GetUtcNow());
}
