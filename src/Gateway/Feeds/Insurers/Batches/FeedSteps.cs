using EligibilityGateway.Contracts.V1;
using Npgsql;

namespace EligibilityGateway.Gateway.Feeds.Insurers.Batches;

/// <summary>
/// Deals the persons of a file out to steps of at most <see cref="MaxPersons"/>. Persons who share insurer, symbol and number are a
/// household and stay together, and so do the households of a person who is in several: a fact's changes keep their order.
/// </summary>
internal static class FeedSteps
{
    /// <summary>Whoever follows Postgres' log decodes a transaction in one piece: it must stay small.</summary>
    public const int MaxPersons = 2_000;

    // A person counts to the household of the coverage that the file is about, else of the one that the store has last.
    private const string Members = """
        CREATE TEMPORARY TABLE member ON COMMIT DROP AS
        SELECT DISTINCT n.person_id, document_key_of(n.insurer_number, n.symbol, n.number) AS household FROM fresh n WHERE n.fact_kind = 2
        UNION ALL
        SELECT p.person_id, stored.document_key
        FROM (SELECT DISTINCT n.person_id FROM fresh n WHERE NOT EXISTS (SELECT FROM fresh c WHERE c.fact_kind = 2 AND c.person_id = n.person_id)) p
        CROSS JOIN LATERAL (
            SELECT c.document_key FROM coverage c WHERE c.person_id = p.person_id AND c.insurer_number = ANY ($1)
            ORDER BY c.acquired_on DESC, c.revision DESC LIMIT 1) stored
        """;

    // The lowest number of those who belong together names them: neighbours in number, whose rows lie near each other, share a step.
    private const string Homes = "CREATE TEMPORARY TABLE home ON COMMIT DROP AS SELECT DISTINCT person_id, person_id AS lowest FROM fresh";

    private const string Join = """
        UPDATE home h SET lowest = near.lowest
        FROM (
            SELECT m.person_id, min(shared.lowest) AS lowest
            FROM member m JOIN (
                SELECT m.household, min(h.lowest) AS lowest FROM member m JOIN home h USING (person_id) GROUP BY m.household HAVING count(*) > 1) shared USING (household)
            GROUP BY m.person_id) near
        WHERE near.person_id = h.person_id AND near.lowest < h.lowest
        """;

    /// <summary>The lowest number of each step, ascending; a fault where more belong together than a step may hold.</summary>
    public static async Task<(IReadOnlyList<long> Starts, FeedFault? Fault)> DealAsync(FeedSession session, string[] insurers, CancellationToken cancellation)
    {
        await session.ExecuteAsync(Members, cancellation, new NpgsqlParameter<string[]> { TypedValue = insurers });
        foreach (var statement in (string[])["ANALYZE member", Homes, "ANALYZE home"]) await session.ExecuteAsync(statement, cancellation);
        // Ends: numbers only go down. A household takes one round; each further round is one more person who links two households.
        while (await session.ExecuteAsync(Join, cancellation) > 0)
        {
        }
        var starts = new List<long>();
        var (inStep, tooMany) = (0L, (long?)null);
        await session.ReadAsync("SELECT lowest, count(*) FROM home GROUP BY lowest ORDER BY lowest", Deal, cancellation);
        if (tooMany is not { } crowd) return (starts, null);
        FeedFault? fault = null;
        await session.ReadAsync(
            "SELECT min(n.line) FROM fresh n JOIN home h USING (person_id) WHERE h.lowest = $1 AND n.fact_kind = 2",
            row => fault = FeedFault.Error(row.GetInt32(0), "number", $"more than {MaxPersons} persons share this insurer, symbol and number, and are changed at once", FindingCode.TooMany),
            cancellation,
            new NpgsqlParameter<long> { TypedValue = crowd });
        return (starts, fault);

        void Deal(NpgsqlDataReader row)
        {
            var (lowest, persons) = (row.GetInt64(0), row.GetInt64(1));
            if (persons > MaxPersons) tooMany ??= lowest;
            if (starts.Count == 0 || inStep + persons > MaxPersons)
            {
                starts.Add(lowest);
                inStep = 0;
            }
            inStep += persons;
        }
    }
}
