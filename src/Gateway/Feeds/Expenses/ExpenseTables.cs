using EligibilityGateway.Gateway.Feeds.Insurers;
using Npgsql;

namespace EligibilityGateway.Gateway.Feeds.Expenses;

/// <summary>The staged table and what is asked of it. Everything is a statement over all rows at once.</summary>
internal static class ExpenseTables
{
    // What an expense says; the names are the schema's, and the staged table's too.
    private static readonly FactColumn<ExpenseRow>[] ExpenseColumns =
    [
        new FactColumn<ExpenseRow, DateOnly?>("month", row => row.Month),
        new FactColumn<ExpenseRow, string>("institution_code", row => row.InstitutionCode),
        new FactColumn<ExpenseRow, string>("institution_name", row => row.InstitutionName),
        new FactColumn<ExpenseRow, short?>("setting", row => row.Setting),
        new FactColumn<ExpenseRow, short?>("days", row => row.Days),
        new FactColumn<ExpenseRow, int?>("total_cost", row => row.TotalCost),
        new FactColumn<ExpenseRow, int?>("insurer_paid", row => row.InsurerPaid),
        new FactColumn<ExpenseRow, int?>("public_paid", row => row.PublicPaid),
        new FactColumn<ExpenseRow, int?>("patient_paid", row => row.PatientPaid),
        new FactColumn<ExpenseRow, int?>("reimbursed", row => row.Reimbursed),
        new FactColumn<ExpenseRow, DateOnly?>("paid_on", row => row.PaidOn),
    ];

    private static readonly FactColumn<ExpenseRow>[] FactColumns =
    [
        new FactColumn<ExpenseRow, string>("insurer_number", row => row.Insurer),
        new FactColumn<ExpenseRow, long>("expense_id", row => row.ExpenseId),
        new FactColumn<ExpenseRow, long>("sequence", row => row.Sequence),
        new FactColumn<ExpenseRow, long>("person_id", row => row.PersonId),
        .. ExpenseColumns,
    ];

    private static readonly FactColumn<ExpenseRow>[] StagedColumns =
    [
        .. FactColumns,
        new FactColumn<ExpenseRow, int>("line", row => row.Line),
        new FactColumn<ExpenseRow, short>("action", row => (short)row.Action),
        new FactColumn<ExpenseRow, bool>("faulty", row => row.Faulty),
    ];

    public static string Create { get; } =
        $"CREATE TEMPORARY TABLE staged ON COMMIT DROP AS SELECT {Names(FactColumns)}, 0 AS line, 0::smallint AS action, false AS faulty FROM medical_expense WHERE false";

    public static string Copy { get; } = $"COPY staged ({Names(StagedColumns)}) FROM STDIN (FORMAT binary)";

    /// <summary>In this order. <c>known</c>: what the store has; <c>late</c>: rows that come too late, or were applied before; <c>fresh</c>: all others.</summary>
    public static IReadOnlyList<string> Preparation { get; } =
    [
        "ANALYZE staged",
        """
        CREATE TEMPORARY TABLE known ON COMMIT DROP AS
        SELECT k.insurer_number, k.expense_id, latest.revision, latest.sequence, latest.person_id
        FROM (SELECT DISTINCT s.insurer_number, s.expense_id FROM staged s WHERE s.action <> 3) k
        CROSS JOIN LATERAL (
            SELECT e.revision, e.sequence, e.person_id FROM medical_expense e
            WHERE e.insurer_number = k.insurer_number AND e.expense_id = k.expense_id ORDER BY e.revision DESC LIMIT 1) latest
        """,
        "ANALYZE known",
        $"""
        CREATE TEMPORARY TABLE late ON COMMIT DROP AS
        SELECT s.line, k.sequence AS applied_sequence, e.revision IS NOT NULL AS applied,
            e.revision IS NOT NULL AND (e.withdrawn <> (s.action = 2) OR s.action = 1 AND ({Names(ExpenseColumns, "s.")}) IS DISTINCT FROM ({Names(ExpenseColumns, "e.")})) AS differs
        FROM staged s JOIN known k USING (insurer_number, expense_id)
        LEFT JOIN medical_expense e ON e.insurer_number = s.insurer_number AND e.expense_id = s.expense_id AND e.sequence = s.sequence
        WHERE s.action <> 3 AND s.person_id = k.person_id AND s.sequence <= k.sequence AND NOT s.faulty
        UNION ALL
        SELECT s.line, m.sequence, true, false FROM staged s JOIN medical_expense_month m USING (insurer_number, month) WHERE s.action = 3
        """,
        "CREATE TEMPORARY TABLE fresh ON COMMIT DROP AS SELECT s.* FROM staged s WHERE NOT EXISTS (SELECT FROM late l WHERE l.line = s.line)",
        "ANALYZE fresh",
    ];

