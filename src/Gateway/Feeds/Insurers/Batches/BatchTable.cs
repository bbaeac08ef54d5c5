using Npgsql;

namespace EligibilityGateway.Gateway.Feeds.Insurers.Batches;

/// <summary>Reads batches as they stand.</summary>
internal static class BatchTable
{
    /// <summary>To be narrowed and ordered; <c>b</c> is the batch.</summary>
    public const string Query = """
        SELECT b.batch_id, b.insurers, b.changes, b.steps,
            CASE WHEN b.applied_at IS NULL THEN (SELECT count(*)::int FROM insurer_batch_step s WHERE s.batch_id = b.batch_id) ELSE b.steps END,
            b.accepted_at, b.applied_at, r.step, r.sql_state, r.rule
        FROM insurer_batch b
        LEFT JOIN LATERAL (
            SELECT f.* FROM insurer_batch_refusal f
            WHERE b.applied_at IS NULL AND f.batch_id = b.batch_id AND NOT EXISTS (SELECT FROM insurer_batch_step s WHERE s.batch_id = f.batch_id AND s.step = f.step)
            ORDER BY f.refused_at DESC LIMIT 1) r ON true
        """;

    public static FeedBatch Read(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        row.GetFieldValue<string[]>(1),
        row.GetInt32(2),
        row.GetInt32(3),
        row.GetInt32(4),
        row.GetFieldValue<DateTimeOffset>(5),
        row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6),
        row.IsDBNull(7) ? null : new FeedRefusal(row.GetInt32(7), row.GetString(8), row.GetString(9)));
}
