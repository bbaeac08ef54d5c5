using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Access;

/// <summary>
/// Keeps the partitions of the access records a month ahead and those of the kept answers an hour ahead, and drops answers that no
/// resend will ask for. Where it can't, the default partitions catch the rest.
/// </summary>
public sealed partial class AccessPartitions(StorePools pools, TimeProvider clock, ILogger<AccessPartitions> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        do
        {
            await EnsureAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Makes what is missing now; a gateway does so before it serves. What can't be made now is told and left for later.</summary>
    public async Task EnsureAsync(CancellationToken cancellation)
    {
        try
        {
            cancellation.ThrowIfCancellationRequested();
            await MakeAsync();
        }
        catch (Exception e) when (e is not OperationCanceledException && e is not OutOfMemoryException)
        {
            // The default partitions catch the rest meanwhile.
            LogLater(logger, StoreFaults.KindOf(e));
        }
    }

    private Task<bool> MakeAsync() => pools.Others.AskAsync(Within, async (connection, token) =>
    {
        await using var transaction = await connection.BeginTransactionAsync(token);
        // Making a partition locks the table: rather later than in the way of the desk.
        await using (var patience = new NpgsqlCommand("SET LOCAL lock_timeout = '100ms'", connection)) await patience.ExecuteNonQueryAsync(token);
        await using (var ensure = new NpgsqlCommand("SELECT ensure_access_partitions($1)", connection))
        {
            ensure.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
            await ensure.ExecuteNonQueryAsync(token);
        }
        await using (var forget = new NpgsqlCommand("SELECT forget_document_misses()", connection)) await forget.ExecuteNonQueryAsync(token);
        await transaction.CommitAsync(token);
        return true;
    });

    [LoggerMessage(Level = LogLevel.Warning, Message = "The access partitions could not be kept ahead now ({Kind}); tried again in ten minutes.")]
    private static partial void LogLater(ILogger logger, string kind);
}
