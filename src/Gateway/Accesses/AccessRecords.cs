using System.Runtime.CompilerServices;
using EligibilityGateway.Gateway.Access;
using EligibilityGateway.Gateway.Storage;
using Npgsql;
using NpgsqlTypes;

namespace EligibilityGateway.Gateway.Accesses;

/// <summary>Reads as eg_auditor, which may see nothing but what it has put on record before.</summary>
/// <param name="store">Connects as eg_auditor.</param>
public sealed class AccessRecords(NpgsqlDataSource store)
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
            "SELECT (r).event_time, (r).event_id, (r).terminal_id, (r).revision, (r).canonical FROM (SELECT access_records_of($1) AS r OFFSET 0) AS rows", connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = look } },
            CommandTimeout = (int)Deadline.TotalSeconds,
        };
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var (record, fault) = Decoded(rows.GetFieldValue<byte[]>(4));
            yield return new RecordedAccess(rows.GetFieldValue<DateTimeOffset>(0), rows.GetGuid(1), rows.GetGuid(2), rows.GetInt16(3), record, fault);
        }
    }

    private static (AccessRecord? Record, string Fault) Decoded(byte[] canonical)
    {
        try
        {
            return (CanonicalRecord.Read(canonical), "");
        }
        catch (FormatException e)
        {
            return (null, e.Message);
        }
    }

    private static NpgsqlParameter Parameter(NpgsqlDbType type, object? value) => new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };
}
