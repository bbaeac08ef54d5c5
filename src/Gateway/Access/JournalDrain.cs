using System.Diagnostics;
using EligibilityGateway.Gateway.Access.Journal;
using EligibilityGateway.Gateway.Storage;
using MemoryPack;
using Npgsql;

namespace EligibilityGateway.Gateway.Access;

/// <summary>
/// Carries the journal into Postgres, oldest first, and says when the store is back: a write that was committed in time shows that,
/// and the first one does. To wait for an empty journal would keep a busy gateway in it for good, since each look-up adds to it
/// meanwhile.
/// </summary>
public sealed partial class JournalDrain(
    NpgsqlDataSource store, AccessJournal journal, JournalledEvents journalled, StoreHealth health, GatewaySettings settings, ILogger<JournalDrain> logger)
    : BackgroundService
{
    private const int BatchSize = 200;

    /// <summary>How often an absent store is tried: soon enough that an outage ends for the desk when it ends.</summary>
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>How often a failed disk is tried: each time a whole segment is written.</summary>
    private static readonly TimeSpan ResumeEvery = TimeSpan.FromSeconds(5);

    /// <summary>Nobody waits for a drain, so it may take longer than a look-up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(RetryEvery);
        var triedDisk = Stopwatch.GetTimestamp();
        do
        {
            if (journal.IsFailed && Stopwatch.GetElapsedTime(triedDisk) >= ResumeEvery)
            {
                journal.TryResume();
                triedDisk = Stopwatch.GetTimestamp();
            }
            if (journal.Pending.Entries == 0 && !health.IsAway) continue;
            try
            {
                await DrainAsync(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException && !stoppingToken.IsCancellationRequested)
            {
                health.Away(e);
            }
            catch (IOException e)
            {
                // What could not be read or marked is drained again.
                LogDisk(logger, e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Drains all there is; throws where the store is out of reach.</summary>
    public async Task DrainAsync(CancellationToken stop)
    {
        // The pool's others are broken too, and each would cost a look-up its proof.
        if (health.TakeConnectionsBroke()) store.Clear();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(Patience);
        await using var connection = await store.OpenConnectionAsync(deadline.Token);
        if (health.IsAway && journal.Pending.Entries == 0)
        {
            await ProbeAsync(connection, deadline.Token);
            health.Back();
        }
        var drained = 0;
        while (journal.ReadBatch(BatchSize) is { Count: > 0 } batch)
        {
            deadline.CancelAfter(Patience);
            var begun = Stopwatch.GetTimestamp();
            var entries = new List<Entry>(batch.Count);
            foreach (var item in batch)
                if (MemoryPackSerializer.Deserialize<Entry>(item.Content.Span) is { } entry) entries.Add(entry);
            await DrainStatement.ExecuteAsync(connection, entries, deadline.Token);
            if (Stopwatch.GetElapsedTime(begun) <= settings.StorePatience) health.Back();
            await journal.MarkDrainedAsync(batch[^1].Position, deadline.Token);
            foreach (var entry in entries) journalled.Remove(entry.Key);
            drained += entries.Count;
        }
        if (drained > 0) LogDrained(logger, drained);
    }

    /// <summary>Shows that Postgres can write and commit in time: a statement that touches nothing would not.</summary>
    private async Task ProbeAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var probe = new NpgsqlCommand("SELECT pg_logical_emit_message(true, 'eligibility', 'probe')", connection);
        await probe.ExecuteNonQueryAsync(cancellation).WaitAsync(settings.StorePatience, cancellation);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The journal's disk failed while it was drained: {Cause}")]
    private static partial void LogDisk(ILogger logger, string cause);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} journalled records are in Postgres now.")]
    private static partial void LogDrained(ILogger logger, int count);
}
