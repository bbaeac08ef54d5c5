using Dapper;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Terminals.Streams;

/// <summary>
/// Cuts revoked terminals off within two seconds. Postgres tells of a revocation at once, upon which all terminals are compared with the
/// register; since a notification can be missed while the connection is being made anew, they are compared when it stands, too, and those
/// that are connected every second from then on.
/// </summary>
public sealed partial class RevocationWatch(
    StorePools pools, AdmittedTerminals register, TerminalStreams streams, OpenConnections connections, TerminalOptions options, ILogger<RevocationWatch> logger)
    : BackgroundService
{
    /// <summary>How long a revoked terminal has to hear why it is cut off.</summary>
    public static readonly TimeSpan Farewell = TimeSpan.FromMilliseconds(900);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>Of the opening, and of each comparison: a link that went dead is given up after this.</summary>
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(2);

    private bool _isLost;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await WatchAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Whatever it is, the watch goes on. It is told once, and its end, too.
                if (!_isLost) LogLost(logger, StoreFaults.KindOf(e));
                _isLost = true;
                await Task.Delay(RetryAfter, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        await using var connection = await pools.Admission.OpenWithinAsync(Within, stop);
        // A notification only says that there is something to read: the register decides.
        var wasTold = false;
        connection.Notification += (_, _) => wasTold = true;
        await connection.ExecuteAsync(new CommandDefinition("LISTEN terminal_revoked", cancellationToken: stop));
        while (true)
        {
            ICollection<Guid> compared = [.. register.Admitted, .. connections.Terminals()];
            await CompareAsync(connection, compared, stop);
            if (_isLost) LogHeard(logger);
            _isLost = false;
            // Then those that are connected alone, until a revocation is told of.
            for (wasTold = false; !wasTold;)
            {
                await connection.WaitAsync(options.RevocationSweep, stop);
                if (!wasTold) await CompareAsync(connection, connections.Terminals(), stop);
            }
        }
    }

    private async Task CompareAsync(NpgsqlConnection connection, ICollection<Guid> compared, CancellationToken stop)
    {
        using var deadline = new StoreDeadline(Within);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop);
        var revoked = await connection.QueryAsync<Guid>(new CommandDefinition(
            "SELECT terminal_id FROM terminal WHERE terminal_id = ANY(@compared) AND revoked_at IS NOT NULL",
            new { compared },
            cancellationToken: ended.Token));
        foreach (var terminal in revoked) _ = CutOffAsync(terminal);
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

    [LoggerMessage(Level = LogLevel.Information, Message = "Revocations are heard of again.")]
    private static partial void LogHeard(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Revocations are not heard of for the moment ({Kind}); records still prove each terminal's version.")]
    private static partial void LogLost(ILogger logger, string kind);
}
