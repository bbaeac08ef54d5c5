using Dapper;
using Npgsql;

namespace EligibilityGateway.Gateway.Readers;

/// <summary>
/// Cuts revoked terminals off. Postgres tells of a revocation at once; since a notification can be missed while the connection is
/// being made anew, the terminals that are connected are also compared with the register every second.
/// </summary>
public sealed partial class RevocationWatch(NpgsqlDataSource store, AdmittedTerminals register, OpenConnections connections, ILogger<RevocationWatch> logger) : BackgroundService
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await WatchAsync(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException)
            {
                LogLost(logger, e.GetType().Name);
                await Task.Delay(SweepEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        await using var connection = await store.OpenConnectionAsync(stop);
        connection.Notification += (_, told) =>
        {
            if (Guid.TryParse(told.Payload, out var terminal)) CutOff(terminal);
        };
        await connection.ExecuteAsync(new CommandDefinition("LISTEN terminal_revoked", cancellationToken: stop));
        while (true)
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
            deadline.CancelAfter(Deadline);
            var revoked = await connection.QueryAsync<Guid>(new CommandDefinition(
                "SELECT terminal_id FROM terminal WHERE terminal_id = ANY(@connected) AND revoked_at IS NOT NULL",
                new { connected = connections.Terminals() },
                cancellationToken: deadline.Token));
            foreach (var terminal in revoked) CutOff(terminal);
            await connection.WaitAsync(SweepEvery, stop);
        }
    }

    private void CutOff(Guid terminal)
    {
        register.Forget(terminal);
        connections.Cut(terminal);
        LogCutOff(logger, terminal);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Terminal {Terminal} was revoked and is cut off.")]
    private static partial void LogCutOff(ILogger logger, Guid terminal);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Revocations are not heard of for the moment ({Kind}); records still prove each terminal's version.")]
    private static partial void LogLost(ILogger logger, string kind);
}
