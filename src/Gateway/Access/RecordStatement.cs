using EligibilityGateway.Contracts.V1;
using Npgsql;
using NpgsqlTypes;

namespace EligibilityGateway.Gateway.Access;

/// <summary>
/// The one statement that records a group of look-ups (promise P2): it inserts only those whose terminal, person, card and document
/// key are still at the version decided on, and only where the event is new. With a record goes its row for the log and its answer
/// for resends, and a card that the look-up registers is registered. Numbers that were typed count as a try of their document, and are
/// not recorded where it has been tried too often.
/// </summary>
/// <remarks>
/// The versions are read by scalar subqueries, one index probe each: a join would let the planner choose a scan of a whole table
/// when its statistics are off. Arrays with unnest take any number of rows with one prepared statement. An entry's salt is its own:
/// which were recorded is asked by it, and IS TRUE keeps that a lookup in a hash table; as a join it is a loop in a loop, since the
/// planner expects few of them, and a record in a group of 500 costs three times as much as in one of 125.
/// </remarks>
internal sealed class RecordStatement : IDisposable
{
    private static readonly string Sql = $"""
        WITH asked AS (
          SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
            AS a(event_id, terminal_id, person_id, person_version, card_key, card_version, document_key, document_version, terminal_version,
                 validity, reason, request_hash, canonical, salt, answer, registers_card, decided_at)
        ), proved AS (
          SELECT a.*, event_time(a.event_id) AS event_time FROM asked a
           WHERE coalesce((SELECT t.version FROM terminal t WHERE t.terminal_id = a.terminal_id), 0) = a.terminal_version
             AND (a.person_id IS NULL OR coalesce((SELECT p.version FROM person p WHERE p.person_id = a.person_id), 0) = a.person_version)
             AND (a.card_key IS NULL OR coalesce((SELECT c.version FROM card c WHERE c.card_key = a.card_key), 0) = a.card_version)
             AND (a.document_key IS NULL OR coalesce((SELECT d.version FROM document_key d WHERE d.document_key = a.document_key), 0) = a.document_version)
        ), tried AS MATERIALIZED (
          -- In the order of their keys, as each session locks them.
          SELECT p.*, CASE WHEN p.document_key IS NULL THEN true ELSE try_document(p.document_key, p.validity = {(int)Validity.NotFound}) END AS may
            FROM (SELECT * FROM proved ORDER BY document_key) p
        ), recorded AS (
          INSERT INTO access_record (event_id, terminal_id, event_time, person_id, validity, reason, request_hash, canonical, salt)
          SELECT event_id, terminal_id, event_time, person_id, validity, reason, request_hash, canonical, salt FROM tried WHERE may
          ON CONFLICT DO NOTHING
          RETURNING event_id, terminal_id, salt
        ), queued AS (
          INSERT INTO access_queue (event_id, terminal_id, revision) SELECT event_id, terminal_id, 0 FROM recorded
        ), kept AS (
          INSERT INTO event_answer (event_id, terminal_id, event_time, answer)
          SELECT p.event_id, p.terminal_id, p.event_time, p.answer FROM tried p WHERE p.answer IS NOT NULL AND (p.salt IN (SELECT salt FROM recorded)) IS TRUE
        )
        SELECT p.salt, p.may, CASE WHEN p.may AND p.registers_card THEN register_card(p.card_key, p.decided_at) END
          FROM tried p WHERE NOT p.may OR (p.salt IN (SELECT salt FROM recorded)) IS TRUE
        """;

