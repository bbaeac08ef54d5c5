using Dapper;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Access;

/// <summary>What was answered to an event: the latest revision, with its answer while the resend window lasts.</summary>
internal sealed class KeptAnswers(NpgsqlDataSource store, StoreHealth health, TimeSpan patience)
{
    private const string Query = """
        SELECT DISTINCT ON (r.event_id, r.terminal_id) r.event_id AS "EventId", r.terminal_id AS "TerminalId", r.request_hash AS "RequestHash", a.answer AS "Answer"
          FROM unnest(@events, @terminals) AS k(event_id, terminal_id)
          JOIN access_record r ON r.event_id = k.event_id AND r.terminal_id = k.terminal_id AND r.event_time = event_time(k.event_id)
          LEFT JOIN event_answer a ON a.event_id = r.event_id AND a.terminal_id = r.terminal_id AND a.revision = r.revision AND a.event_time = r.event_time
         ORDER BY r.event_id, r.terminal_id, r.revision DESC
        """;

    /// <summary>Null where the event is not recorded, or the store is out of reach.</summary>
    public async ValueTask<KeptAnswer?> FindAsync(EventKey key, CancellationToken cancellation)
    {
        if (health.IsAway) return null;
        try
        {
            return (await ReadAsync([key], cancellation).WaitAsync(patience, cancellation)).GetValueOrDefault(key);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            health.Away(e);
            return null;
        }
    }

    /// <summary>Those of the events that are recorded.</summary>
    public async Task<Dictionary<EventKey, KeptAnswer>> ReadAsync(IReadOnlyList<EventKey> keys, CancellationToken cancellation)
    {
        await using var connection = await store.OpenConnectionAsync(cancellation);
        return await ReadAsync(connection, keys);
    }

    public static async Task<Dictionary<EventKey, KeptAnswer>> ReadAsync(NpgsqlConnection connection, IReadOnlyList<EventKey> keys)
    {
        var parameters = new { events = keys.Select(k => k.EventId).ToArray(), terminals = keys.Select(k => k.TerminalId).ToArray() };
        var rows = await connection.QueryAsync<Row>(Query, parameters);
        return rows.ToDictionary(r => new EventKey(r.EventId, r.TerminalId), r => new KeptAnswer(r.RequestHash, r.Answer));
    }

    private sealed record Row(Guid EventId, Guid TerminalId, byte[] RequestHash, byte[]? Answer);
}
