using EligibilityGateway.Gateway.Access;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Appointments;

/// <summary>
/// Works off what waits, a chunk at a time, while the desk leaves room for it. All gateways do; whoever takes a chunk does it whole or
/// leaves it as it was.
/// </summary>
internal sealed partial class AppointmentWorker(StorePools pools, ChunkQueue queue, ChunkWork work, RecordMacs macs, AccessLog desk, TimeProvider clock, ILogger<AppointmentWorker> logger) : BackgroundService
{
    /// <summary>How long a chunk of another gateway's batch, or of one that was killed, waits for an idle gateway at most.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>A batch that can't be done now holds nobody else up.</summary>
    private static readonly TimeSpan PassOverFor = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ReserveWithin = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan CleanEvery = TimeSpan.FromHours(1);

    /// <summary>A group of the desk's records is written in about this time.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(5);

    private readonly Dictionary<long, DateTimeOffset> _passedOver = [];
    private DateTimeOffset _cleaned;
    private bool _isAwayTold;
    private NpgsqlConnection? _connection;
    private RecordStatement? _record;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                while (desk.Waiting > 0) await Task.Delay(Breath, stoppingToken);
                if (!await TryNextAsync(stoppingToken)) await queue.WaitAsync(LookEvery, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway stops; what was begun is there again.
        }
        finally
        {
            await DropConnectionAsync();
        }
    }

    /// <summary>Does the next chunk; false where nothing waits or nothing can be done now.</summary>
    private async Task<bool> TryNextAsync(CancellationToken stop)
    {
        try
        {
            if (_connection is null)
            {
                _connection = await pools.Others.OpenPatientlyAsync(stop);
                await DurableSession.EnsureAsync(_connection, stop);
            }
            _record ??= new RecordStatement(macs);
            await CleanAsync(_connection, stop);
            var hasWorked = await NextAsync(_connection, _record, stop);
            _isAwayTold = false;
            return hasWorked;
        }
        catch (Exception e) when (e is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            // Whatever it is, the gateway goes on: nobody at a desk waits for this.
            if (!_isAwayTold) LogLater(logger, StoreFaults.KindOf(e));
            _isAwayTold = true;
            await DropConnectionAsync();
            return false;
        }
    }

    private async Task<bool> NextAsync(NpgsqlConnection connection, RecordStatement record, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        foreach (var (reception, until) in _passedOver)
            if (until <= now) _passedOver.Remove(reception);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        if (await ChunkQueue.TakeAsync(connection, [.. _passedOver.Keys], stop) is not { } taken) return false;
        try
        {
            var chunk = queue.Open(taken);
            if (await pools.Others.AskAsync(ReserveWithin, (other, token) => work.ReserveAsync(other, chunk, token)) is not { } misses)
            {
                // What another gateway finds decides how many numbers of this chunk may be unknown. The batches of others come first.
                _passedOver[taken.Reception] = now + LookEvery;
                return true;
            }
            await work.DoAsync(connection, record, chunk, misses, stop);
            await transaction.CommitAsync(stop);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException && !IsOfTheStore(e))
        {
            // Its own fault, or ours: the desk and the other batches go on.
            _passedOver[taken.Reception] = now + PassOverFor;
            LogPassedOver(logger, taken.Reception, e is UnreadableChunkException ? e.Message : StoreFaults.KindOf(e));
            return true;
        }
    }

    // What is about the rows is the chunk's; what is about the connection or the store ends the worker's turn.
    private static bool IsOfTheStore(Exception e) =>
        e is ObjectDisposedException || (e is not TimeoutException && StoreFaults.Of(e) is not (StoreFault.None or StoreFault.AboutTheData));

    private async Task CleanAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        if (now - _cleaned < CleanEvery) return;
        await using var clean = new NpgsqlCommand("SELECT delete_old_appointments($1)", connection) { Parameters = { new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime } } };
        await clean.ExecuteNonQueryAsync(stop);
        _cleaned = now;
    }

    private async Task DropConnectionAsync()
    {
        _record?.Dispose();
        _record = null;
        if (_connection is not { } connection) return;
        _connection = null;
        await connection.DisposeAsync();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Appointments wait: Postgres is out of reach or refuses ({Kind}); tried again every second until it is back.")]
    private static partial void LogLater(ILogger logger, string kind);

    [LoggerMessage(Level = LogLevel.Error, Message = "The appointments of reception number {Reception} can't be done now ({Why}); tried again in ten seconds.")]
    private static partial void LogPassedOver(ILogger logger, long reception, string why);
}
