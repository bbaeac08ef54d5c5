using Dapper;
using Npgsql;

namespace EligibilityGateway.Gateway.Access;

/// <summary>Writes journalled entries to Postgres: the database's <c>record_journalled</c>, which says what it does.</summary>
internal static class DrainStatement
{
    private const string Record = """
        SELECT missing AS "Missing", unregistered AS "Unregistered"
          FROM record_journalled(@eventId, @terminalId, @personId, @validity, @reason, @requestHash, @canonical, @salt, @mac, @answer)
        """;

    /// <summary>Returns once every entry is in the table.</summary>
    /// <exception cref="UnregisteredTerminalException">The register does not have the terminal of one of them; nothing was written.</exception>
    /// <exception cref="TimeoutException">Other writers came first, again and again.</exception>
    public static async Task ExecuteAsync(NpgsqlConnection connection, IReadOnlyList<Entry> entries, RecordMacs macs, CancellationToken cancellation)
    {
        var parameters = new
        {
            eventId = entries.Select(e => e.EventId).ToArray(),
            terminalId = entries.Select(e => e.TerminalId).ToArray(),
            personId = entries.Select(e => e.PersonId).ToArray(),
            validity = entries.Select(e => e.Validity).ToArray(),
            reason = entries.Select(e => e.Reason).ToArray(),
            requestHash = entries.Select(e => e.RequestHash).ToArray(),
            canonical = entries.Select(e => e.Canonical).ToArray(),
            salt = entries.Select(e => e.Salt).ToArray(),
            mac = entries.Select(e => macs.Of(e.Salt, e.Canonical)).ToArray(),
            answer = entries.Select(e => e.SealedAnswer).ToArray(),
        };
        var (missing, unregistered) = await connection.QuerySingleAsync<Outcome>(new CommandDefinition(Record, parameters, cancellationToken: cancellation));
        if (unregistered is { } terminal) throw new UnregisteredTerminalException(terminal);
        if (missing > 0) throw new TimeoutException("Other writers took the same revisions again and again.");
    }

    private sealed record Outcome(long Missing, Guid? Unregistered);
}
