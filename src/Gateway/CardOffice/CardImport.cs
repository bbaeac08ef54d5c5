using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Storage;
using Npgsql;
using NpgsqlTypes;

namespace EligibilityGateway.Gateway.CardOffice;

/// <summary>
/// Takes the card office's file of events: checked whole before anything is written, then written in transactions that name at most
/// <see cref="MostCards"/> cards. An event that is in stays in and is known by its number: a file that was broken off is imported again.
/// </summary>
/// <param name="store">Connects as eg_card_office.</param>
/// <param name="anchors">Who issues certificates.</param>
/// <param name="clock">For what lies ahead.</param>
public sealed class CardImport(NpgsqlDataSource store, TrustAnchors anchors, TimeProvider clock)
{
    /// <summary>Most cards that one transaction names.</summary>
    public const int MostCards = 2_000;

    private const int CommandSeconds = 60;

    /// <summary>Any number, as long as it is the same everywhere: files are written one after the other.</summary>
    private const long ImportLock = 0x6361_7264_6576;

    /// <summary>Imports the file, and tells what is wrong with it.</summary>
    public async Task<FileOutcome> ImportAsync(Stream file, Action<FeedFault> tell, CancellationToken cancellation)
    {
        var errors = 0L;
        using var hash = new FileHash(file);
        var events = new CardEventFile(anchors, clock.GetUtcNow(), Found).Read(hash.Content, cancellation);
        await using var connection = await store.OpenPatientlyAsync(cancellation);
        await FoldAsync(connection, events, Found, cancellation);
        if (errors > 0) return new FileOutcome(errors, 0, 0);

        var (done, before) = (0L, 0L);
        foreach (var step in Steps(events))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await ExecuteAsync(connection, "SELECT pg_advisory_xact_lock($1)", cancellation, new NpgsqlParameter<long> { TypedValue = ImportLock });
            // Whoever reports by hand meanwhile waits; what was reported since the check is seen.
            var cards = await ReadAsync(connection, step, cancellation);
            await ExecuteAsync(connection, "SELECT lock_cards($1)", cancellation, new NpgsqlParameter<Guid[]> { TypedValue = [.. cards.Keys] });
            var life = await FoldAsync(connection, step, Found, cancellation);
            if (errors > 0) return new FileOutcome(errors, done, before);
            await WriteAsync(connection, life, cancellation);
            if (life.States.Count > 0) await FileHash.RecordAsync(connection, "cards", hash.Value, cancellation);
            await transaction.CommitAsync(cancellation);
            before += life.Before;
            done += step.Count - life.Before;
        }
        return new FileOutcome(0, done, before);

