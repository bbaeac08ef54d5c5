using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Feeds.Insurers.Batches;

/// <summary>
/// Insurers' files. A file is checked whole before anything of it is kept; then it is accepted, which is durable, and applied step by
/// step. What was accepted is applied in the end, by this import or by the next.
/// </summary>
/// <param name="store">Connects as eg_insurer_feed.</param>
/// <param name="clock">For what lies too far ahead.</param>
public sealed class InsurerBatches(NpgsqlDataSource store, TimeProvider clock)
{
    /// <summary>How long an import waits for another one to end, unless said otherwise.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Finishes what an earlier import left, then takes the file: whole, or not at all.</summary>
    /// <param name="file">Read once, from its beginning.</param>
    /// <param name="insurers">Whose changes it may hold, and the names of those that the store may not know yet.</param>
    /// <param name="listener">Is told how it goes.</param>
    /// <param name="cancellation">Leaves an accepted batch to the next import.</param>
    public async Task<FeedOutcome> ImportAsync(
        Stream file, IReadOnlyDictionary<InsurerNumber, string?> insurers, IFeedListener listener, CancellationToken cancellation)
    {
        await using var session = await FeedSession.OpenAsync(store, Patience, cancellation);
        if (session is null) return new FeedOutcome.Busy();
        var outcome = await AcceptAsync(session, file, insurers, sender: null, listener, cancellation);
        if (outcome is not FeedOutcome.Accepted { Batch: var batch } accepted) return outcome;
        return await BatchApplication.ApplyAsync(session, batch, listener, cancellation) is { } refusal
            ? new FeedOutcome.Held(batch with { Refusal = refusal })
            : new FeedOutcome.Applied(batch, accepted.AppliedBefore, accepted.Superseded);
    }

    /// <summary>Finishes what is unfinished, then takes what was sent over the wire, and leaves it to be applied by the next import or resumption.</summary>
    /// <param name="content">Read once, from its beginning.</param>
    /// <param name="insurers">Whose changes it may hold, and the names of those that the store may not know yet.</param>
    /// <param name="sender">Who sent it.</param>
    /// <param name="listener">Is told how it goes.</param>
    /// <param name="patience">How long it waits for another import.</param>
    /// <param name="cancellation">Until the batch is accepted nothing was kept.</param>
    public async Task<FeedOutcome> AcceptAsync(
        Stream content, IReadOnlyDictionary<InsurerNumber, string?> insurers, FeedSender sender, IFeedListener listener, TimeSpan patience, CancellationToken cancellation)
    {
        await using var session = await FeedSession.OpenAsync(store, patience, cancellation);
        return session is null ? new FeedOutcome.Busy() : await AcceptAsync(session, content, insurers, sender, listener, cancellation);
    }

    /// <summary>Finishes what an earlier import left; null where another import is at work.</summary>
    public async Task<FeedResumption?> ResumeAsync(IFeedListener listener, CancellationToken cancellation)
    {
        await using var session = await FeedSession.OpenAsync(store, Patience, cancellation);
        return session is null ? null : await BatchApplication.ResumeAsync(session, listener, cancellation);
    }

    /// <summary>Whether a batch is accepted and not wholly in force.</summary>
    public async Task<bool> AnyUnfinishedAsync(CancellationToken cancellation)
    {
        await using var command = store.CreateCommand("SELECT EXISTS (SELECT FROM insurer_batch WHERE applied_at IS NULL)");
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>The batches that were accepted, the newest first, but for those that are unfinished: they stand before all others.</summary>
    public async Task<IReadOnlyList<FeedBatch>> ListAsync(int atMost, CancellationToken cancellation)
    {
        await using var command = store.CreateCommand($"{BatchTable.Query} ORDER BY b.applied_at IS NULL DESC, b.batch_id DESC LIMIT $1");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = atMost });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var batches = new List<FeedBatch>();
        while (await reader.ReadAsync(cancellation)) batches.Add(BatchTable.Read(reader));
        return batches;
    }

    /// <summary>A delivery that was accepted, as it stands now; null where there is none under the id.</summary>
    public async Task<KeptDelivery?> FindAsync(Guid client, Guid delivery, CancellationToken cancellation)
    {
        await using var connection = await store.OpenPatientlyAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var sql in (string[])
        [
            "SELECT b.file_hash, d.receipt FROM insurer_delivery d JOIN insurer_batch b USING (batch_id) WHERE d.client_id = $1 AND d.delivery_id = $2",
            $"{BatchTable.Query} WHERE b.batch_id = (SELECT d.batch_id FROM insurer_delivery d WHERE d.client_id = $1 AND d.delivery_id = $2)",
        ])
        {
            var command = new NpgsqlBatchCommand(sql);
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = client });
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = delivery });
            batch.BatchCommands.Add(command);
        }
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation)) return null;
        var (hash, receipt) = (reader.GetFieldValue<byte[]>(0), reader.GetFieldValue<byte[]>(1));
        await reader.NextResultAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new KeptDelivery(BatchTable.Read(reader), hash, receipt);
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

    private async Task<FeedOutcome> AcceptAsync(
        FeedSession session, Stream file, IReadOnlyDictionary<InsurerNumber, string?> insurers, FeedSender? sender, IFeedListener listener, CancellationToken cancellation)
    {
        var held = (await BatchApplication.ResumeAsync(session, listener, cancellation)).Held;
        if (held.FirstOrDefault(batch => batch.Insurers.Any(number => insurers.Keys.Any(own => own.ToString() == number))) is { } inTheWay)
            return new FeedOutcome.Blocked(inTheWay);
        var outcome = await new BatchAcceptance(session, insurers, held, JapanTime.Today(clock), listener).AcceptAsync(file, sender, cancellation);
        if (outcome is FeedOutcome.Accepted accepted) listener.Accepted(accepted.Batch);
        return outcome;
    }
}
