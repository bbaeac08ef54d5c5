using EligibilityGateway.Contracts;
using EligibilityGateway.Rules.Applications;
using Npgsql;
using NpgsqlTypes;

namespace EligibilityGateway.Gateway.Applications;

/// <summary>Where applications stand, as the card office told. Read from Postgres at each question: there are few, and none is kept.</summary>
public static class ApplicationRegister
{
    /// <summary>The state of the application with this id and birth date; null where there is none, whichever of the two is wrong.</summary>
    public static async Task<ApplicationReport?> FindAsync(NpgsqlConnection connection, CardApplicationId id, DateOnly birthDate, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT s.state, s.on_day, s.place FROM card_application a JOIN card_application_state s USING (application_id)
             WHERE a.application_id = $1 AND a.birth_date = $2 ORDER BY s.revision DESC LIMIT 1
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id.ToString() });
        command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = birthDate, NpgsqlDbType = NpgsqlDbType.Date });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new ApplicationReport((ApplicationStep)reader.GetInt16(0), reader.GetFieldValue<DateOnly>(1), reader.GetString(2))
            : null;
    }
}
