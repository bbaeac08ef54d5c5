using Dapper;
using EligibilityGateway.Gateway.Storage;

namespace EligibilityGateway.Gateway.Terminals;

/// <summary>Says at the start and each day how many terminals' certificates end soon: a terminal whose certificate has ended answers nobody.</summary>
public sealed partial class TerminalReminder(StorePools pools, TimeProvider clock, ILogger<TerminalReminder> logger) : BackgroundService
{
    /// <summary>In this time a certificate is to be replaced: an operator goes round many sites.</summary>
    public static readonly TimeSpan Beforehand = TimeSpan.FromDays(60);

    private const string Query = "SELECT count(*) FROM terminal WHERE revoked_at IS NULL AND certificate_ends > @now AND certificate_ends <= @until";

    private static readonly TimeSpan Every = TimeSpan.FromDays(1);

    /// <summary>Nobody waits for it, and there may be hundreds of thousands of terminals.</summary>
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    /// <summary>Tells of them, now.</summary>
    public async Task RemindAsync()
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var count = await pools.Others.AskAsync(
            Within, (connection, token) => connection.ExecuteScalarAsync<long>(new CommandDefinition(Query, new { now, until = now + Beforehand }, cancellationToken: token)));
        if (count > 0) LogEnding(logger, count, Beforehand.Days);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            do
            {
                try
                {
                    await RemindAsync();
                }
                catch (Exception e) when (StoreFaults.Of(e) != StoreFault.None)
                {
                    // Postgres is away; others tell of that. Tomorrow is soon enough.
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} terminals have certificates that end within {Days} days: `gateway terminal list --ending` names them. Replace them before.")]
    private static partial void LogEnding(ILogger logger, long count, int days);
}
