using EligibilityGateway.Rules.Cards;
using EligibilityGateway.Rules.Facts;
using Npgsql;
using NpgsqlTypes;

namespace EligibilityGateway.Gateway.Feeds.CardOffice;

/// <summary>How the store keeps cards and their states: read for some events, locked, and written as those left them.</summary>
internal static class CardRows
{
    private const int CommandSeconds = 60;

    /// <summary>Locks the cards that the events name, and all others of those persons, in ascending order: none is bound or changed meanwhile.</summary>
    public static Task LockAsync(NpgsqlConnection connection, IReadOnlyCollection<CardEvent> events, CancellationToken cancellation) =>
        LockAsync(connection, KeysOf(events), PersonsOf(events), cancellation);

    /// <summary>The same of cards and persons by name.</summary>
    public static async Task LockAsync(NpgsqlConnection connection, Guid[] keys, long[] named, CancellationToken cancellation)
    {
        var cards = await ReadCardsAsync(connection, keys, named, cancellation);
        await ExecuteAsync(connection, "SELECT lock_cards($1)", cancellation, new NpgsqlParameter<Guid[]> { TypedValue = [.. cards.Keys] });
    }

    /// <summary>The cards that the events name, all others of those persons, and which persons there are.</summary>
    public static async Task<CardLives> ReadAsync(NpgsqlConnection connection, IReadOnlyCollection<CardEvent> events, CancellationToken cancellation)
    {
        var persons = new List<long>();
        await using (var command = Command(
            connection, "SELECT person_id FROM person WHERE person_id = ANY ($1)", new NpgsqlParameter<long[]> { TypedValue = PersonsOf(events) }))
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
            while (await reader.ReadAsync(cancellation)) persons.Add(reader.GetInt64(0));
        return new CardLives(persons, await ReadCardsAsync(connection, KeysOf(events), PersonsOf(events), cancellation));
    }

    /// <summary>Writes the cards that were made, and the new states.</summary>
    public static async Task WriteAsync(NpgsqlConnection connection, CardLives lives, CancellationToken cancellation)
    {
        if (lives.Issued.Count > 0)
        {
            var certificates = lives.Issued.ConvertAll(told => told.Certificate!);
            await ExecuteAsync(
                connection,
                "INSERT INTO card (card_key, person_id) SELECT * FROM unnest($1, $2)",
                cancellation,
                Column(lives.Issued, told => told.CardKey),
                Column(lives.Issued, told => told.PersonId));
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
                Column(lives.Issued, told => (short)told.Carrier));
        }
        await WriteStatesAsync(connection, lives.States, isCorrection: false, cancellation);
    }

    /// <summary>Writes new states.</summary>
    /// <param name="connection">In whose transaction.</param>
    /// <param name="states">The states.</param>
    /// <param name="isCorrection">They are what truly was, whatever stood there: one that no event could lead to is written as well.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task WriteStatesAsync(NpgsqlConnection connection, List<CardStateRow> states, bool isCorrection, CancellationToken cancellation)
    {
        if (states.Count == 0) return;
        await ExecuteAsync(
            connection,
            """
            INSERT INTO card_state (card_key, revision, status, since, registered, channel, until_day, term, sequence, correction)
            SELECT *, $10 FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            cancellation,
            Column(states, row => row.CardKey),
            Column(states, row => row.Revision),
            Column(states, row => (short)row.State.Status),
            Column(states, row => row.State.Since.UtcDateTime),
            Column(states, row => row.State.Registered),
            Column(states, row => (short?)row.State.Channel),
            Column(states, row => row.State.LastDay, NpgsqlDbType.Date),
            Column(states, row => (short?)row.State.Term),
            Column(states, row => row.Sequence),
            new NpgsqlParameter<bool> { TypedValue = isCorrection });
    }

    /// <summary>The cards that are named by key, or are a named person's, and all others of those persons.</summary>
    public static async Task<Dictionary<Guid, KnownCard>> ReadCardsAsync(NpgsqlConnection connection, Guid[] keys, long[] named, CancellationToken cancellation)
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
            new NpgsqlParameter<Guid[]> { TypedValue = keys },
            new NpgsqlParameter<long[]> { TypedValue = named });
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

    private static Guid[] KeysOf(IReadOnlyCollection<CardEvent> events) =>
        [.. events.Select(told => told.CardKey).Concat(events.Where(told => told.ReplacedBy is not null).Select(told => told.ReplacedBy!.Value)).Distinct()];

    private static long[] PersonsOf(IEnumerable<CardEvent> events) => [.. events.Where(told => told.Kind == CardEventKind.Issued).Select(told => told.PersonId).Distinct()];

    private static NpgsqlParameter<TValue[]> Column<TRow, TValue>(List<TRow> rows, Func<TRow, TValue> value, NpgsqlDbType? type = null)
    {
        var parameter = new NpgsqlParameter<TValue[]> { TypedValue = [.. rows.Select(value)] };
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
