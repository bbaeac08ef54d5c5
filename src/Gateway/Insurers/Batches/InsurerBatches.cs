using EligibilityGateway.Contracts;
using Npgsql;

namespace EligibilityGateway.Gateway.Insurers.Batches;

/// <summary>
/// Insurers' files. A file is checked whole before anything of it is kept; then it is accepted, which is durable, and applied step by
/// step. What was accepted is applied in the end, by this import or by the next.
/// </summary>
/// <param name="store">Connects as eg_insurer_feed.</param>
/// <param name="clock">For what lies too far ahead.</param>
public sealed class InsurerBatches(NpgsqlDataSource store, TimeProvider clock)
{
    private const string BatchColumns = """
        SELECT b.batch_id, b.insurers, b.changes, b.steps,
            CASE WHEN b.applied_at IS NULL THEN (SELECT count(*)::int FROM insurer_batch_step s WHERE s.batch_id = b.batch_id) ELSE b.steps END,
            b.accepted_at, b.applied_at, r.step, r.sql_state, r.rule
        FROM insurer_batch b
        LEFT JOIN LATERAL (
            SELECT f.* FROM insurer_batch_refusal f
            WHERE b.applied_at IS NULL AND f.batch_id = b.batch_id AND NOT EXISTS (SELECT FROM insurer_batch_step s WHERE s.batch_id = f.batch_id AND s.step = f.step)
            ORDER BY f.refused_at DESC LIMIT 1) r ON true
        """;

    /// <summary>Finishes what an earlier import left, then takes the file: whole, or not at all.</summary>
    /// <param name="file">Read once, from its beginning.</param>
    /// <param name="insurers">Whose changes it may hold, and the names of those that the store may not know yet.</param>
    /// <param name="listener">Is told how it goes.</param>
    /// <param name="cancellation">Leaves an accepted batch to the next import.</param>
    public async Task<FeedOutcome> ImportAsync(
        Stream file, IReadOnlyDictionary<InsurerNumber, string?> insurers, IFeedListener listener, CancellationToken cancellation)
    {
        await using var session = await FeedSession.OpenAsync(store, cancellation);
        if (session is null) return new FeedOutcome.Busy();
        var held = (await ResumeAsync(session, listener, cancellation)).Held;
        if (held.FirstOrDefault(batch => batch.Insurers.Any(number => insurers.Keys.Any(own => own.ToString() == number))) is { } inTheWay)
            return new FeedOutcome.Blocked(inTheWay);

        var (accepted, outcome) = await AcceptAsync(session, file, insurers, held, listener, cancellation);
        if (accepted is null) return outcome;
        listener.Accepted(accepted);
        return await ApplyAsync(session, accepted, listener, cancellation) is { } refusal ? new FeedOutcome.Held(accepted with { Refusal = refusal }) : outcome;
    }

    /// <summary>Finishes what an earlier import left; null where another import is at work.</summary>
    public async Task<FeedResumption?> ResumeAsync(IFeedListener listener, CancellationToken cancellation)
    {
        await using var session = await FeedSession.OpenAsync(store, cancellation);
        return session is null ? null : await ResumeAsync(session, listener, cancellation);
    }

