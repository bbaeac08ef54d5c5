using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.Gateway.Feeds.Insurers.Batches;

/// <summary>
/// What is asked of a staged file as a whole, against itself and against the store. Everything is a statement over all rows at once.
/// Rows that were found at fault before take part as what others may refer to, and are not asked about again.
/// </summary>
internal static class FeedChecks
{
    // Numbers ascend with the revisions, so the last one is the highest; facts are asked for in the order in which they lie. What was
    // applied before is looked up row by row, in a query of one row each: few rows are late, and no table is to be read whole for them.
    /// <summary>In this order. <c>known</c>: what the store has of the facts; <c>late</c>: rows that come too late, or were applied before; <c>fresh</c>: all others, completed.</summary>
    public static IReadOnlyList<string> Preparation { get; } =
    [
        "ANALYZE staged",
        $"""
        CREATE TEMPORARY TABLE known ON COMMIT DROP AS
        SELECT 1::smallint AS fact_kind, d.person_id AS fact_id, d.valid_from AS of_day, d.person_id, d.insurer_number, max(d.sequence) AS sequence
        FROM (
            SELECT d.person_id, d.valid_from, d.insurer_number, d.sequence FROM person_detail d
            WHERE (d.person_id, d.valid_from, d.insurer_number) IN (SELECT s.person_id, s.valid_from, s.insurer_number FROM staged s WHERE s.fact_kind = 1)
            UNION ALL
            SELECT r.person_id, r.valid_from, r.insurer_number, r.sequence FROM person_review r
            WHERE (r.person_id, r.valid_from, r.insurer_number) IN (SELECT s.person_id, s.valid_from, s.insurer_number FROM staged s WHERE s.fact_kind = 1)) d
        GROUP BY d.person_id, d.valid_from, d.insurer_number
        HAVING max(d.sequence) IS NOT NULL
        {Each(table => $"""
            UNION ALL
            SELECT {(int)table.Kind}, k.fact_id, NULL, latest.person_id, {(table.Kind == FactKind.Coverage
                ? "latest.insurer_number"
                : "(SELECT c.insurer_number FROM coverage c WHERE c.coverage_id = latest.coverage_id ORDER BY c.revision DESC LIMIT 1)")},
                (SELECT f.sequence FROM {table.Name} f WHERE f.{table.IdColumn} = k.fact_id AND f.sequence IS NOT NULL ORDER BY f.revision DESC LIMIT 1)
            FROM (SELECT DISTINCT s.fact_id FROM staged s WHERE s.fact_kind = {(int)table.Kind} ORDER BY s.fact_id) k
            CROSS JOIN LATERAL (SELECT f.* FROM {table.Name} f WHERE f.{table.IdColumn} = k.fact_id ORDER BY f.revision DESC LIMIT 1) latest
            """)}
        """,
        "ANALYZE known",
        $"""
        CREATE TEMPORARY TABLE late ON COMMIT DROP AS
        SELECT n.line, k.sequence AS applied_sequence, f.revision IS NOT NULL AS applied,
            f.revision IS NOT NULL AND {Differ(FeedTables.PersonColumns)} AS differs
        FROM staged n JOIN known k USING (fact_kind, fact_id)
        LEFT JOIN LATERAL (
            SELECT d.revision, {FeedTables.Listed(FeedTables.PersonColumns, "d.")} FROM person_detail d
            WHERE d.person_id = n.person_id AND d.valid_from = n.valid_from AND d.insurer_number = n.insurer_number AND d.sequence = n.sequence
            UNION ALL
            SELECT -1, {FeedTables.Listed(FeedTables.PersonColumns, "r.")} FROM person_review r
            WHERE r.person_id = n.person_id AND r.valid_from = n.valid_from AND r.insurer_number = n.insurer_number AND r.sequence = n.sequence
            LIMIT 1) f ON true
        WHERE n.fact_kind = 1 AND k.of_day = n.valid_from AND k.insurer_number = n.insurer_number AND n.sequence <= k.sequence AND NOT n.faulty
        {Each(table => $"""
            UNION ALL
            SELECT n.line, k.sequence, f.revision IS NOT NULL,
                f.revision IS NOT NULL AND CASE n.action
                    WHEN 5 THEN NOT f.withdrawn
                    {(table.Kind == FactKind.Coverage ? $"WHEN 3 THEN f.withdrawn OR {Differ(["lost_on", "loss_reason"])}" : "")}
                    ELSE f.withdrawn OR {Differ(table.Columns)} END
            FROM staged n JOIN known k USING (fact_kind, fact_id)
            LEFT JOIN LATERAL (SELECT d.* FROM {table.Name} d WHERE d.{table.IdColumn} = n.fact_id AND d.sequence = n.sequence LIMIT 1) f ON true
            WHERE n.fact_kind = {(int)table.Kind} AND k.person_id = n.person_id AND k.insurer_number = n.insurer_number AND n.sequence <= k.sequence AND NOT n.faulty
            """)}
        """,
        "ANALYZE late",
        "CREATE TEMPORARY TABLE fresh ON COMMIT DROP AS SELECT s.* FROM staged s WHERE NOT EXISTS (SELECT FROM late l WHERE l.line = s.line)",
        "CREATE INDEX ON fresh (fact_id)",
        "ANALYZE fresh",
        // Most facts have one row: what rows say against each other is asked of the others alone.
        "CREATE TEMPORARY TABLE repeated ON COMMIT DROP AS SELECT fact_kind, fact_id FROM staged GROUP BY fact_kind, fact_id HAVING count(*) > 1",
        "ANALYZE repeated",
        // An end gives a day to what was said before, by the file or else by the store; a withdrawal repeats all of it.
        Completion(FeedTables.Facts[0], RowAction.End, ["insurer_number", "lost_on", "loss_reason"]),
        .. FeedTables.Facts.Select(table => Completion(table, RowAction.Withdrawal, ["insurer_number"])),
        // How each coverage will be.
        """
        CREATE TEMPORARY TABLE changed ON COMMIT DROP AS
        SELECT DISTINCT ON (fact_id) fact_id, line, person_id, insurer_number, acquired_on, lost_on, action
        FROM fresh WHERE fact_kind = 2 AND NOT faulty ORDER BY fact_id, sequence DESC
        """,
        "ANALYZE changed",
    ];

