using Npgsql;

namespace EligibilityGateway.Gateway.Feeds.Insurers;

/// <summary>
/// An append-only table of facts: number, revision, person, what the fact says, withdrawn or not. The statements are the same for
/// each such table but for the names of its columns.
/// </summary>
internal sealed class FactTable<TEntry>
{
    private readonly FactColumn<TEntry>[] _columns;
    private readonly string _putStatement;
    private readonly string _anotherPersonsStatement;

    /// <param name="kind">What the table holds.</param>
    /// <param name="name">The table's name.</param>
    /// <param name="id">The fact's number.</param>
    /// <param name="person">Whose fact it is.</param>
    /// <param name="columns">All other columns of the entry.</param>
    public FactTable(FactKind kind, string name, FactColumn<TEntry, long> id, FactColumn<TEntry, long> person, params FactColumn<TEntry>[] columns)
    {
        Kind = kind;
        Name = name;
        IdColumn = id.Name;
        _columns = [id, person, .. columns];
        var names = Listed("", columns);
        CopyStatement = $"COPY {name} ({id.Name}, revision, person_id, {names}) FROM STDIN (FORMAT binary)";
        _putStatement = $"""
            INSERT INTO {name} ({id.Name}, revision, person_id, {names}, withdrawn)
            SELECT n.{id.Name}, coalesce(latest.revision + 1, 0), n.person_id, {Listed("n.", columns)}, false
            FROM unnest({Parameters(_columns.Length)}) AS n ({id.Name}, person_id, {names})
            LEFT JOIN LATERAL (
                SELECT * FROM {name} f WHERE f.{id.Name} = n.{id.Name} ORDER BY f.revision DESC LIMIT 1) AS latest ON true
            WHERE ({Listed("latest.", columns)}, latest.withdrawn) IS DISTINCT FROM ({Listed("n.", columns)}, false)
            """;
        WithdrawStatement = $"""
            INSERT INTO {name} ({id.Name}, revision, person_id, {names}, withdrawn)
            SELECT latest.{id.Name}, latest.revision + 1, latest.person_id, {Listed("latest.", columns)}, true
            FROM unnest($1) AS n (id)
            CROSS JOIN LATERAL (SELECT * FROM {name} f WHERE f.{id.Name} = n.id ORDER BY f.revision DESC LIMIT 1) AS latest
            WHERE NOT latest.withdrawn
            """;
        _anotherPersonsStatement = $"""
            SELECT n.id FROM unnest($1, $2) AS n (id, person_id)
            WHERE EXISTS (SELECT FROM {name} f WHERE f.{id.Name} = n.id AND f.person_id <> n.person_id)
            LIMIT 1
            """;
    }

    public FactKind Kind { get; }

    public string Name { get; }

    public string IdColumn { get; }

    /// <summary>Takes facts of revision 0 in the order of <see cref="CopyRow"/>.</summary>
    public string CopyStatement { get; }

    /// <summary>Withdraws the facts whose numbers are given.</summary>
    public string WithdrawStatement { get; }

    /// <summary>Inserts the next revision of each entry that says something new.</summary>
    public NpgsqlBatchCommand PutCommand(IReadOnlyList<TEntry> entries)
    {
        var command = new NpgsqlBatchCommand(_putStatement);
        foreach (var column in _columns) command.Parameters.Add(column.Parameter(entries));
        return command;
    }

    /// <summary>Finds an entry whose number is another person's fact.</summary>
    public NpgsqlBatchCommand AnotherPersonsCommand(IReadOnlyList<TEntry> entries)
    {
        var command = new NpgsqlBatchCommand(_anotherPersonsStatement);
        command.Parameters.Add(_columns[0].Parameter(entries));
        command.Parameters.Add(_columns[1].Parameter(entries));
        return command;
    }

    /// <summary>Writes an entry to a COPY as revision 0.</summary>
    public void CopyRow(NpgsqlBinaryImporter importer, TEntry entry)
    {
        importer.StartRow();
        _columns[0].Copy(importer, entry);
        importer.Write(0);
        for (var i = 1; i < _columns.Length; i++) _columns[i].Copy(importer, entry);
    }

    private static string Listed(string prefix, IEnumerable<FactColumn<TEntry>> columns) =>
        string.Join(", ", columns.Select(column => prefix + column.Name));

    private static string Parameters(int count) => string.Join(", ", Enumerable.Range(1, count).Select(n => $"${n}"));
}
