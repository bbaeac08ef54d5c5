using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Access;

/// <summary>A connection of the writer with its prepared statement. It is used for one group at a time, and closed after any failure.</summary>
/// <param name="pool">Where its connection is from.</param>
/// <param name="macs">Of the records.</param>
/// <param name="generation">Of the connections (<see cref="StoreHealth.Generation"/>).</param>
internal sealed class WriteSession(NpgsqlDataSource pool, RecordMacs macs, int generation) : IAsyncDisposable
{
    private readonly RecordStatement _statement = new(macs);
    private NpgsqlConnection? _connection;

    public int Generation => generation;

    /// <summary>Records the group in one transaction, and completes each record with what became of it.</summary>
    /// <param name="group">At most one record of an event.</param>
    /// <param name="deadline">Ends the statement, for nobody waits for it any more.</param>
    public async Task WriteAsync(List<PendingRecord> group, StoreDeadline deadline)
    {
        if (_connection is null)
        {
            _connection = await pool.OpenWithinAsync(deadline.Left, deadline.Token);
            await DurableSession.EnsureAsync(_connection, deadline.Token);
        }
        try
        {
            var (recorded, barred) = await _statement.ExecuteAsync(_connection, group.ConvertAll(static pending => pending.Entry), deadline.Token);
            // What is committed is answered, whatever becomes of the rest.
            List<PendingRecord>? others = null;
            foreach (var pending in group)
            {
                var salt = new Guid(pending.Entry.Salt);
                if (recorded.Contains(salt)) pending.Complete(new RecordOutcome(RecordState.Recorded));
                else if (barred.Contains(salt)) pending.Complete(new RecordOutcome(RecordState.Barred));
                else (others ??= []).Add(pending);
            }
            if (others is not null) await CompleteAsync(_connection, others, deadline.Token);
        }
        catch (Exception e) when (StoreFaults.IsOfBrokenConnection(e, _connection))
        {
            throw StoreFaults.BrokenConnection(e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _statement.Dispose();
        if (_connection is { } connection) await connection.DisposeAsync();
    }

    /// <summary>Those that were not inserted: either the event is known, or a version was overtaken.</summary>
    private static async Task CompleteAsync(NpgsqlConnection connection, List<PendingRecord> others, CancellationToken cancellation)
    {
        var known = await KeptAnswers.ReadAsync(connection, others.ConvertAll(static pending => pending.Entry.Key), cancellation);
        foreach (var pending in others)
        {
            pending.Complete(known.TryGetValue(pending.Entry.Key, out var answer)
                ? new RecordOutcome(RecordState.AnsweredBefore, answer)
                : new RecordOutcome(RecordState.Overtaken));
        }
    }
}