    /// <summary>Statements that say otherwise than an insurer whose coverage is in force. A sex that is not set says nothing. $1: today.</summary>
    public const string Contradicting = """
        CREATE TEMPORARY TABLE contradicting ON COMMIT DROP AS
        SELECT n.line, other.insurer_number AS against
        FROM (
            SELECT DISTINCT s.line, s.person_id, s.insurer_number, s.birth_date, s.sex
            FROM fresh s JOIN coverage c ON c.person_id = s.person_id AND c.insurer_number <> s.insurer_number WHERE s.fact_kind = 1 AND NOT s.faulty) n
        CROSS JOIN LATERAL (
            SELECT c.insurer_number
            FROM (SELECT DISTINCT ON (f.coverage_id) f.* FROM coverage f WHERE f.person_id = n.person_id ORDER BY f.coverage_id, f.revision DESC) c
            CROSS JOIN LATERAL (
                SELECT d.birth_date, d.sex FROM person_detail d WHERE d.person_id = n.person_id
                ORDER BY (d.insurer_number IS NULL OR d.insurer_number = c.insurer_number) DESC, d.revision DESC LIMIT 1) said
            WHERE c.insurer_number <> n.insurer_number AND NOT c.withdrawn
              AND c.acquired_on <= $1 AND (c.lost_on IS NULL OR $1 < c.lost_on)
              AND (said.birth_date <> n.birth_date OR (said.sex <> n.sex AND said.sex <> 3 AND n.sex <> 3))
            ORDER BY c.coverage_id LIMIT 1) other
        """;