        void Found(FeedFault fault)
        {
            if (fault.Severity == FeedSeverity.Error) errors++;
            tell(fault);
        }
    }

    /// <summary>In the order of the events' numbers.</summary>
    internal static IEnumerable<List<CardEvent>> Steps(List<CardEvent> events)
    {
        var (step, cards) = (new List<CardEvent>(), new HashSet<Guid>());
        foreach (var told in events)
        {
            if (cards.Count + 2 > MostCards)
            {
                yield return step;
                (step, cards) = ([], []);
            }
            step.Add(told);
            cards.Add(told.CardKey);
            if (told.ReplacedBy is { } other) cards.Add(other);
        }
        if (step.Count > 0) yield return step;
    }

    private static async Task<CardLife> FoldAsync(NpgsqlConnection connection, List<CardEvent> events, Action<FeedFault> found, CancellationToken cancellation)
    {
        var persons = new List<long>();
        await using (var command = Command(
            connection, "SELECT person_id FROM person WHERE person_id = ANY ($1)", new NpgsqlParameter<long[]> { TypedValue = PersonsOf(events) }))
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
            while (await reader.ReadAsync(cancellation)) persons.Add(reader.GetInt64(0));
        var life = new CardLife(persons, await ReadAsync(connection, events, cancellation));
        foreach (var told in events)
            if (life.Take(told) is { } fault) found(FeedFault.Error(told.Line, fault.Column, fault.Reason));
        return life;
    }

    /// <summary>The cards that the events name, and all others of those persons.</summary>
    private static async Task<Dictionary<Guid, KnownCard>> ReadAsync(NpgsqlConnection connection, List<CardEvent> events, CancellationToken cancellation)
    {
        await using var command = Command(
            connection,
            """
            SELECT c.card_key, c.person_id, t.carrier, s.revision, s.status, s.since, s.registered, s.channel, s.until_day, s.term,
                   (SELECT coalesce(max(n.sequence), 0) FROM card_state n WHERE n.card_key = c.card_key)
              FROM card c JOIN card_certificate t USING (card_key)
              JOIN LATERAL (SELECT * FROM card_state l WHERE l.card_key = c.card_key ORDER BY l.revision DESC LIMIT 1) s ON true
             WHERE c.person_id IN (SELECT k.person_id FROM card k WHERE k.card_key = ANY ($1) UNION SELECT unnest($2))
            """,
            new NpgsqlParameter<Guid[]> { TypedValue = [.. events.Select(told => told.CardKey).Concat(events.Where(told => told.ReplacedBy is not null).Select(told => told.ReplacedBy!.Value)).Distinct()] },
            new NpgsqlParameter<long[]> { TypedValue = PersonsOf(events) });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var cards = new Dictionary<Guid, KnownCard>();
        while (await reader.ReadAsync(cancellation))
        {
            var state = new CardState(
                (CardStatus)reader.GetInt16(4),
                reader.GetFieldValue<DateTimeOffset>(5),
                reader.GetBoolean(6),
                reader.IsDBNull(7) ? null : (RegistrationChannel)reader.GetInt16(7),
                reader.IsDBNull(8) ? null : reader.GetFieldValue<DateOnly>(8),
                reader.IsDBNull(9) ? null : (CardTerm)reader.GetInt16(9));
            cards.Add(reader.GetGuid(0), new KnownCard(reader.GetInt64(1), (CardCarrier)reader.GetInt16(2), reader.GetInt32(3), state, reader.GetInt64(10)));
        }
        return cards;
    }

    private static async Task WriteAsync(NpgsqlConnection connection, CardLife life, CancellationToken cancellation)
    {
        if (life.Issued.Count > 0)
        {
            var certificates = life.Issued.ConvertAll(told => told.Certificate!);
            await ExecuteAsync(
                connection,
                "INSERT INTO card (card_key, person_id) SELECT * FROM unnest($1, $2)",
                cancellation,
                Column(life.Issued, told => told.CardKey),
                Column(life.Issued, told => told.PersonId));
            await ExecuteAsync(
                connection,
                """
                INSERT INTO card_certificate (card_key, fingerprint, serial, anchor, modulus, exponent, not_before, not_after, carrier)
                SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
                """,
                cancellation,
                Column(certificates, facts => facts.CardKey),
                Column(certificates, facts => facts.Fingerprint),
                Column(certificates, facts => facts.Serial),
                Column(certificates, facts => facts.Anchor),
                Column(certificates, facts => facts.Modulus),
                Column(certificates, facts => facts.Exponent),
                Column(certificates, facts => facts.NotBefore.UtcDateTime),
                Column(certificates, facts => facts.NotAfter.UtcDateTime),
                Column(life.Issued, told => (short)told.Carrier));
        }
        if (life.States.Count == 0) return;
        await ExecuteAsync(
            connection,
            """
            INSERT INTO card_state (card_key, revision, status, since, registered, channel, until_day, term, sequence)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            cancellation,
            Column(life.States, row => row.CardKey),
            Column(life.States, row => row.Revision),
            Column(life.States, row => (short)row.State.Status),
            Column(life.States, row => row.State.Since.UtcDateTime),
            Column(life.States, row => row.State.Registered),
            Column(life.States, row => (short?)row.State.Channel),
            Column(life.States, row => row.State.LastDay, NpgsqlDbType.Date),
            Column(life.States, row => (short?)row.State.Term),
            Column(life.States, row => row.Sequence));
    }

    private static long[] PersonsOf(List<CardEvent> events) => [.. events.Where(told => told.Kind == CardEventKind.Issued).Select(told => told.PersonId).Distinct()];

    private static NpgsqlParameter<TValue[]> Column<TRow, TValue>(List<TRow> rows, Func<TRow, TValue> of, NpgsqlDbType? type = null)
    {
        var parameter = new NpgsqlParameter<TValue[]> { TypedValue = [.. rows.Select(of)] };
        if (type is { } given) parameter.NpgsqlDbType = NpgsqlDbType.Array | given;
        return parameter;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = CommandSeconds };
        command.Parameters.AddRange(parameters);
        return command;
    }
}