    /// <summary>Line, whether it is an error (else a warning), column and reason, by line.</summary>
    public const string Findings = """
        WITH asked AS NOT MATERIALIZED (SELECT * FROM fresh WHERE action <> 3 AND NOT faulty),
        twice AS (SELECT insurer_number, expense_id, sequence, min(line) AS first FROM staged WHERE action <> 3 GROUP BY 1, 2, 3 HAVING count(*) > 1),
        torn AS (SELECT insurer_number, expense_id FROM fresh WHERE action <> 3 GROUP BY 1, 2 HAVING min(person_id) <> max(person_id))
        SELECT line, is_error, column_name, reason FROM (
            SELECT s.line, true AS is_error, 'sequence' AS column_name, format('line %s has the same number for the same fact', t.first) AS reason
            FROM staged s JOIN twice t USING (insurer_number, expense_id, sequence) WHERE s.action <> 3 AND s.line > t.first
        UNION ALL
            SELECT line, true, 'sequence', 'a change of the same fact with this number is in force and says otherwise: give each change a number of its own'
            FROM late WHERE differs
        UNION ALL
            SELECT n.line, true, 'person', 'nobody knows this person: hand in the person and the coverage first, with import coverage'
            FROM asked n WHERE NOT EXISTS (SELECT FROM person_detail p WHERE p.person_id = n.person_id)
        UNION ALL
            SELECT n.line, true, 'person', 'the fact is another person''s: withdraw it there and hand it in under a number of its own'
            FROM asked n JOIN known k USING (insurer_number, expense_id) WHERE k.person_id <> n.person_id
        UNION ALL
            SELECT n.line, true, 'person', 'other lines say that the fact is another person''s' FROM asked n JOIN torn USING (insurer_number, expense_id)
        UNION ALL
            SELECT n.line, true, 'fact', 'there is no such fact to withdraw'
            FROM asked n WHERE n.action = 2
              AND NOT EXISTS (SELECT FROM known k WHERE k.insurer_number = n.insurer_number AND k.expense_id = n.expense_id)
              AND NOT EXISTS (
                SELECT FROM fresh f WHERE f.insurer_number = n.insurer_number AND f.expense_id = n.expense_id AND f.action = 1 AND f.sequence < n.sequence)
        UNION ALL
            SELECT n.line, NOT found.ever, CASE WHEN found.ever THEN 'month' ELSE 'person' END,
                CASE WHEN found.ever THEN 'this insurer does not insure the person in this month' ELSE 'this insurer has no coverage of this person: hand it in first, with import coverage' END
            FROM asked n
            CROSS JOIN LATERAL (
                SELECT count(*) > 0 AS ever, coalesce(bool_or(daterange(c.acquired_on, c.lost_on) && daterange(n.month, (n.month + interval '1 month')::date)), false) AS then
                FROM (SELECT DISTINCT ON (c.coverage_id) c.* FROM coverage c WHERE c.person_id = n.person_id ORDER BY c.coverage_id, c.revision DESC) c
                WHERE c.insurer_number = n.insurer_number AND NOT c.withdrawn) found
            WHERE n.action = 1 AND NOT found.then AND EXISTS (SELECT FROM person_detail p WHERE p.person_id = n.person_id)
        ) found ORDER BY line, is_error DESC
        """;

    /// <summary>Rows that came too late although the store never had them.</summary>
    public const string Superseded = "SELECT line, applied_sequence FROM late WHERE NOT applied ORDER BY line";

    public static string InsertExpenses { get; } = $"""
        INSERT INTO medical_expense ({Names(FactColumns)}, withdrawn, revision)
        SELECT {Names(FactColumns, "f.")}, f.action = 2,
            coalesce(k.revision, -1) + row_number() OVER (PARTITION BY f.insurer_number, f.expense_id ORDER BY f.sequence)
        FROM fresh f LEFT JOIN known k USING (insurer_number, expense_id) WHERE f.action <> 3
        """;

    public const string InsertMonths = """
        INSERT INTO medical_expense_month (insurer_number, month, sequence)
        SELECT insurer_number, month, min(sequence) FROM fresh WHERE action = 3 GROUP BY insurer_number, month
        """;

    public static void CopyRow(NpgsqlBinaryImporter importer, ExpenseRow row)
    {
        importer.StartRow();
        foreach (var column in StagedColumns) column.Copy(importer, row);
    }

    private static string Names(IEnumerable<FactColumn<ExpenseRow>> columns, string prefix = "") => string.Join(", ", columns.Select(column => prefix + column.Name));
}
