using Npgsql;
using NpgsqlTypes;

namespace EligibilityGateway.Gateway.Access;

/// <summary>
/// The one statement that records a group of look-ups (promise P2): the database's <c>record_look_ups</c>, which says what it does. Arrays
/// take any number of rows with one prepared statement.
/// </summary>
internal sealed class RecordStatement : IDisposable
{
    private readonly RecordMacs _macs;
    private readonly NpgsqlCommand _command;
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
    private readonly NpgsqlParameter<byte[][]> _mac = Add(NpgsqlDbType.Bytea, Array.Empty<byte[]>());
    private readonly NpgsqlParameter<byte[]?[]> _answer = Add(NpgsqlDbType.Bytea, Array.Empty<byte[]?>());
    private readonly NpgsqlParameter<bool[]> _registersCard = Add(NpgsqlDbType.Boolean, Array.Empty<bool>());
    private readonly NpgsqlParameter<DateTime[]> _decidedAt = Add(NpgsqlDbType.TimestampTz, Array.Empty<DateTime>());

    public RecordStatement(RecordMacs macs)
    {
        _macs = macs;
        var parameters = new NpgsqlParameter[]
        {
            _eventId, _terminalId, _personId, _personVersion, _cardKey, _cardVersion, _documentKey, _documentVersion, _terminalVersion,
            _validity, _reason, _requestHash, _canonical, _salt, _mac, _answer, _registersCard, _decidedAt,
        };
        _command = new NpgsqlCommand($"SELECT of_salt, allowed FROM record_look_ups({string.Join(", ", parameters.Select((_, place) => $"${place + 1}"))})");
        _command.Parameters.AddRange(parameters);
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
        _mac.TypedValue = Column(group, e => _macs.Of(e.Salt, e.Canonical));
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
