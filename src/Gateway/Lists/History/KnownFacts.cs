using System.Text.Json;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Rules.Facts;
using Npgsql;

namespace EligibilityGateway.Gateway.Lists.History;

/// <summary>Reads as eg_history, which may see nothing but what it has put on record before.</summary>
/// <param name="store">Connects as eg_history.</param>
public sealed class KnownFacts(NpgsqlDataSource store)
{
    private const int StatementSeconds = 60;

    /// <summary>
    /// Records the access, for good, and then reads the person's facts as they were known. A fact counts from the moment at which it was
    /// written; who looked while that was being committed may not have had it yet.
    /// </summary>
    /// <returns>Null where the store knows nobody of that number: then nothing was recorded.</returns>
    public async Task<PersonSnapshot?> ReadAsync(HistoryAccess access, CancellationToken cancellation)
    {
        await using var connection = await store.OpenPatientlyAsync(cancellation);
        if (await RecordAsync(connection, access, cancellation) is not { } recorded) return null;
        await using var command = new NpgsqlCommand("SELECT facts_known_then($1)::text", connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = recorded } },
            CommandTimeout = StatementSeconds,
        };
        var facts = (string)(await command.ExecuteScalarAsync(cancellation))!;
        return JsonSerializer.Deserialize<PersonSnapshot>(facts);
    }

    private static async Task<long?> RecordAsync(NpgsqlConnection connection, HistoryAccess access, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT record_history_access($1, $2, $3, $4, $5)", connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = access.AskedBy },
                new NpgsqlParameter<string> { TypedValue = access.Reason },
                new NpgsqlParameter<long> { TypedValue = access.Person },
                new NpgsqlParameter<DateOnly> { TypedValue = access.ServiceDate },
                new NpgsqlParameter<DateTime> { TypedValue = access.KnownAt.UtcDateTime },
            },
            CommandTimeout = StatementSeconds,
        };
        return await command.ExecuteScalarAsync(cancellation) as long?;
    }
}
