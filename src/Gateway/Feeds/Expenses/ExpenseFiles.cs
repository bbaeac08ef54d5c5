using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Feeds.Insurers.Batches;
using Npgsql;

namespace EligibilityGateway.Gateway.Feeds.Expenses;

/// <summary>
/// Insurers' files of medical expenses. A file is checked whole, and stored in the same transaction: no answer at a desk depends on it,
/// so that there are no versions to raise and no steps to make of it.
/// </summary>
/// <param name="store">Connects as eg_insurer_feed.</param>
/// <param name="clock">For what lies ahead.</param>
internal sealed class ExpenseFiles(NpgsqlDataSource store, TimeProvider clock)
{
    /// <summary>Takes the file: whole, or not at all.</summary>
    /// <param name="file">Read once, from its beginning.</param>
    /// <param name="insurers">Whose expenses it may hold; the store knows them.</param>
    /// <param name="listener">Is told how it goes.</param>
    /// <param name="cancellation">Leaves no trace of the file.</param>
    public async Task<ExpenseOutcome> ImportAsync(Stream file, IReadOnlySet<InsurerNumber> insurers, IFeedListener listener, CancellationToken cancellation)
    {
        await using var session = await FeedSession.OpenAsync(store, InsurerBatches.Patience, cancellation);
        if (session is null) return new ExpenseOutcome.Busy();
        await using var transaction = await session.Connection.BeginTransactionAsync(cancellation);
        var errors = 0L;
        await session.ExecuteAsync(ExpenseTables.Create, cancellation);
        Stage(session.Connection, file, insurers, listener, Found, cancellation);
        foreach (var statement in ExpenseTables.Preparation) await session.ExecuteAsync(statement, cancellation);
        await session.ReadAsync(
            ExpenseTables.Findings,
            row => Found(new FeedFault(row.GetBoolean(1) ? FeedSeverity.Error : FeedSeverity.Warning, row.GetInt32(0), row.GetString(2), row.GetString(3))),
            cancellation);
        var superseded = 0L;
        await session.ReadAsync(
            ExpenseTables.Superseded,
            row =>
            {
                superseded++;
                Found(new FeedFault(FeedSeverity.Note, row.GetInt32(0), ExpenseHeader.NameOf(ExpenseColumn.Sequence), $"superseded: change {row.GetInt64(1)} of the same fact is in force"));
            },
            cancellation);
        listener.Progressed(FeedStage.Checking, 1, 1);
        if (errors > 0) return new ExpenseOutcome.Rejected(errors);

        var late = await session.ScalarAsync<long>("SELECT count(*) FROM late", cancellation);
        var fresh = await session.ScalarAsync<long>("SELECT count(*) FROM fresh", cancellation);
        await session.ExecuteAsync(ExpenseTables.InsertExpenses, cancellation);
        await session.ExecuteAsync(ExpenseTables.InsertMonths, cancellation);
        await transaction.CommitAsync(cancellation);
        listener.Progressed(FeedStage.Applying, fresh, fresh);
        return new ExpenseOutcome.Applied(fresh, late - superseded, superseded);

        void Found(FeedFault fault)
        {
            if (fault.Severity == FeedSeverity.Error) errors++;
            listener.Found(fault);
        }
    }

    private void Stage(
        NpgsqlConnection connection, Stream file, IReadOnlySet<InsurerNumber> insurers, IFeedListener listener, Action<FeedFault> found, CancellationToken cancellation)
    {
        using var importer = connection.BeginBinaryImport(ExpenseTables.Copy);
        ExpenseParser? parser = null;
        FeedRows.Read(file, listener, found, Take, cancellation);
        importer.Complete();

        bool Take(FeedFields fields, long line)
        {
            if (parser is not null)
            {
                if (parser.Parse(fields, line) is { } row) ExpenseTables.CopyRow(importer, row);
                return true;
            }
            // Without its columns nothing can be said of the lines.
            if (ExpenseHeader.Read(fields, found) is not { } header) return false;
            parser = new ExpenseParser(header, insurers, JapanTime.Today(clock), found);
            return true;
        }
    }
}
