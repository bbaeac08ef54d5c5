using Dapper;
using Npgsql;

namespace EligibilityGateway.Gateway.Readers;

/// <summary>
/// Cuts revoked terminals off within two seconds. Postgres tells of a revocation at once; since a notification can be missed while
/// the connection is being made anew, all terminals are compared with the register when it stands, and those that are connected
/// every second from then on.
/// </summary>
public sealed partial class RevocationWatch(
    NpgsqlDataSource store, AdmittedTerminals register, TerminalStreams streams, OpenConnections connections, GatewaySettings settings, ILogger<RevocationWatch> logger)
    : BackgroundService
{
    /// <summary>How long a revoked terminal has to hear why it is cut off.</summary>
    public static readonly TimeSpan Farewell = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
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
                await Task.Delay(RetryAfter, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
            if (Guid.TryParse(told.Payload, out var terminal)) _ = CutOffAsync(terminal);
        };
        await connection.ExecuteAsync(new CommandDefinition("LISTEN terminal_revoked", cancellationToken: stop));
        ICollection<Guid> compared = [.. register.Admitted, .. connections.Terminals()];
        while (true)
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
            deadline.CancelAfter(Deadline);
            var revoked = await connection.QueryAsync<Guid>(new CommandDefinition(
                "SELECT terminal_id FROM terminal WHERE terminal_id = ANY(@compared) AND revoked_at IS NOT NULL",
                new { compared },
                cancellationToken: deadline.Token));
            foreach (var terminal in revoked) _ = CutOffAsync(terminal);
            await connection.WaitAsync(settings.RevocationSweep, stop);
            compared = connections.Terminals();
        }
    }

    /// <summary>
    /// Streams end with the reason, connections close behind them; what does not, is cut. Connections made later are not: each call on
    /// one is told the reason, and the next comparison finds those that stay.
    /// </summary>
    private async Task CutOffAsync(Guid terminal)
    {
        var open = connections.Of(terminal);
        if (register.ShutOut(terminal)) LogCutOff(logger, terminal);
        streams.ShutOut(terminal);
        OpenConnections.Close(open);
        await Task.Delay(Farewell);
        OpenConnections.Cut(open);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Terminal {Terminal} was revoked and is cut off.")]
    private static partial void LogCutOff(ILogger logger, Guid terminal);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Revocations are not heard of for the moment ({Kind}); records still prove each terminal's version.")]
    private static partial void LogLost(ILogger logger, string kind);
}