    /// <summary>
    /// Line, whether it is an error (else a warning), code, column and reason, by line. $1: the batch's insurers whose check digit is wrong.
    /// $2: those whose names came with it. $3: accepted batches that are held.
    /// </summary>
    public static string Findings { get; } = $"""
        WITH twice AS (
            SELECT fact_kind, fact_id, CASE WHEN fact_kind = 1 THEN valid_from END AS of_day, CASE WHEN fact_kind = 1 THEN insurer_number END AS of_insurer,
                sequence, min(line) AS first
            FROM staged JOIN repeated USING (fact_kind, fact_id) GROUP BY 1, 2, 3, 4, 5 HAVING count(*) > 1),
        asked AS NOT MATERIALIZED (SELECT * FROM fresh WHERE NOT faulty),
        inserts AS (SELECT fact_id, min(line) AS line, min(sequence) AS sequence FROM fresh WHERE action = 2 GROUP BY fact_id),
        period AS (
            SELECT * FROM changed
            UNION ALL
            SELECT f.coverage_id, NULL, f.person_id, stored.insurer_number, stored.acquired_on, stored.lost_on, CASE WHEN stored.withdrawn THEN 5 END
            FROM coverage f
            CROSS JOIN LATERAL (SELECT c.* FROM coverage c WHERE c.coverage_id = f.coverage_id ORDER BY c.revision DESC LIMIT 1) stored
            WHERE f.revision = 0 AND f.person_id IN (SELECT c.person_id FROM changed c) AND NOT EXISTS (SELECT FROM changed c WHERE c.fact_id = f.coverage_id))
        SELECT line, is_error, code, column_name, reason FROM (
            SELECT n.line, true AS is_error, {(int)FindingCode.Taken} AS code, 'sequence' AS column_name, format('line %s has the same number for the same fact', t.first) AS reason
            FROM staged n JOIN twice t ON t.fact_kind = n.fact_kind AND t.fact_id = n.fact_id AND t.sequence = n.sequence
                AND t.of_day IS NOT DISTINCT FROM CASE WHEN n.fact_kind = 1 THEN n.valid_from END
                AND t.of_insurer IS NOT DISTINCT FROM CASE WHEN n.fact_kind = 1 THEN n.insurer_number END
            WHERE n.line > t.first AND NOT n.faulty
        UNION ALL
            SELECT line, true, {(int)FindingCode.Taken}, 'sequence', 'a change of the same fact with this number is in force and says otherwise: give each change a number of its own'
            FROM late WHERE differs
        UNION ALL
            SELECT n.line, true, {(int)FindingCode.Unknown}, 'person', 'nobody knows this person: a person row must come with it'
            FROM asked n WHERE n.fact_kind <> 1 AND NOT EXISTS (SELECT FROM person p WHERE p.person_id = n.person_id)
              AND NOT EXISTS (SELECT FROM fresh p WHERE p.fact_kind = 1 AND p.fact_id = n.person_id)
        UNION ALL
            SELECT n.line, true, {(int)FindingCode.NotYours}, 'person', 'this insurer has no coverage of the person, neither in the file nor in the store: only who insures a person says who it is'
            FROM asked n WHERE n.fact_kind = 1
              AND NOT EXISTS (SELECT FROM fresh c WHERE c.fact_kind = 2 AND c.action IN (2, 4) AND c.person_id = n.person_id AND (c.insurer_number = n.insurer_number OR c.faulty))
              AND NOT EXISTS (
                SELECT FROM coverage c WHERE c.person_id = n.person_id AND c.insurer_number = n.insurer_number AND NOT c.withdrawn
                  AND NOT EXISTS (SELECT FROM coverage w WHERE w.coverage_id = c.coverage_id AND w.revision > c.revision AND w.withdrawn))
        UNION ALL
            SELECT n.line, true, {(int)FindingCode.Taken}, 'fact', 'is known already: hand in a coverage-correction'
            FROM asked n JOIN known k USING (fact_kind, fact_id) WHERE n.action = 2
        UNION ALL
            SELECT n.line, true, {(int)FindingCode.Taken}, 'fact', format('line %s inserts the same coverage', i.line)
            FROM asked n JOIN inserts i USING (fact_id) WHERE n.action = 2 AND n.line > i.line
        UNION ALL
            SELECT n.line, true, {(int)FindingCode.Unknown}, 'fact', 'no such coverage is known: its coverage-insert must come first'
            FROM asked n WHERE n.action IN (3, 4)
              AND NOT EXISTS (SELECT FROM known k WHERE k.fact_kind = n.fact_kind AND k.fact_id = n.fact_id)
              AND NOT EXISTS (SELECT FROM inserts i WHERE i.fact_id = n.fact_id AND i.sequence < n.sequence)
        UNION ALL
            SELECT n.line, true, {(int)FindingCode.Unknown}, 'fact', 'was withdrawn: hand in a coverage-correction'
            FROM asked n CROSS JOIN LATERAL (
                SELECT withdrawn FROM (
                    SELECT f.sequence, f.withdrawn FROM fresh f WHERE f.fact_kind = 2 AND f.fact_id = n.fact_id AND f.action IN (2, 4, 5) AND f.sequence < n.sequence
                    UNION ALL
                    (SELECT 0, c.withdrawn FROM coverage c WHERE c.coverage_id = n.fact_id ORDER BY c.revision DESC LIMIT 1)
                ) said ORDER BY sequence DESC LIMIT 1) before
            WHERE n.action = 3 AND before.withdrawn
        UNION ALL
            SELECT n.line, true, {(int)FindingCode.Unknown}, 'fact', 'there is no such fact to withdraw'
            FROM asked n WHERE n.action = 5
              AND NOT EXISTS (SELECT FROM known k WHERE k.fact_kind = n.fact_kind AND k.fact_id = n.fact_id)
              AND NOT EXISTS (SELECT FROM fresh f WHERE f.fact_kind = n.fact_kind AND f.fact_id = n.fact_id AND f.action <> 5 AND f.sequence < n.sequence)
        UNION ALL
            SELECT n.line, true, {(int)FindingCode.NotYours}, 'person', 'the fact is another person''s: withdraw it there and hand it in under a number of its own'
            FROM asked n JOIN known k USING (fact_kind, fact_id) WHERE k.person_id <> n.person_id
        UNION ALL
            SELECT n.line, true, {(int)FindingCode.NotYours}, 'person', 'other lines say that the fact is another person''s'
            FROM asked n JOIN (
                SELECT fact_kind, fact_id FROM fresh JOIN repeated USING (fact_kind, fact_id) WHERE fact_kind <> 1
                GROUP BY 1, 2 HAVING min(person_id) <> max(person_id)) t USING (fact_kind, fact_id)
        UNION ALL
            SELECT n.line, true, {(int)FindingCode.NotYours}, 'insurer', 'the fact is another insurer''s'
            FROM asked n JOIN known k USING (fact_kind, fact_id) WHERE n.fact_kind <> 1 AND k.insurer_number <> n.insurer_number
        UNION ALL
            SELECT n.line, true, {(int)FindingCode.NotYours}, 'insurer', 'other lines say that the fact is another insurer''s'
            FROM asked n JOIN (
                SELECT fact_kind, fact_id FROM fresh JOIN repeated USING (fact_kind, fact_id) WHERE fact_kind <> 1 AND NOT faulty
                GROUP BY 1, 2 HAVING min(insurer_number) <> max(insurer_number)) t USING (fact_kind, fact_id)
        UNION ALL
            SELECT n.line, true, {(int)FindingCode.Unknown}, 'coverage', 'this person has no such coverage at this insurer'
            FROM asked n WHERE n.fact_kind > 2 AND n.action = 1
              AND NOT EXISTS (SELECT FROM coverage c WHERE c.coverage_id = n.coverage_id AND c.person_id = n.person_id AND c.insurer_number = n.insurer_number)
              AND NOT EXISTS (
                SELECT FROM fresh c WHERE c.fact_kind = 2 AND c.fact_id = n.coverage_id AND c.person_id = n.person_id
                  AND (c.insurer_number = n.insurer_number OR c.faulty))
        UNION ALL
            SELECT n.line, true, {(int)FindingCode.Unfit}, 'lost_on', 'lies before acquired_on' FROM asked n WHERE n.action = 3 AND n.lost_on < n.acquired_on
        UNION ALL
            SELECT n.line, o.insurer_number = n.insurer_number, {(int)FindingCode.Overlap}, 'acquired_on', format('overlaps %s coverage of this person%s',
                CASE WHEN o.insurer_number = n.insurer_number THEN 'another' ELSE 'another insurer''s' END, ', line ' || o.line)
            FROM changed n JOIN period o ON o.person_id = n.person_id AND o.fact_id <> n.fact_id
            WHERE n.action IN (2, 4) AND o.action IS DISTINCT FROM 5 AND (o.line IS NULL OR o.action = 3 OR o.line < n.line)
              AND n.acquired_on < coalesce(o.lost_on, 'infinity') AND o.acquired_on < coalesce(n.lost_on, 'infinity')
              AND n.lost_on IS DISTINCT FROM n.acquired_on AND o.lost_on IS DISTINCT FROM o.acquired_on
        UNION ALL
            SELECT n.line, false, {(int)FindingCode.HeldForReview}, 'birth_date',
                'another insurer whose coverage is in force says another birth date or sex: this row is held until the operator has decided, the others apply'
            FROM asked n JOIN contradicting USING (line)
        UNION ALL
            SELECT n.line, true, {(int)FindingCode.Taken}, 'fact', format('batch %s, which is accepted and not yet in force, has the same fact', h.batch_id)
            FROM asked n JOIN (
                SELECT fact_kind, fact_id, min(batch_id) AS batch_id FROM insurer_batch_change WHERE batch_id = ANY ($3) AND fact_kind <> 1 GROUP BY 1, 2) h USING (fact_kind, fact_id)
        UNION ALL
            SELECT min(n.line), true, {(int)FindingCode.Unknown}, 'insurer', 'this insurer is not known yet: its name must come with the file'
            FROM staged n WHERE n.insurer_number <> '' AND n.insurer_number <> ALL ($2) AND NOT EXISTS (SELECT FROM insurer i WHERE i.insurer_number = n.insurer_number)
            GROUP BY n.insurer_number
        UNION ALL
            SELECT min(n.line), false, {(int)FindingCode.CheckDigit}, 'insurer', 'the check digit of this insurer number is wrong'
            FROM staged n WHERE n.insurer_number = ANY ($1) GROUP BY n.insurer_number
        ) found ORDER BY line, is_error DESC
        """;

