using System.Buffers.Binary;
using System.Security.Cryptography;
using Dapper;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Terminals;
using Npgsql;

namespace EligibilityGateway.Gateway.Appointments;

/// <summary>Batches in the store: accepted whole, and read by the institution that handed them in.</summary>
internal sealed class AppointmentBatches(StorePools pools, ChunkSeal seal, TimeProvider clock)
{
    /// <summary>Batches of one institution that wait to be done; a flood of them is its own to wait for.</summary>
    private const int MostUnfinished = 5;

    private const string ProgressColumns = """
        b.reception_number AS "Reception", b.batch_id AS "BatchId", b.purpose AS "Purpose", b.service_date AS "ServiceDate", b.request_hash AS "RequestHash", b.seed AS "Seed",
        b.rows AS "Rows", coalesce(sum(r.rows), 0)::int AS "Done", coalesce(sum(r.found), 0)::int AS "Found", coalesce(sum(r.failed), 0)::int AS "Failed"
        FROM appointment_batch b LEFT JOIN appointment_result r USING (reception_number)
        """;

    private const string ByBatchId = $"SELECT {ProgressColumns} WHERE b.institution_code = @institution AND b.batch_id = @batchId GROUP BY b.reception_number";

    private const string ByReception = $"SELECT {ProgressColumns} WHERE b.institution_code = @institution AND b.reception_number = @reception GROUP BY b.reception_number";

    private const string CountUnfinished = """
        SELECT count(*) FROM appointment_batch b WHERE b.institution_code = @institution
           AND b.rows > coalesce((SELECT sum(r.rows) FROM appointment_result r WHERE r.reception_number = b.reception_number), 0)
        """;

    // Those that an institution hands in at once come in one after the other: each counts those before it. It ends with the transaction.
    private const string Alone = "SELECT pg_advisory_xact_lock(hashtextextended('appointment batches of ' || @institution, 0))";

    // One statement: a batch with all its rows, or nothing.
    private const string Accept = """
        WITH accepted AS (
          INSERT INTO appointment_batch (reception_number, institution_code, batch_id, terminal_id, purpose, service_date, request_hash, seed, rows, accepted_at)
          VALUES (@reception, @institution, @batchId, @terminalId, @purpose, @serviceDate, @hash, @seed, @rows, @now)
          ON CONFLICT (institution_code, batch_id) DO NOTHING
          RETURNING reception_number
        )
        INSERT INTO appointment_chunk (reception_number, first_row, sealed)
        SELECT a.reception_number, c.first_row, c.sealed FROM accepted a CROSS JOIN unnest(@firstRows, @sealed) AS c(first_row, sealed)
        """;

    private const string Page = """
        SELECT first_row AS "FirstRow", rows AS "Rows", sealed AS "Sealed" FROM appointment_result
         WHERE reception_number = @reception AND first_row <= @row ORDER BY first_row DESC LIMIT 1
        """;

    private const string RecordReading = "SELECT record_appointment_reading(@reception, @terminal, @firstRow, @lastRow)";

    /// <summary>Nobody at a desk waits for a batch.</summary>
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    /// <summary>Takes a batch, or finds that it was taken before; durable once this returns.</summary>
    public Task<Acceptance> AcceptAsync(Terminal terminal, BatchRequest request) =>
        pools.Others.AskAsync(Within, (connection, token) => AcceptAsync(connection, terminal, request, token));

    private async Task<Acceptance> AcceptAsync(NpgsqlConnection connection, Terminal terminal, BatchRequest request, CancellationToken cancellation)
    {
        var institution = terminal.Identity.Institution.ToString();
        await DurableSession.EnsureAsync(connection, cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(Alone, new { institution }, cancellationToken: cancellation));
        var known = new CommandDefinition(ByBatchId, new { institution, batchId = request.BatchId }, cancellationToken: cancellation);
        if (await connection.QuerySingleOrDefaultAsync<BatchState>(known) is { } before) return Acceptance.Of(before, request);
        if (await connection.ExecuteScalarAsync<long>(new CommandDefinition(CountUnfinished, new { institution }, cancellationToken: cancellation)) >= MostUnfinished)
            return Acceptance.TooMany;

        var seed = Guid.NewGuid();
        var chunks = request.Rows.Chunk(Chunk.Size).Select((rows, place) => (FirstRow: (place * Chunk.Size) + 1, Rows: rows)).ToArray();
        var parameters = new
        {
            // Drawn: it must not tell how many others there are.
            reception = BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(long))) & long.MaxValue,
            institution,
            batchId = request.BatchId,
            terminalId = terminal.Id,
            purpose = (short)request.Purpose,
            serviceDate = request.ServiceDate,
            hash = request.Hash,
            seed,
            rows = request.Rows.Count,
            now = clock.GetUtcNow().UtcDateTime,
            firstRows = chunks.Select(chunk => chunk.FirstRow).ToArray(),
            @sealed = chunks.Select(chunk => seal.CloseRows(seed, chunk.FirstRow, chunk.Rows)).ToArray(),
        };
        await connection.ExecuteAsync(new CommandDefinition(Accept, parameters, cancellationToken: cancellation));
        var accepted = Acceptance.Of(await connection.QuerySingleAsync<BatchState>(known), request);
        await transaction.CommitAsync(cancellation);
        return accepted;
    }

    /// <summary>Null where this institution has no such batch, or this terminal may not ask for its purpose.</summary>
    public async Task<BatchState?> FindAsync(Terminal terminal, long reception)
    {
        var parameters = new { institution = terminal.Identity.Institution.ToString(), reception };
        var found = await pools.Others.AskAsync(
            Within, (connection, token) => connection.QuerySingleOrDefaultAsync<BatchState>(new CommandDefinition(ByReception, parameters, cancellationToken: token)));
        return found is not null && terminal.MayAskFor(found.Purpose) ? found : null;
    }

    /// <summary>The results from a row on, as far as its page goes; that this terminal reads them is durable before this returns. Null where they are not the terminal's to read any more.</summary>
    public async Task<AppointmentResultPage?> ReadAsync(Terminal terminal, BatchState batch, int fromRow)
    {
        var page = new AppointmentResultPage { Progress = batch.ToMessage() };
        if (!batch.IsFinished || fromRow > batch.Rows) return page;
        var parameters = new { reception = batch.Reception, row = fromRow };
        var kept = await pools.Others.AskAsync(
            Within, (connection, token) => connection.QuerySingleOrDefaultAsync<PageRow>(new CommandDefinition(Page, parameters, cancellationToken: token)));
        // Gone where it was deleted just now.
        if (kept is not { } row) return page;
        page.Rows.AddRange(seal.OpenResults(batch.Seed, row.FirstRow, row.Sealed).Skip(fromRow - row.FirstRow));
        var next = row.FirstRow + row.Rows;
        page.NextRow = next > batch.Rows ? 0 : (uint)next;
        return await IsOnRecordAsync(terminal, batch, fromRow, next - 1) ? page : null;
    }

    /// <summary>Puts on record which rows the terminal reads; durable once this returns. False where the batch is not its institution's, or it was shut out.</summary>
    private Task<bool> IsOnRecordAsync(Terminal terminal, BatchState batch, int firstRow, int lastRow)
    {
        var parameters = new { reception = batch.Reception, terminal = terminal.Id, firstRow, lastRow };
        return pools.Others.AskAsync(Within, (connection, token) => connection.ExecuteScalarAsync<bool>(new CommandDefinition(RecordReading, parameters, cancellationToken: token)));
    }

    private sealed record PageRow(int FirstRow, int Rows, byte[] Sealed);
}
