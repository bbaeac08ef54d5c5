using Dapper;
using Npgsql;

namespace EligibilityGateway.Gateway.Access;

/// <summary>
/// Writes journalled entries to Postgres, without the version condition: their answers have left. Where a slow group committed late
/// after all, with another outcome, the journalled one follows as a superseding revision. Draining an entry twice changes nothing.
/// </summary>
internal static class DrainStatement
{
    private const string Insert = """
        WITH asked AS (
          SELECT a.*, event_time(a.event_id) AS event_time
            FROM unnest(@eventId, @terminalId, @personId, @validity, @reason, @requestHash, @canonical, @salt, @answer)
              AS a(event_id, terminal_id, person_id, validity, reason, request_hash, canonical, salt, answer)
        ), latest AS (
          SELECT DISTINCT ON (r.event_id, r.terminal_id) r.event_id, r.terminal_id, r.revision
            FROM asked a JOIN access_record r ON r.event_id = a.event_id AND r.terminal_id = a.terminal_id AND r.event_time = a.event_time
           ORDER BY r.event_id, r.terminal_id, r.revision DESC
        ), missing AS (
          SELECT a.*, coalesce(l.revision + 1, 0)::smallint AS revision
            FROM asked a LEFT JOIN latest l USING (event_id, terminal_id)
           WHERE NOT EXISTS (SELECT FROM access_record r
                              WHERE r.event_id = a.event_id AND r.terminal_id = a.terminal_id AND r.event_time = a.event_time AND r.canonical = a.canonical)
        ), recorded AS (
          INSERT INTO access_record (event_id, terminal_id, revision, event_time, person_id, validity, reason, request_hash, canonical, salt)
          SELECT event_id, terminal_id, revision, event_time, person_id, validity, reason, request_hash, canonical, salt FROM missing
          ON CONFLICT DO NOTHING
          RETURNING event_id, terminal_id, revision, salt
        ), queued AS (
          INSERT INTO access_queue (event_id, terminal_id, revision) SELECT event_id, terminal_id, revision FROM recorded
        )
        INSERT INTO event_answer (event_id, terminal_id, revision, event_time, answer)
        SELECT m.event_id, m.terminal_id, m.revision, m.event_time, m.answer
          FROM recorded r JOIN missing m USING (event_id, terminal_id, salt)
        """;

    private const string CountMissing = """
        SELECT count(*) FROM unnest(@eventId, @terminalId, @canonical) AS a(event_id, terminal_id, canonical)
         WHERE NOT EXISTS (SELECT FROM access_record r
                            WHERE r.event_id = a.event_id AND r.terminal_id = a.terminal_id AND r.event_time = event_time(a.event_id) AND r.canonical = a.canonical)
        """;

    /// <summary>Each round, another writer may take the revision that was free a moment ago: an abandoned group, another gateway.</summary>
    private const int Rounds = 10;

    /// <summary>Returns once every entry is in the table; throws where that can't be done now.</summary>
    public static async Task ExecuteAsync(NpgsqlConnection connection, IReadOnlyList<Entry> entries, CancellationToken cancellation)
    {
        var parameters = new
        {
            eventId = entries.Select(e => e.EventId).ToArray(),
            terminalId = entries.Select(e => e.TerminalId).ToArray(),
            personId = entries.Select(e => e.PersonId).ToArray(),
            validity = entries.Select(e => e.Validity).ToArray(),
            reason = entries.Select(e => e.Reason).ToArray(),
            requestHash = entries.Select(e => e.RequestHash).ToArray(),
            canonical = entries.Select(e => e.Canonical).ToArray(),
            salt = entries.Select(e => e.Salt).ToArray(),
            answer = entries.Select(e => e.SealedAnswer).ToArray(),
        };
        for (var round = 0; round < Rounds; round++)
        {
            await connection.ExecuteAsync(new CommandDefinition(Insert, parameters, cancellationToken: cancellation));
            var missing = await connection.ExecuteScalarAsync<long>(new CommandDefinition(CountMissing, parameters, cancellationToken: cancellation));
            if (missing == 0) return;
        }
        throw new TimeoutException("Other writers took the same revisions again and again.");
    }
}
