using Dapper;
using Npgsql;

namespace EligibilityGateway.Demo.Population;

/// <summary>
/// The note in the database of which population it holds, and whether its load came to its end. The load is several transactions; the
/// note, made before the first and finished after the last, is what tells a whole population from half of one.
/// </summary>
internal sealed record PopulationMark(ulong Seed, long People, bool IsComplete)
{
    /// <summary>The note; null where there is none.</summary>
    public static async Task<PopulationMark?> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var exists = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT to_regclass('synthetic_population') IS NOT NULL", cancellationToken: cancellation));
        if (!exists) return null;
        var row = await connection.QuerySingleOrDefaultAsync<(string Seed, long People, bool IsComplete)?>(new CommandDefinition(
            "SELECT seed, people, finished_at IS NOT NULL FROM synthetic_population", cancellationToken: cancellation));
        return row is { } found ? new PopulationMark(ulong.Parse(found.Seed), found.People, found.IsComplete) : null;
    }

    public static Task BeginAsync(NpgsqlConnection connection, SyntheticPopulation population, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            CREATE TABLE IF NOT EXISTS synthetic_population (
                only_one    boolean PRIMARY KEY DEFAULT true CHECK (only_one),
                seed        text   NOT NULL,
                people      bigint NOT NULL,
                started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
                finished_at timestamptz
            );
            INSERT INTO synthetic_population (seed, people) VALUES (@seed, @people)
            ON CONFLICT (only_one) DO UPDATE SET seed = @seed, people = @people, started_at = clock_timestamp(), finished_at = NULL;
            """,
            new { seed = population.Seed.ToString(), people = population.People },
            cancellationToken: cancellation));

    public static Task FinishAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            "UPDATE synthetic_population SET finished_at = clock_timestamp()", cancellationToken: cancellation));
}
