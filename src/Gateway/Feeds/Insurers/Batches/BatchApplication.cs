using Npgsql;

namespace EligibilityGateway.Gateway.Feeds.Insurers.Batches;

/// <summary>Brings accepted batches into force.</summary>
internal static class BatchApplication
{
    /// <summary>Applies all that is accepted and not in force.</summary>
    public static async Task<FeedResumption> ResumeAsync(FeedSession session, IFeedListener listener, CancellationToken cancellation)
    {
        var unfinished = new List<FeedBatch>();
        await session.ReadAsync($"{BatchTable.Query} WHERE b.applied_at IS NULL ORDER BY b.batch_id", row => unfinished.Add(BatchTable.Read(row)), cancellation);
        var held = new List<FeedBatch>();
        foreach (var batch in unfinished)
        {
            listener.Resumed(batch);
            if (await ApplyAsync(session, batch, listener, cancellation) is { } refusal) held.Add(batch with { Refusal = refusal });
        }
        return new FeedResumption(unfinished.Count - held.Count, held);
    }

    /// <summary>Null where all of it is in force. A step that Postgres refuses for what it holds keeps back neither the other steps nor other batches.</summary>
    public static async Task<FeedRefusal?> ApplyAsync(FeedSession session, FeedBatch batch, IFeedListener listener, CancellationToken cancellation)
    {
        var id = batch.Id;
        var done = new HashSet<int>();
        await session.ReadAsync(
            "SELECT step FROM insurer_batch_step WHERE batch_id = $1", row => done.Add(row.GetInt32(0)), cancellation, new NpgsqlParameter<long> { TypedValue = id });
        FeedRefusal? refusal = null;
        for (var step = 0; step < batch.Steps; step++)
        {
            if (done.Contains(step)) continue;
            var next = step;
            try
            {
                await InsurerFeed.AgainAfterDeadlock.ExecuteAsync(async token => await BatchSteps.ApplyAsync(session.Connection, id, next, token), cancellation);
                listener.Progressed(FeedStage.Applying, (long)batch.Changes * (step + 1) / batch.Steps, batch.Changes);
            }
            catch (PostgresException e) when (FeedRefusal.IsForGood(e))
            {
                var refused = FeedRefusal.Of(step, e);
                await KeepAsync(session, id, refused, cancellation);
                listener.Refused(batch, refused);
                refusal ??= refused;
            }
        }
        if (refusal is not null) return refusal;
        if (!await session.ScalarAsync<bool>("SELECT finish_insurer_batch($1)", cancellation, new NpgsqlParameter<long> { TypedValue = id }))
            throw new InvalidOperationException($"All steps of batch {id} are marked, and yet it can't be finished.");
        return null;
    }

    private static Task<int> KeepAsync(FeedSession session, long batch, FeedRefusal refusal, CancellationToken cancellation) => session.ExecuteAsync(
        "INSERT INTO insurer_batch_refusal (batch_id, step, sql_state, rule) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        cancellation,
        new NpgsqlParameter<long> { TypedValue = batch },
        new NpgsqlParameter<int> { TypedValue = refusal.Step },
        new NpgsqlParameter<string> { TypedValue = refusal.SqlState },
        new NpgsqlParameter<string> { TypedValue = refusal.Rule });
}
