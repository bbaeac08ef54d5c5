using System.Threading.Channels;
using Dapper;
using Npgsql;

namespace EligibilityGateway.Gateway.Appointments;

/// <summary>
/// What waits to be done. All gateways take from it; a chunk that is taken is gone once the taker's transaction commits, and there again
/// where that does not.
/// </summary>
internal sealed class ChunkQueue(ChunkSeal seal)
{
    // A gateway that no longer speaks to the store must not hold its chunk for as long as the network takes to notice.
    private const string Take = """
        SELECT set_config('idle_in_transaction_session_timeout', '10s', true);
        SELECT c.reception_number AS "Reception", c.first_row AS "FirstRow", c.sealed AS "Sealed", b.institution_code AS "Institution", b.terminal_id AS "TerminalId",
               b.purpose AS "Purpose", b.service_date AS "ServiceDate", b.seed AS "Seed", b.accepted_at AS "AcceptedAt"
          FROM take_appointment_chunk(@passedOver) c JOIN appointment_batch b USING (reception_number);
        """;

    private const string Keep = """
        INSERT INTO appointment_result (reception_number, first_row, rows, found, misses, failed, done_at, sealed)
        VALUES (@reception, @firstRow, @rows, @found, @misses, @failed, @now, @results)
        """;

    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>There is work.</summary>
    public void Tell() => _news.Writer.TryWrite(true);

    /// <summary>Returns when there may be work: here at once, at other gateways within the time.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(atMost);
        try
        {
            await _news.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Another gateway may have been told, or have been killed.
        }
    }

    /// <summary>The next one, within the connection's transaction; null where nothing waits.</summary>
    public static async Task<TakenChunk?> TakeAsync(NpgsqlConnection connection, long[] passedOver, CancellationToken cancellation)
    {
        await using var results = await connection.QueryMultipleAsync(new CommandDefinition(Take, new { passedOver }, cancellationToken: cancellation));
        await results.ReadSingleAsync<string>();
        return await results.ReadSingleOrDefaultAsync<TakenChunk>();
    }

    /// <exception cref="UnreadableChunkException">It can't be opened.</exception>
    public Chunk Open(TakenChunk taken) => new(
        taken.Reception,
        taken.FirstRow,
        seal.OpenRows(taken.Seed, taken.FirstRow, taken.Sealed),
        taken.Institution,
        taken.TerminalId,
        taken.Purpose,
        taken.ServiceDate,
        taken.Seed,
        new DateTimeOffset(taken.AcceptedAt));

    /// <summary>Keeps the results of a chunk, within the connection's transaction.</summary>
    public Task KeepAsync(NpgsqlConnection connection, Chunk chunk, ChunkResults results, DateTimeOffset now, CancellationToken cancellation)
    {
        var parameters = new
        {
            reception = chunk.Reception,
            firstRow = chunk.FirstRow,
            rows = results.Rows.Count,
            found = results.Found,
            misses = results.Misses,
            failed = results.Failed,
            now = now.UtcDateTime,
            results = seal.CloseResults(chunk.Seed, chunk.FirstRow, results.Rows),
        };
        return connection.ExecuteAsync(new CommandDefinition(Keep, parameters, cancellationToken: cancellation));
    }
}
