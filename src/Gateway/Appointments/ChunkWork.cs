using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Access;
using EligibilityGateway.Gateway.Calls;
using EligibilityGateway.Gateway.LookUps;
using EligibilityGateway.Gateway.Snapshots;
using EligibilityGateway.Gateway.Terminals;
using EligibilityGateway.Rules.Eligibility;
using Npgsql;

namespace EligibilityGateway.Gateway.Appointments;

/// <summary>
/// The story of one chunk: each row is the typed look-up that it would be at the desk, decided by the same rules and recorded by the
/// same statement, which proves what was decided on. All of it in one transaction, with the results.
/// </summary>
internal sealed class ChunkWork(ChunkQueue queue, StoreReader reader, Deciding deciding, AppointmentOptions options, TimeProvider clock)
{
    private const int MostRounds = 5;

    private const string TerminalQuery = """
        SELECT role AS "Role", name AS "Name", version AS "Version", revoked_at IS NOT NULL AS "Revoked" FROM terminal WHERE terminal_id = @id
        """;

    private const string Reserve = "SELECT reserve_appointment_misses(@reception, @firstRow, @institution, @rows, @budget, @since)";

    /// <summary>
    /// Sets aside how many of the chunk's numbers may match nobody, before any is looked up. Null where that hangs on another chunk of the
    /// institution that is being done.
    /// </summary>
    /// <param name="connection">Not that of the chunk's transaction: what is set aside counts at once.</param>
    /// <param name="chunk">Which.</param>
    /// <param name="cancellation">Ends the question.</param>
    public Task<int?> ReserveAsync(NpgsqlConnection connection, Chunk chunk, CancellationToken cancellation) =>
        connection.ExecuteScalarAsync<int?>(new CommandDefinition(
            Reserve,
            new
            {
                reception = chunk.Reception,
                firstRow = chunk.FirstRow,
                institution = chunk.Institution,
                rows = chunk.Rows.Count,
                budget = options.Misses,
                since = (clock.GetUtcNow() - options.MissPeriod).UtcDateTime,
            },
            cancellationToken: cancellation));

    /// <summary>Does the chunk within the connection's transaction.</summary>
    /// <param name="connection">Took the chunk.</param>
    /// <param name="record">Records its rows.</param>
    /// <param name="chunk">Which.</param>
    /// <param name="mostMisses">What was set aside for it: rows after so many misses are refused.</param>
    /// <param name="cancellation">Leaves it as it was.</param>
    /// <exception cref="TimeoutException">Rows were overtaken again and again: later.</exception>
    public async Task DoAsync(NpgsqlConnection connection, RecordStatement record, Chunk chunk, int mostMisses, CancellationToken cancellation)
    {
        // 1. Form.
        var results = new ChunkResults(chunk);
        var open = Read(chunk, results);

        // 2. Until each row stands on what is true now.
        for (var round = 0; open.Count > 0; round++)
        {
            if (round == MostRounds) throw new TimeoutException("What these appointments stand on changes faster than it can be read.");
            open = await RoundAsync(connection, record, chunk, open, results, mostMisses - results.Misses, cancellation);
        }

        // 3. The results, in the same transaction.
        await queue.KeepAsync(connection, chunk, results, clock.GetUtcNow(), cancellation);
    }

    private List<RowLookUp> Read(Chunk chunk, ChunkResults results)
    {
        var open = new List<RowLookUp>(chunk.Rows.Count);
        var today = JapanTime.DateOf(clock.GetUtcNow());
        for (var place = 0; place < chunk.Rows.Count; place++)
        {
            var faults = new List<FormFault>();
            var eventId = RowEvents.IdOf(chunk.Seed, chunk.AcceptedAt, chunk.FirstRow + place);
            if (RowForm.Read(chunk.Rows[place], eventId, chunk.Purpose, chunk.ServiceDate, today, faults) is { } request) open.Add(new RowLookUp(place, request));
            else results.Problem(place, faults);
        }
        return open;
    }

    /// <summary>Decides and records; gives those that were overtaken meanwhile, and those whose document was tried too often.</summary>
    private async Task<List<RowLookUp>> RoundAsync(
        NpgsqlConnection connection, RecordStatement record, Chunk chunk, List<RowLookUp> open, ChunkResults results, int missesLeft, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var (terminal, isRevoked) = await ReadTerminalAsync(connection, chunk, cancellation);
        var findings = await reader.ReadDocumentsAsync(connection, open.ConvertAll(row => EligibilityLookUps.SubjectOf(row.Request)), cancellation);
        var drafts = new Draft[open.Count];
        var entries = new Entry[open.Count];
        for (var i = 0; i < drafts.Length; i++)
        {
            drafts[i] = isRevoked ? Draft.Refused(Reason.TerminalRevoked)
                : missesLeft <= 0 || open[i].IsBarred ? Draft.Refused(Reason.TooManyMisses)
                : deciding.Decide(open[i].Request, terminal, new Found(findings[i], Source.Store), now).Draft!;
            if (drafts[i].Validity == Validity.NotFound) missesLeft--;
            // No answer to keep for a resend: the results hold it.
            entries[i] = EligibilityLookUps.EntryOf(terminal, open[i].Request, drafts[i], sealedAnswer: null, now, asOf: now, journalled: false);
        }
        var (recorded, barred) = await record.ExecuteAsync(connection, entries, cancellation);
        var again = new List<RowLookUp>();
        for (var i = 0; i < drafts.Length; i++)
        {
            var salt = new Guid(entries[i].Salt);
            if (recorded.Contains(salt))
                results.Recorded(open[i].Place, AnswerWriter.Write(drafts[i], open[i].Request, terminal.Identity.Role, JapanTime.DateOf(now), now, proved: true), IsLimitChanged(drafts[i], chunk.ServiceDate));
            else
                again.Add(open[i] with { IsBarred = barred.Contains(salt) });
        }
        return again;
    }

    /// <summary>As card or document would show them: whether the class is another one than at the end of the month before.</summary>
    private static bool IsLimitChanged(Draft draft, DateOnly serviceDate)
    {
        if (draft is not { Decision.Billed: not null, Finding.Person: { } person }) return false;
        var monthBefore = serviceDate.AddDays(-serviceDate.Day);
        return LimitOn(serviceDate) != LimitOn(monthBefore);

        string? LimitOn(DateOnly day) => EligibilityRules.Decide(person, day, document: null, limitConsent: true).Limit?.Code;
    }

    private static async Task<(Terminal Terminal, bool IsRevoked)> ReadTerminalAsync(NpgsqlConnection connection, Chunk chunk, CancellationToken cancellation)
    {
        var row = await connection.QuerySingleAsync<TerminalRow>(new CommandDefinition(TerminalQuery, new { id = chunk.TerminalId }, cancellationToken: cancellation));
        var identity = new TerminalIdentity(InstitutionCode.Parse(chunk.Institution), row.Role, row.Name, ProofClaims.None);
        return (new Terminal(chunk.TerminalId, identity, row.Version), row.Revoked);
    }

    private sealed record TerminalRow(TerminalRole Role, string Name, long Version, bool Revoked);

    /// <summary>A row of good form, and its place in the chunk.</summary>
    private sealed record RowLookUp(int Place, LookUpRequest Request, bool IsBarred = false);
}