    private readonly NpgsqlCommand _command = new(Sql);
    private readonly NpgsqlParameter<Guid[]> _eventId = Add(NpgsqlDbType.Uuid, Array.Empty<Guid>());
    private readonly NpgsqlParameter<Guid[]> _terminalId = Add(NpgsqlDbType.Uuid, Array.Empty<Guid>());
    private readonly NpgsqlParameter<long?[]> _personId = Add(NpgsqlDbType.Bigint, Array.Empty<long?>());
    private readonly NpgsqlParameter<long[]> _personVersion = Add(NpgsqlDbType.Bigint, Array.Empty<long>());
    private readonly NpgsqlParameter<Guid?[]> _cardKey = Add(NpgsqlDbType.Uuid, Array.Empty<Guid?>());
    private readonly NpgsqlParameter<long[]> _cardVersion = Add(NpgsqlDbType.Bigint, Array.Empty<long>());
    private readonly NpgsqlParameter<Guid?[]> _documentKey = Add(NpgsqlDbType.Uuid, Array.Empty<Guid?>());
    private readonly NpgsqlParameter<long[]> _documentVersion = Add(NpgsqlDbType.Bigint, Array.Empty<long>());
    private readonly NpgsqlParameter<long[]> _terminalVersion = Add(NpgsqlDbType.Bigint, Array.Empty<long>());
    private readonly NpgsqlParameter<short[]> _validity = Add(NpgsqlDbType.Smallint, Array.Empty<short>());
    private readonly NpgsqlParameter<short[]> _reason = Add(NpgsqlDbType.Smallint, Array.Empty<short>());
    private readonly NpgsqlParameter<byte[][]> _requestHash = Add(NpgsqlDbType.Bytea, Array.Empty<byte[]>());
    private readonly NpgsqlParameter<byte[][]> _canonical = Add(NpgsqlDbType.Bytea, Array.Empty<byte[]>());
    private readonly NpgsqlParameter<byte[][]> _salt = Add(NpgsqlDbType.Bytea, Array.Empty<byte[]>());
    private readonly NpgsqlParameter<byte[]?[]> _answer = Add(NpgsqlDbType.Bytea, Array.Empty<byte[]?>());
    private readonly NpgsqlParameter<bool[]> _registersCard = Add(NpgsqlDbType.Boolean, Array.Empty<bool>());
    private readonly NpgsqlParameter<DateTime[]> _decidedAt = Add(NpgsqlDbType.TimestampTz, Array.Empty<DateTime>());

    public RecordStatement()
    {
        _command.Parameters.AddRange(new NpgsqlParameter[]
        {
            _eventId, _terminalId, _personId, _personVersion, _cardKey, _cardVersion, _documentKey, _documentVersion, _terminalVersion,
            _validity, _reason, _requestHash, _canonical, _salt, _answer, _registersCard, _decidedAt,
        });
    }

    /// <summary>Records the group in one transaction; gives the salts of those that were inserted, and of those that may not be: their document was tried too often.</summary>
    public async Task<(HashSet<Guid> Recorded, HashSet<Guid> Barred)> ExecuteAsync(NpgsqlConnection connection, IReadOnlyList<Entry> group, CancellationToken cancellation)
    {
        Bind(group);
        _command.Connection = connection;
        if (!_command.IsPrepared) await _command.PrepareAsync(cancellation);
        var (recorded, barred) = (new HashSet<Guid>(group.Count), new HashSet<Guid>());
        await using var reader = await _command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) (reader.GetBoolean(1) ? recorded : barred).Add(new Guid(reader.GetFieldValue<byte[]>(0)));
        return (recorded, barred);
    }

    private void Bind(IReadOnlyList<Entry> group)
    {
        _eventId.TypedValue = Column(group, static e => e.EventId);
        _terminalId.TypedValue = Column(group, static e => e.TerminalId);
        _personId.TypedValue = Column(group, static e => e.PersonId);
        _personVersion.TypedValue = Column(group, static e => e.ReliedUpon.PersonVersion);
        _cardKey.TypedValue = Column(group, static e => e.ReliedUpon.CardKey);
        _cardVersion.TypedValue = Column(group, static e => e.ReliedUpon.CardVersion);
        _documentKey.TypedValue = Column(group, static e => e.ReliedUpon.DocumentKey);
        _documentVersion.TypedValue = Column(group, static e => e.ReliedUpon.DocumentVersion);
        _terminalVersion.TypedValue = Column(group, static e => e.ReliedUpon.TerminalVersion);
        _validity.TypedValue = Column(group, static e => e.Validity);
        _reason.TypedValue = Column(group, static e => e.Reason);
        _requestHash.TypedValue = Column(group, static e => e.RequestHash);
        _canonical.TypedValue = Column(group, static e => e.Canonical);
        _salt.TypedValue = Column(group, static e => e.Salt);
        _answer.TypedValue = Column(group, static e => e.SealedAnswer);
        _registersCard.TypedValue = Column(group, static e => e.RegistersCard);
        _decidedAt.TypedValue = Column(group, static e => e.DecidedAt.UtcDateTime);
    }

    private static T[] Column<T>(IReadOnlyList<Entry> group, Func<Entry, T> of)
    {
        var column = new T[group.Count];
        for (var i = 0; i < column.Length; i++) column[i] = of(group[i]);
        return column;
    }

    private static NpgsqlParameter<T[]> Add<T>(NpgsqlDbType type, T[] empty) => new() { NpgsqlDbType = NpgsqlDbType.Array | type, TypedValue = empty };

    public void Dispose() => _command.Dispose();
}
