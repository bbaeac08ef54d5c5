using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Rules.Applications;
using Npgsql;

namespace EligibilityGateway.Gateway.Feeds.CardOffice;

/// <summary>
/// The card office's reports of applications for a card. An application only goes on: a report that is older than what is known changes
/// nothing, so that the same file again does no harm.
/// </summary>
/// <param name="store">Connects as eg_card_office.</param>
public sealed class ApplicationFeed(NpgsqlDataSource store)
{
    /// <summary>Most applications of one transaction.</summary>
    public const int MostAtOnce = 2_000;

    private const int CommandSeconds = 30;

    /// <summary>Any number, as long as it is the same everywhere: reports are written one after the other.</summary>
    private const long ReportLock = 0x6361_7264_6170;

    /// <summary>Takes reports, in one transaction; what became of each, in their order. Where one names another birth date, none is taken.</summary>
    /// <param name="entries">The reports.</param>
    /// <param name="cancellation">Until the transaction is committed nothing was taken.</param>
    /// <param name="fileHash">The SHA-256 of the file that they came with; null where they are told by hand.</param>
    public async Task<IReadOnlyList<ApplicationOutcome>> ReportAsync(IReadOnlyList<ApplicationEntry> entries, CancellationToken cancellation, byte[]? fileHash = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entries.Count, MostAtOnce);
        await using var connection = await store.OpenPatientlyAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var locking = Command(connection, "SELECT pg_advisory_xact_lock($1)", new NpgsqlParameter<long> { TypedValue = ReportLock }))
            await locking.ExecuteNonQueryAsync(cancellation);
        var known = await ReadAsync(connection, entries, cancellation);
        var (outcomes, fresh) = Fold(entries, known);
        if (fresh.Count == 0 || outcomes.Contains(ApplicationOutcome.AnotherBirthDate)) return outcomes;
        await InsertAsync(connection, fresh, cancellation);
        if (fileHash is not null) await FileHash.RecordAsync(connection, "applications", fileHash, cancellation);
        await transaction.CommitAsync(cancellation);
        return outcomes;
    }

    /// <summary>Those of the entries that name another birth date than the store, or than an earlier one of them; nothing is written.</summary>
    public async Task<IReadOnlyList<ApplicationEntry>> FindMismatchedAsync(IReadOnlyList<ApplicationEntry> entries, CancellationToken cancellation)
    {
        await using var connection = await store.OpenPatientlyAsync(cancellation);
        var (outcomes, _) = Fold(entries, await ReadAsync(connection, entries, cancellation));
        return [.. entries.Where((_, i) => outcomes[i] == ApplicationOutcome.AnotherBirthDate)];
    }

    private static (ApplicationOutcome[] Outcomes, List<(ApplicationEntry Entry, int Revision)> Fresh) Fold(
        IReadOnlyList<ApplicationEntry> entries, Dictionary<string, Known> known)
    {
        var outcomes = new ApplicationOutcome[entries.Count];
        var fresh = new List<(ApplicationEntry, int)>();
        for (var i = 0; i < outcomes.Length; i++)
        {
            var (id, entry) = (entries[i].Id.ToString(), entries[i]);
            var isKnown = known.TryGetValue(id, out var latest);
            if (isKnown && latest.BirthDate != entry.BirthDate)
            {
                outcomes[i] = ApplicationOutcome.AnotherBirthDate;
            }
            else if (isKnown && !GoesOn(latest.Report, entry.Report))
            {
                outcomes[i] = ApplicationOutcome.AlreadySo;
            }
            else
            {
                var next = new Known(entry.BirthDate, isKnown ? latest.Revision + 1 : 0, entry.Report);
                known[id] = next;
                fresh.Add((entry, next.Revision));
            }
        }
        return (outcomes, fresh);
    }

    /// <summary>A further step, or the same one again on a later day, or with another place.</summary>
    private static bool GoesOn(ApplicationReport latest, ApplicationReport next) =>
        next.Step > latest.Step || (next.Step == latest.Step && (next.On > latest.On || (next.On == latest.On && next.Place != latest.Place)));

    private static async Task<Dictionary<string, Known>> ReadAsync(NpgsqlConnection connection, IReadOnlyList<ApplicationEntry> entries, CancellationToken cancellation)
    {
        await using var command = Command(
            connection,
            """
            SELECT DISTINCT ON (a.application_id) a.application_id, a.birth_date, s.revision, s.state, s.on_day, s.place
              FROM card_application a JOIN card_application_state s USING (application_id)
             WHERE a.application_id = ANY ($1) ORDER BY a.application_id, s.revision DESC
            """,
            new NpgsqlParameter<string[]> { TypedValue = [.. entries.Select(entry => entry.Id.ToString()).Distinct()] });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var known = new Dictionary<string, Known>();
        while (await reader.ReadAsync(cancellation))
        {
            var report = new ApplicationReport((ApplicationStep)reader.GetInt16(3), reader.GetFieldValue<DateOnly>(4), reader.GetString(5));
            known.Add(reader.GetString(0), new Known(reader.GetFieldValue<DateOnly>(1), reader.GetInt32(2), report));
        }
        return known;
    }

    private static async Task InsertAsync(NpgsqlConnection connection, List<(ApplicationEntry Entry, int Revision)> fresh, CancellationToken cancellation)
    {
        var begun = fresh.Where(row => row.Revision == 0).ToList();
        await using (var command = Command(
            connection,
            "INSERT INTO card_application (application_id, birth_date) SELECT * FROM unnest($1, $2)",
            new NpgsqlParameter<string[]> { TypedValue = [.. begun.Select(row => row.Entry.Id.ToString())] },
            new NpgsqlParameter<DateOnly[]> { TypedValue = [.. begun.Select(row => row.Entry.BirthDate)] }))
            await command.ExecuteNonQueryAsync(cancellation);
        await using (var command = Command(
            connection,
            "INSERT INTO card_application_state (application_id, revision, state, on_day, place) SELECT * FROM unnest($1, $2, $3, $4, $5)",
            new NpgsqlParameter<string[]> { TypedValue = [.. fresh.Select(row => row.Entry.Id.ToString())] },
            new NpgsqlParameter<int[]> { TypedValue = [.. fresh.Select(row => row.Revision)] },
            new NpgsqlParameter<short[]> { TypedValue = [.. fresh.Select(row => (short)row.Entry.Report.Step)] },
            new NpgsqlParameter<DateOnly[]> { TypedValue = [.. fresh.Select(row => row.Entry.Report.On)] },
            new NpgsqlParameter<string[]> { TypedValue = [.. fresh.Select(row => row.Entry.Report.Place)] }))
            await command.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = CommandSeconds };
        command.Parameters.AddRange(parameters);
        return command;
    }

    private readonly record struct Known(DateOnly BirthDate, int Revision, ApplicationReport Report);
}