    /// <summary>The batches that were accepted, the newest first, but for those that are unfinished: they stand before all others.</summary>
    public async Task<IReadOnlyList<FeedBatch>> ListAsync(int atMost, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand($"{BatchColumns} ORDER BY b.applied_at IS NULL DESC, b.batch_id DESC LIMIT $1");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = atMost });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var batches = new List<FeedBatch>();
        while (await reader.ReadAsync(cancellation)) batches.Add(Batch(reader));
        return batches;
    }

    /// <summary>The first of these insurers whom the store does not know.</summary>
    public async Task<InsurerNumber?> FirstUnknownAsync(IReadOnlyList<InsurerNumber> insurers, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("SELECT insurer_number FROM insurer WHERE insurer_number = ANY ($1)");
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. insurers.Select(number => number.ToString())] });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var known = new HashSet<string>();
        while (await reader.ReadAsync(cancellation)) known.Add(reader.GetString(0));
        var unknown = insurers.Where(number => !known.Contains(number.ToString())).ToList();
        return unknown.Count == 0 ? null : unknown[0];
    }

    private static async Task<FeedResumption> ResumeAsync(FeedSession session, IFeedListener listener, CancellationToken cancellation)
    {
        var unfinished = new List<FeedBatch>();
        await session.ReadAsync($"{BatchColumns} WHERE b.applied_at IS NULL ORDER BY b.batch_id", row => unfinished.Add(Batch(row)), cancellation);
        var held = new List<FeedBatch>();
        foreach (var batch in unfinished)
        {
            listener.Resumed(batch);
            if (await ApplyAsync(session, batch, listener, cancellation) is { } refusal) held.Add(batch with { Refusal = refusal });
        }
        return new FeedResumption(unfinished.Count - held.Count, held);
    }

    /// <summary>Null where all of it is in force. A step that Postgres refuses for what it holds keeps back neither the other steps nor other batches.</summary>
    private static async Task<FeedRefusal?> ApplyAsync(FeedSession session, FeedBatch batch, IFeedListener listener, CancellationToken cancellation)
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

    /// <summary>One transaction: a file that is rejected, or whose import ends in the middle, was never there.</summary>
    private async Task<(FeedBatch? Batch, FeedOutcome Outcome)> AcceptAsync(
        FeedSession session, Stream file, IReadOnlyDictionary<InsurerNumber, string?> insurers, IReadOnlyList<FeedBatch> held, IFeedListener listener, CancellationToken cancellation)
    {
        await using var transaction = await session.Connection.BeginTransactionAsync(cancellation);
        var errors = 0L;
        string[] numbers = [.. insurers.Keys.Select(number => number.ToString())];
        await session.ExecuteAsync(FeedTables.CreateStagedStatement, cancellation);
        var hash = Stage(session.Connection, file, insurers, listener, Found, cancellation);

        for (var i = 0; i < FeedChecks.Preparation.Count; i++)
        {
            await session.ExecuteAsync(FeedChecks.Preparation[i], cancellation);
            listener.Progressed(FeedStage.Checking, i + 1, FeedChecks.Preparation.Count + 2);
        }
        string[] wrong = [.. insurers.Keys.Where(number => !number.CheckDigitFits).Select(number => number.ToString())];
        await session.ReadAsync(
            FeedChecks.Findings,
            row => Found(new FeedFault(row.GetBoolean(1) ? FeedSeverity.Error : FeedSeverity.Warning, row.GetInt32(0), row.GetString(2), row.GetString(3))),
            cancellation,
            new NpgsqlParameter<string[]> { TypedValue = wrong },
            new NpgsqlParameter<string[]> { TypedValue = [.. insurers.Where(insurer => insurer.Value is not null).Select(insurer => insurer.Key.ToString())] },
            new NpgsqlParameter<long[]> { TypedValue = [.. held.Select(batch => batch.Id)] });
        var superseded = 0L;
        await session.ReadAsync(
            FeedChecks.Superseded,
            row =>
            {
                superseded++;
                Found(new FeedFault(FeedSeverity.Note, row.GetInt32(0), FeedColumn.Sequence.NameOf(), $"superseded: change {row.GetInt64(1)} of the same fact is in force"));
            },
            cancellation);
        var appliedBefore = await session.ScalarAsync<long>("SELECT count(*) FROM late", cancellation) - superseded;
        listener.Progressed(FeedStage.Checking, FeedChecks.Preparation.Count + 1, FeedChecks.Preparation.Count + 2);
        if (errors > 0) return (null, new FeedOutcome.Rejected(errors));

        var changes = await session.ScalarAsync<long>("SELECT count(*) FROM fresh", cancellation);
        if (changes == 0) return (null, new FeedOutcome.NothingNew(appliedBefore, superseded));
        var (starts, fault) = await FeedSteps.DealAsync(session, numbers, cancellation);
        if (fault is { } crowd)
        {
            Found(crowd);
            return (null, new FeedOutcome.Rejected(errors));
        }
        await session.ExecuteAsync(
            "INSERT INTO insurer (insurer_number, name) SELECT n.number, n.name FROM unnest($1, $2) AS n (number, name) WHERE n.name IS NOT NULL ON CONFLICT (insurer_number) DO NOTHING",
            cancellation,
            new NpgsqlParameter<string[]> { TypedValue = numbers },
            new NpgsqlParameter<string?[]> { TypedValue = [.. insurers.Values] });
        var id = await session.ScalarAsync<long>(
            "INSERT INTO insurer_batch (insurers, file_hash, changes, steps) VALUES ($1, $2, $3, $4) RETURNING batch_id",
            cancellation,
            new NpgsqlParameter<string[]> { TypedValue = numbers },
            new NpgsqlParameter<byte[]> { TypedValue = hash },
            new NpgsqlParameter<int> { TypedValue = (int)changes },
            new NpgsqlParameter<int> { TypedValue = starts.Count });
        await session.ExecuteAsync(
            $"""
            INSERT INTO insurer_batch_change (batch_id, step, {FeedTables.ChangeColumnNames})
            SELECT $1, width_bucket(h.lowest, $2) - 1, {FeedTables.ChangeColumnNames} FROM fresh JOIN home h USING (person_id) ORDER BY 2, line
            """,
            cancellation,
            new NpgsqlParameter<long> { TypedValue = id },
            new NpgsqlParameter<long[]> { TypedValue = [.. starts] });
        await transaction.CommitAsync(cancellation);
        listener.Progressed(FeedStage.Checking, FeedChecks.Preparation.Count + 2, FeedChecks.Preparation.Count + 2);
        var batch = new FeedBatch(id, numbers, (int)changes, starts.Count, 0, clock.GetUtcNow(), null);
        return (batch, new FeedOutcome.Applied(batch, appliedBefore, superseded));

        void Found(FeedFault fault)
        {
            if (fault.Severity == FeedSeverity.Error) errors++;
            listener.Found(fault);
        }
    }

    /// <summary>Reads the file into the staged table; its hash.</summary>
    private byte[] Stage(
        NpgsqlConnection connection,
        Stream file,
        IReadOnlyDictionary<InsurerNumber, string?> insurers,
        IFeedListener listener,
        Action<FeedFault> found,
        CancellationToken cancellation)
    {
        var today = JapanTime.Today(clock);
        ChangeParser? parser = null;
        using var importer = connection.BeginBinaryImport(FeedTables.CopyStagedStatement);
        importer.Timeout = TimeSpan.FromMinutes(30);
        var hash = FeedRows.Read(file, listener, found, Take, cancellation);
        importer.Complete();
        return hash;

        bool Take(FeedFields fields, long line)
        {
            if (parser is not null)
            {
                if (parser.Parse(fields, line) is { } change) FeedTables.CopyRow(importer, change);
                return true;
            }
            // Without its columns nothing can be said of the lines.
            if (FeedHeader.Read(fields, found) is not { } header) return false;
            parser = new ChangeParser(header, insurers.Keys.ToHashSet(), today, found);
            return true;
        }
    }

    private static FeedBatch Batch(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        row.GetFieldValue<string[]>(1),
        row.GetInt32(2),
        row.GetInt32(3),
        row.GetInt32(4),
        row.GetFieldValue<DateTimeOffset>(5),
        row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6),
        row.IsDBNull(7) ? null : new FeedRefusal(row.GetInt32(7), row.GetString(8), row.GetString(9)));
}
