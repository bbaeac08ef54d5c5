using Npgsql;

namespace EligibilityGateway.Gateway.Feeds.Insurers.Batches;

/// <summary>Applies an accepted batch, a transaction for each step. A step's mark commits with it: it is done once, however often it is begun.</summary>
internal static class BatchSteps
{
    private const int StepSeconds = 120;

    private const string Changes = "insurer_batch_change n WHERE n.batch_id = $1 AND n.step = $2";

    // New persons first, then the locks in ascending order, then what is said of them: as a delivery does it.
    private static readonly string[] Statements =
    [
        "SET LOCAL lock_timeout = '5s'",
        "INSERT INTO insurer_batch_step (batch_id, step) VALUES ($1, $2)",
        $"INSERT INTO person (person_id) SELECT DISTINCT n.person_id FROM {Changes} AND n.fact_kind = 1 ORDER BY 1 ON CONFLICT (person_id) DO NOTHING",
        $"SELECT lock_persons(ARRAY(SELECT DISTINCT n.person_id FROM {Changes}))",
        Put(FactKind.Person, "person_detail", "person_id", FeedTables.PersonColumns, ""),
        .. FeedTables.Facts.Select(table => Put(table.Kind, table.Name, table.IdColumn, table.Columns, "person_id, withdrawn, ")),
        // Whose coverage is new and who says nothing of the person takes it as it is, so that others change nothing in its answers later.
        $"SELECT take_over_statements(array_agg(n.person_id), array_agg(n.insurer_number)) FROM {Changes} AND n.fact_kind = {(int)FactKind.Coverage} AND NOT n.withdrawn",
    ];

    public static async Task ApplyAsync(NpgsqlConnection connection, long batch, int step, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var statements = new NpgsqlBatch(connection, transaction) { Timeout = StepSeconds };
        foreach (var sql in Statements)
        {
            var command = new NpgsqlBatchCommand(sql);
            if (sql.Contains('$', StringComparison.Ordinal))
            {
                command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = batch });
                command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = step });
            }
            statements.BatchCommands.Add(command);
        }
        await statements.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    // Several changes of one fact become revisions in the order of their numbers.
    private static string Put(FactKind kind, string table, string id, string[] columns, string besides)
    {
        var names = besides + FeedTables.Listed(columns);
        return $"""
            INSERT INTO {table} ({id}, revision, sequence, {names})
            SELECT n.fact_id, coalesce((SELECT max(f.revision) FROM {table} f WHERE f.{id} = n.fact_id), -1)
                    + row_number() OVER (PARTITION BY n.fact_id ORDER BY n.sequence, n.line),
                n.sequence, {names}
            FROM {Changes} AND n.fact_kind = {(int)kind}
            """;
    }
}