    /// <summary>Rows that came too late although the store never had them.</summary>
    public const string Superseded = "SELECT line, applied_sequence FROM late WHERE NOT applied ORDER BY line";

    private static string Each(Func<FeedTable, string> part) => string.Join('\n', FeedTables.Facts.Select(part));

    /// <summary>The file's row <c>n</c> says otherwise than the revision <c>f</c>.</summary>
    private static string Differ(IReadOnlyList<string> columns) => $"({FeedTables.Listed(columns, "n.")}) IS DISTINCT FROM ({FeedTables.Listed(columns, "f.")})";

    private static string Completion(FeedTable table, RowAction action, string[] itsOwn)
    {
        var columns = table.Columns.Except(itsOwn).ToList();
        var names = FeedTables.Listed(columns);
        return $"""
            UPDATE fresh n SET ({names}) = (
                SELECT {names} FROM (
                    SELECT p.sequence, {FeedTables.Listed(columns, "p.")} FROM fresh p
                    WHERE p.fact_kind = n.fact_kind AND p.fact_id = n.fact_id AND p.action IN (1, 2, 4) AND p.sequence < n.sequence
                    UNION ALL
                    (SELECT 0, {FeedTables.Listed(columns, "f.")} FROM {table.Name} f WHERE f.{table.IdColumn} = n.fact_id ORDER BY f.revision DESC LIMIT 1)
                ) said ORDER BY sequence DESC LIMIT 1)
            WHERE n.fact_kind = {(int)table.Kind} AND n.action = {(int)action} AND NOT n.faulty
            """;
    }
}
