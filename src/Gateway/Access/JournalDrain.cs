using System.Diagnostics;
using EligibilityGateway.Gateway.Access.Journal;
using EligibilityGateway.Gateway.Storage;
using MemoryPack;

namespace EligibilityGateway.Gateway.Access;

/// <summary>
/// Carries the journal into Postgres, oldest first, from when that is back. A store that refused records is tried all the while: the
/// first record that it takes ends that outage.
/// </summary>
public sealed partial class JournalDrain(
    StorePools pools, AccessJournal journal, JournalledEvents journalled, RecordMacs macs, StoreHealth health, ILogger<JournalDrain> logger) : BackgroundService
{
    private const int BatchSize = 200;

    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>How often a failed disk is tried: each time a whole segment is written.</summary>
    private static readonly TimeSpan ResumeEvery = TimeSpan.FromSeconds(5);

    /// <summary>Of one batch. Nobody waits for a drain, so it may take longer than a look-up.</summary>
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    /// <summary>How often a journal that Postgres will not take is told of.</summary>
    private static readonly TimeSpan TellEvery = TimeSpan.FromMinutes(1);

    private long _told;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(RetryEvery);
        var triedDisk = Stopwatch.GetTimestamp();
        do
        {
            try
            {
                if (journal.IsFailed && Stopwatch.GetElapsedTime(triedDisk) >= ResumeEvery)
                {
                    journal.TryResume();
                    triedDisk = Stopwatch.GetTimestamp();
                }
                await StepAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (IOException e)
            {
                // What could not be read or marked is drained again.
                LogDisk(logger, e.Message);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Whatever it is, the gateway goes on, and so does its drain.
                await ConsiderAsync(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Drains what there is, where Postgres is in reach.</summary>
    public async Task StepAsync(CancellationToken stop)
    {
        if (health is { IsAway: true, IsRefusing: false }) return;
        if (journal.Pending.Entries > 0) await DrainAsync(stop);
        else if (health.IsRefusing) await TryToRecordAsync();
    }

    /// <summary>Drains all there is; throws where the store is out of reach.</summary>
    private async Task DrainAsync(CancellationToken stop)
    {
        var drained = 0;
        while (!stop.IsCancellationRequested && journal.ReadBatch(BatchSize) is { Count: > 0 } batch)
        {
            var entries = new List<Entry>(batch.Count);
            foreach (var item in batch)
                if (MemoryPackSerializer.Deserialize<Entry>(item.Content.Span) is { } entry) entries.Add(entry);
            await RecordAsync(entries);
            health.Back();
            await journal.MarkDrainedAsync(batch[^1].Position, stop);
            foreach (var entry in entries) journalled.Remove(entry.Key);
            drained += entries.Count;
        }
        if (drained > 0) LogDrained(logger, drained);
    }

    private async Task RecordAsync(List<Entry> entries)
    {
        try
        {
            await pools.Records.AskAsync(Within, async (connection, token) =>
            {
                await DurableSession.EnsureAsync(connection, token);
                await DrainStatement.ExecuteAsync(connection, entries, macs, token);
                return true;
            });
        }
        catch (Exception e) when (health.IsRefusing && (e is UnregisteredTerminalException || StoreFaults.Of(e) == StoreFault.AboutTheData))
        {
            // These records are at fault; whether the store takes others is another question.
            await TryToRecordAsync();
            throw;
        }
    }

    /// <summary>A store that refused records takes one of none where its rights and tables are as they must be.</summary>
    private async Task TryToRecordAsync()
    {
        await using var session = new WriteSession(pools.Records, macs, health.Generation);
        using var deadline = new StoreDeadline(Within);
        await session.WriteAsync([], deadline);
        health.Back();
    }

    private async Task ConsiderAsync(Exception e)
    {
        switch (StoreFaults.Of(e))
        {
            case StoreFault.Refused:
                health.Refuses(e);
                break;
            case StoreFault.Slow or StoreFault.ConnectionGone:
                await health.LookAsync();
                return;
        }
        if (_told != 0 && Stopwatch.GetElapsedTime(_told) < TellEvery) return;
        _told = Stopwatch.GetTimestamp();
        if (e is UnregisteredTerminalException { Terminal: var terminal }) LogUnregistered(logger, terminal);
        else LogStuck(logger, StoreFaults.KindOf(e));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The journal's disk failed while it was drained: {Cause}")]
    private static partial void LogDisk(ILogger logger, string cause);

    [LoggerMessage(Level = LogLevel.Error, Message = "Postgres does not take what is journalled ({Kind}); it stays in the journal and is tried again.")]
    private static partial void LogStuck(ILogger logger, string kind);

    [LoggerMessage(Level = LogLevel.Error, Message = "What is journalled can't be drained: the terminal {Terminal} of one of its records is not in the register. Is this the database that it was journalled beside? Register the terminal again; all of it stays in the journal until then.")]
    private static partial void LogUnregistered(ILogger logger, Guid terminal);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} journalled records are in Postgres now.")]
    private static partial void LogDrained(ILogger logger, int count);
}
