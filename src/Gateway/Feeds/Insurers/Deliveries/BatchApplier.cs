using EligibilityGateway.Gateway.Feeds.Insurers.Batches;
using Npgsql;

namespace EligibilityGateway.Gateway.Feeds.Insurers.Deliveries;

/// <summary>
/// Brings accepted batches into force in the background: those of this gateway at once, and those that a crash or another gateway left.
/// One that is held is tried again, since nobody tells when it was mended.
/// </summary>
internal sealed partial class BatchApplier(InsurerBatches batches, TimeProvider clock, ILogger<BatchApplier> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TryHeldEvery = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _accepted = new(0);

    /// <summary>A batch was accepted.</summary>
    public void Wake() => _accepted.Release();

    public override void Dispose()
    {
        base.Dispose();
        _accepted.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var held = await ApplyAsync(stoppingToken);
            await WaitAsync(held ? TryHeldEvery : LookEvery, stoppingToken);
        }
    }

    /// <summary>Whether a batch is held.</summary>
    private async Task<bool> ApplyAsync(CancellationToken cancellation)
    {
        try
        {
            if (!await batches.AnyUnfinishedAsync(cancellation) || await batches.ResumeAsync(new Told(logger), cancellation) is not { } resumed) return false;
            if (resumed.Applied > 0) LogApplied(logger, resumed.Applied);
            return resumed.Held.Count > 0;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogAway(logger, (e as PostgresException)?.SqlState ?? e.GetType().Name);
            return false;
        }
    }

    private async Task WaitAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(_accepted.WaitAsync(woken.Token), Task.Delay(atMost, clock, woken.Token));
        await woken.CancelAsync();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} accepted batches of insurers are in force now.")]
    private static partial void LogApplied(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Batch {Batch} of an insurer is held: {Refusal}. Mend what is in its way; it is tried again each minute.")]
    private static partial void LogHeld(ILogger logger, long batch, FeedRefusal refusal);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Accepted batches of insurers can't be applied now ({Cause}); it is tried again.")]
    private static partial void LogAway(ILogger logger, string cause);

    private sealed class Told(ILogger logger) : IFeedListener
    {
        public void Refused(FeedBatch batch, FeedRefusal refusal) => LogHeld(logger, batch.Id, refusal);
    }
}
