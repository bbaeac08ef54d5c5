using Dapper;
using Npgsql;

namespace EligibilityGateway.Gateway.Access;

/// <summary>What was answered to events, as the store has it: the latest revision, with its answer while the resend window lasts.</summary>
internal static class KeptAnswers
{
    private const string Query = """
        SELECT DISTINCT ON (r.event_id, r.terminal_id) r.event_id AS "EventId", r.terminal_id AS "TerminalId", r.request_hash AS "RequestHash", a.answer AS "Answer"
          FROM unnest(@events, @terminals) AS k(event_id, terminal_id)
          JOIN access_record r ON r.event_id = k.event_id AND r.terminal_id = k.terminal_id AND r.event_time = event_time(k.event_id)
          LEFT JOIN event_answer a ON a.event_id = r.event_id AND a.terminal_id = r.terminal_id AND a.revision = r.revision AND a.event_time = r.event_time
         ORDER BY r.event_id, r.terminal_id, r.revision DESC
        """;

    /// <summary>Those of the events that are recorded.</summary>
    public static async Task<Dictionary<EventKey, KeptAnswer>> ReadAsync(NpgsqlConnection connection, IReadOnlyList<EventKey> keys, CancellationToken cancellation)
    {
        var parameters = new { events = keys.Select(k => k.EventId).ToArray(), terminals = keys.Select(k => k.TerminalId).ToArray() };
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(Query, parameters, cancellationToken: cancellation));
        return rows.ToDictionary(r => new EventKey(r.EventId, r.TerminalId), r => new KeptAnswer(r.RequestHash, r.Answer));
    }

    private sealed record Row(Guid EventId, Guid TerminalId, byte[] RequestHash, byte[]? Answer);
}
