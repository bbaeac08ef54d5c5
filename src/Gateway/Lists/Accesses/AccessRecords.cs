using System.Runtime.CompilerServices;
using EligibilityGateway.Gateway.Access;
using EligibilityGateway.Gateway.Storage;
using Npgsql;
using NpgsqlTypes;

namespace EligibilityGateway.Gateway.Lists.Accesses;

/// <summary>Reads as eg_auditor, which may see nothing but what it has put on record before.</summary>
/// <param name="store">Connects as eg_auditor.</param>
/// <param name="macs">Checks each record.</param>
public sealed class AccessRecords(NpgsqlDataSource store, RecordMacs macs)
{
    private const int RecordSeconds = 60;

    /// <summary>Of a terminal or an institution all records of the days asked for are read through.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(30);

    /// <summary>Puts the look on record, for good.</summary>
    /// <returns>Its number; null where the store knows no such person, terminal or institution: then nothing was recorded.</returns>
    public async Task<long?> RecordAsync(AccessLook look, CancellationToken cancellation)
    {
        await using var connection = await store.OpenPatientlyAsync(cancellation);
        await using var command = new NpgsqlCommand("SELECT record_access_look($1, $2, $3, $4, $5, $6, $7)", connection)
        {
            Parameters =
            {
                Parameter(NpgsqlDbType.Text, look.AskedBy),
                Parameter(NpgsqlDbType.Text, look.Reason),
                Parameter(NpgsqlDbType.Bigint, look.Person),
                Parameter(NpgsqlDbType.Uuid, look.Terminal),
                Parameter(NpgsqlDbType.Text, look.Institution?.ToString()),
                Parameter(NpgsqlDbType.Date, look.FirstDay),
                Parameter(NpgsqlDbType.Date, look.LastDay),
            },
            CommandTimeout = RecordSeconds,
        };
        return await command.ExecuteScalarAsync(cancellation) as long?;
    }

    /// <summary>The records that a recorded look is for, in the order of their events, one after the other, however many there are.</summary>
    public async IAsyncEnumerable<RecordedAccess> ReadAsync(long look, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var connection = await store.OpenPatientlyAsync(cancellation);
        // Called in the list of columns the function hands on row by row; called in FROM, Postgres would keep all of them first.
        await using var command = new NpgsqlCommand(
            "SELECT (r).event_time, (r).event_id, (r).terminal_id, (r).revision, (r).person_id, (r).canonical, (r).salt, (r).mac FROM (SELECT access_records_of($1) AS r OFFSET 0) AS rows", connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = look } },
            CommandTimeout = (int)Deadline.TotalSeconds,
        };
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            yield return Read(rows);
        }
    }

    private RecordedAccess Read(NpgsqlDataReader row)
    {
        var (time, eventId, terminal, revision) = (row.GetFieldValue<DateTimeOffset>(0), row.GetGuid(1), row.GetGuid(2), row.GetInt16(3));
        var person = row.IsDBNull(4) ? null : (long?)row.GetInt64(4);
        var (canonical, salt, mac) = (row.GetFieldValue<byte[]>(5), row.GetFieldValue<byte[]>(6), row.IsDBNull(7) ? null : row.GetFieldValue<byte[]>(7));
        var state = macs.Check(salt, canonical, mac);
        try
        {
            var record = CanonicalRecord.Read(canonical);
            return (record.EventId.Value, record.TerminalId, record.PersonId) == (eventId, terminal, person)
                ? new RecordedAccess(time, eventId, terminal, revision, record, "", state)
                // A true record, written once more in another's place.
                : new RecordedAccess(time, eventId, terminal, revision, null, "An access record of another event, terminal or person than its row.", RecordMacState.Wrong);
        }
        catch (FormatException e)
        {
            return new RecordedAccess(time, eventId, terminal, revision, null, e.Message, state);
        }
    }

    private static NpgsqlParameter Parameter(NpgsqlDbType type, object? value) => new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };
}
