using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using Npgsql;

namespace EligibilityGateway.Gateway.Feeds.Insurers.Batches;

/// <summary>Checks a file whole and accepts it, in one transaction: one that is rejected, or whose import ends in the middle, was never there.</summary>
/// <param name="session">Holds the imports' lock; all unfinished batches that can be applied are.</param>
/// <param name="insurers">Whose changes the file may hold, and the names of those that the store may not know yet.</param>
/// <param name="held">The batches that can't be applied.</param>
/// <param name="today">In Japan.</param>
/// <param name="listener">Is told how it goes.</param>
internal sealed class BatchAcceptance(
    FeedSession session, IReadOnlyDictionary<InsurerNumber, string?> insurers, IReadOnlyList<FeedBatch> held, DateOnly today, IFeedListener listener)
{
    // The prepared tables, what is found in them, and what is kept.
    private static readonly int Checks = FeedChecks.Preparation.Count + 2;

    private readonly string[] _numbers = [.. insurers.Keys.Select(number => number.ToString())];
    private long _errors;

    /// <summary>Rejected, nothing new, shut out, or accepted.</summary>
    /// <param name="file">Read once, from its beginning.</param>
    /// <param name="sender">Who sent it over the wire; null for a file of the operator's.</param>
    /// <param name="cancellation">Nothing was kept then.</param>
    public async Task<FeedOutcome> AcceptAsync(Stream file, FeedSender? sender, CancellationToken cancellation)
    {
        await using var transaction = await session.Connection.BeginTransactionAsync(cancellation);
        await session.ExecuteAsync(FeedTables.CreateStagedStatement, cancellation);
        // For as long as it takes to read the file: a thread of its own, since those of the pool answer terminals.
        var hash = await Task.Factory.StartNew(() => Stage(file, cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var (appliedBefore, superseded) = await CheckAsync(cancellation);
        if (_errors > 0) return new FeedOutcome.Rejected(_errors);

        var changes = await session.ScalarAsync<long>("SELECT count(*) FROM fresh", cancellation);
        if (changes == 0) return new FeedOutcome.NothingNew(appliedBefore, superseded);
        var (starts, fault) = await FeedSteps.DealAsync(session, _numbers, cancellation);
        if (fault is { } crowd)
        {
            Found(crowd);
            return new FeedOutcome.Rejected(_errors);
        }
        var batch = await KeepAsync(hash, (int)changes, starts, cancellation);
        var accepted = new FeedOutcome.Accepted(batch, appliedBefore, superseded);
        if (sender is not null && !await KeepReceiptAsync(sender, accepted, cancellation)) return new FeedOutcome.ShutOut();
        await transaction.CommitAsync(cancellation);
        listener.Progressed(FeedStage.Checking, Checks, Checks);
        return accepted;
    }

    /// <summary>Reads the file into the staged table; its hash.</summary>
    private byte[] Stage(Stream file, CancellationToken cancellation)
    {
        ChangeParser? parser = null;
        using var importer = session.Connection.BeginBinaryImport(FeedTables.CopyStagedStatement);
        importer.Timeout = TimeSpan.FromMinutes(30);
        var hash = FeedRows.Read(file, listener, Found, Take, cancellation);
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
            if (FeedHeader.Read(fields, Found) is not { } header) return false;
            parser = new ChangeParser(header, insurers.Keys.ToHashSet(), today, Found);
            return true;
        }
    }

    /// <summary>What the file says as a whole; rows that were applied before, and rows that come too late.</summary>
    private async Task<(long AppliedBefore, long Superseded)> CheckAsync(CancellationToken cancellation)
    {
        for (var i = 0; i < FeedChecks.Preparation.Count; i++)
        {
            await session.ExecuteAsync(FeedChecks.Preparation[i], cancellation);
            listener.Progressed(FeedStage.Checking, i + 1, Checks);
        }
        await session.ExecuteAsync(FeedChecks.Contradicting, cancellation, new NpgsqlParameter<DateOnly> { TypedValue = today });
        await session.ReadAsync(
            FeedChecks.Findings,
            row => Found(new FeedFault(row.GetBoolean(1) ? FeedSeverity.Error : FeedSeverity.Warning, row.GetInt32(0), row.GetString(3), row.GetString(4), (FindingCode)row.GetInt32(2))),
            cancellation,
            new NpgsqlParameter<string[]> { TypedValue = [.. insurers.Keys.Where(number => !number.CheckDigitFits).Select(number => number.ToString())] },
            new NpgsqlParameter<string[]> { TypedValue = [.. insurers.Where(insurer => insurer.Value is not null).Select(insurer => insurer.Key.ToString())] },
            new NpgsqlParameter<long[]> { TypedValue = [.. held.Select(batch => batch.Id)] });
        var superseded = 0L;
        await session.ReadAsync(
            FeedChecks.Superseded,
            row =>
            {
                superseded++;
                Found(new FeedFault(
                    FeedSeverity.Note, row.GetInt32(0), FeedColumn.Sequence.NameOf(), $"superseded: change {row.GetInt64(1)} of the same fact is in force", FindingCode.Superseded));
            },
            cancellation);
        var appliedBefore = await session.ScalarAsync<long>("SELECT count(*) FROM late", cancellation) - superseded;
        listener.Progressed(FeedStage.Checking, Checks - 1, Checks);
        return (appliedBefore, superseded);
    }

    private void Found(FeedFault fault)
    {
        if (fault.Severity == FeedSeverity.Error) _errors++;
        listener.Found(fault);
    }

    private async Task<FeedBatch> KeepAsync(byte[] hash, int changes, IReadOnlyList<long> starts, CancellationToken cancellation)
    {
        await session.ExecuteAsync(
            "INSERT INTO insurer (insurer_number, name) SELECT n.number, n.name FROM unnest($1, $2) AS n (number, name) WHERE n.name IS NOT NULL ON CONFLICT (insurer_number) DO NOTHING",
            cancellation,
            new NpgsqlParameter<string[]> { TypedValue = _numbers },
            new NpgsqlParameter<string?[]> { TypedValue = [.. insurers.Values] });
        var (id, acceptedAt) = (0L, default(DateTimeOffset));
        await session.ReadAsync(
            "INSERT INTO insurer_batch (insurers, file_hash, changes, steps) VALUES ($1, $2, $3, $4) RETURNING batch_id, accepted_at",
            row => (id, acceptedAt) = (row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1)),
            cancellation,
            new NpgsqlParameter<string[]> { TypedValue = _numbers },
            new NpgsqlParameter<byte[]> { TypedValue = hash },
            new NpgsqlParameter<int> { TypedValue = changes },
            new NpgsqlParameter<int> { TypedValue = starts.Count });
        await session.ExecuteAsync(
            $"""
            INSERT INTO insurer_batch_change (batch_id, step, {FeedTables.ChangeColumnNames})
            SELECT $1, width_bucket(h.lowest, $2) - 1, {FeedTables.ChangeColumnNames} FROM fresh JOIN home h USING (person_id)
            WHERE NOT EXISTS (SELECT FROM contradicting c WHERE c.line = fresh.line) ORDER BY 2, line
            """,
            cancellation,
            new NpgsqlParameter<long> { TypedValue = id },
            new NpgsqlParameter<long[]> { TypedValue = [.. starts] });
        await session.ExecuteAsync(
            $"""
            INSERT INTO person_review (batch_id, line, against, sequence, person_id, {FeedTables.Listed(FeedTables.PersonColumns)})
            SELECT $1, line, c.against, sequence, person_id, {FeedTables.Listed(FeedTables.PersonColumns)} FROM fresh JOIN contradicting c USING (line) ORDER BY line
            """,
            cancellation,
            new NpgsqlParameter<long> { TypedValue = id });
        return new FeedBatch(id, _numbers, changes, starts.Count, 0, acceptedAt, null);
    }

    /// <summary>False where the sender was shut out meanwhile, or this delivery of its was accepted by another gateway.</summary>
    private async Task<bool> KeepReceiptAsync(FeedSender sender, FeedOutcome.Accepted accepted, CancellationToken cancellation) => await session.ExecuteAsync(
        """
        INSERT INTO insurer_delivery (client_id, delivery_id, batch_id, receipt)
        SELECT c.client_id, $2, $3, $4 FROM insurer_client c WHERE c.client_id = $1 AND c.revoked_at IS NULL
        ON CONFLICT (client_id, delivery_id) DO NOTHING
        """,
        cancellation,
        new NpgsqlParameter<Guid> { TypedValue = sender.Client },
        new NpgsqlParameter<Guid> { TypedValue = sender.Delivery },
        new NpgsqlParameter<long> { TypedValue = accepted.Batch.Id },
        new NpgsqlParameter<byte[]> { TypedValue = sender.ReceiptOf(accepted) }) == 1;
}
