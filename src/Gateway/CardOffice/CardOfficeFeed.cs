using Dapper;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.CardOffice;

/// <summary>
/// The card office's normal writes: whose card it is, and what became of it. Each is one transaction, in its turn, that locks all cards of
/// its persons in ascending order; a new state is a new revision, and triggers raise the versions of the card and, where it is a plastic
/// one, of the person's phones. Reporting the same again changes nothing.
/// </summary>
/// <param name="store">Connects as eg_card_office.</param>
public sealed class CardOfficeFeed(NpgsqlDataSource store)
{
    private const int CommandSeconds = 30;

    /// <summary>Binds a card to the person it was made for. The binding is for good.</summary>
    public Task<CardOfficeOutcome> BindAsync(
        long personId, CertificateFacts certificate, CardCarrier carrier, CardState opening, CancellationToken cancellation) =>
        TransactAsync(async (connection, transaction) =>
        {
            if (!await connection.ExecuteScalarAsync<bool>(Command(
                "SELECT EXISTS (SELECT FROM person WHERE person_id = @personId)", new { personId }, transaction, cancellation)))
                return CardOfficeOutcome.PersonUnknown;
            var cardKey = certificate.CardKey;
            var isNew = await connection.ExecuteAsync(Command(
                "INSERT INTO card (card_key, person_id) VALUES (@cardKey, @personId) ON CONFLICT (card_key) DO NOTHING",
                new { cardKey, personId },
                transaction,
                cancellation)) == 1;
            if (!isNew)
            {
                var holder = await connection.ExecuteScalarAsync<long>(Command(
                    "SELECT person_id FROM card WHERE card_key = @cardKey", new { cardKey }, transaction, cancellation));
                return holder == personId ? CardOfficeOutcome.AlreadySo : CardOfficeOutcome.BoundToAnother;
            }
            await connection.ExecuteAsync(Command(
                """
                INSERT INTO card_certificate (card_key, fingerprint, serial, anchor, modulus, exponent, not_before, not_after, carrier)
                VALUES (@cardKey, @Fingerprint, @Serial, @Anchor, @Modulus, @Exponent, @NotBefore, @NotAfter, @Carrier)
                """,
                new
                {
                    cardKey,
                    certificate.Fingerprint,
                    certificate.Serial,
                    certificate.Anchor,
                    certificate.Modulus,
                    certificate.Exponent,
                    NotBefore = certificate.NotBefore.ToUniversalTime(),
                    NotAfter = certificate.NotAfter.ToUniversalTime(),
                    Carrier = (short)carrier,
                },
                transaction,
                cancellation));
            await InsertStateAsync(connection, transaction, cardKey, revision: 0, opening, cancellation);
            return CardOfficeOutcome.Done;
        }, cancellation);

    /// <summary>The holder reported the card lost.</summary>
    public Task<CardOfficeOutcome> ReportLostAsync(Guid cardKey, DateTimeOffset at, CancellationToken cancellation) =>
        MoveAsync(cardKey, CardStatus.InUse, CardStatus.Lost, at, cancellation);

    /// <summary>The holder found the card again.</summary>
    public Task<CardOfficeOutcome> ReportFoundAsync(Guid cardKey, DateTimeOffset at, CancellationToken cancellation) =>
        MoveAsync(cardKey, CardStatus.Lost, CardStatus.InUse, at, cancellation);

    /// <summary>The holder registered the card for use as insurance card, elsewhere than at a reader.</summary>
    public Task<CardOfficeOutcome> ReportRegisteredAsync(Guid cardKey, RegistrationChannel channel, DateTimeOffset at, CancellationToken cancellation) =>
        TransactAsync(async (connection, transaction) =>
        {
            await LockAsync(connection, transaction, [cardKey], cancellation);
            if (await LatestAsync(connection, transaction, cardKey, cancellation) is not { } latest) return CardOfficeOutcome.CardUnknown;
            if (latest.State.Registered) return CardOfficeOutcome.AlreadySo;
            // As at the reader: only a card in use is registered.
            if (latest.State.Status != CardStatus.InUse) return CardOfficeOutcome.NotFromThisState;
            var registered = latest.State with { Since = at, Registered = true, Channel = channel };
            await InsertStateAsync(connection, transaction, cardKey, latest.Revision + 1, registered, cancellation);
            return CardOfficeOutcome.Done;
        }, cancellation);

    /// <summary>Ends the card for good, whatever its state.</summary>
    public Task<CardOfficeOutcome> RevokeAsync(Guid cardKey, DateTimeOffset at, CancellationToken cancellation) =>
        ChangeAsync(
            cardKey,
            latest => latest.Status == CardStatus.Revoked ? null : latest with { Status = CardStatus.Revoked, Since = at },
            cancellation);

    /// <summary>The holder died: all cards of the person end for good, a phone's too.</summary>
    public Task<CardOfficeOutcome> ReportDiedAsync(Guid cardKey, DateTimeOffset at, CancellationToken cancellation) =>
        TransactAsync(async (connection, transaction) =>
        {
            // All cards of the person are locked with it, and none is bound meanwhile.
            await LockAsync(connection, transaction, [cardKey], cancellation);
            var cards = (await connection.QueryAsync<Guid>(Command(
                "SELECT card_key FROM card WHERE person_id = (SELECT person_id FROM card WHERE card_key = @cardKey)", new { cardKey }, transaction, cancellation))).ToArray();
            if (cards.Length == 0) return CardOfficeOutcome.CardUnknown;
            var changed = false;
            foreach (var card in cards)
            {
                if (await LatestAsync(connection, transaction, card, cancellation) is not { State.Status: not CardStatus.HolderDied } latest) continue;
                await InsertStateAsync(connection, transaction, card, latest.Revision + 1, latest.State with { Status = CardStatus.HolderDied, Since = at }, cancellation);
                changed = true;
            }
            return changed ? CardOfficeOutcome.Done : CardOfficeOutcome.AlreadySo;
        }, cancellation);

    /// <summary>The card's own last day was moved out, after a stay was renewed. One that has ended already needs a new card.</summary>
    public Task<CardOfficeOutcome> ExtendAsync(Guid cardKey, DateOnly lastDay, DateTimeOffset at, CancellationToken cancellation) =>
        TransactAsync(async (connection, transaction) =>
        {
            await LockAsync(connection, transaction, [cardKey], cancellation);
            if (await LatestAsync(connection, transaction, cardKey, cancellation) is not { } latest) return CardOfficeOutcome.CardUnknown;
            if (latest.State.LastDay == lastDay) return CardOfficeOutcome.AlreadySo;
            if (!latest.State.MayBeExtendedTo(lastDay, at)) return CardOfficeOutcome.NotFromThisState;
            await InsertStateAsync(connection, transaction, cardKey, latest.Revision + 1, latest.State.ExtendedTo(lastDay, at), cancellation);
            return CardOfficeOutcome.Done;
        }, cancellation);

    /// <summary>
    /// The person got a new card: the old one is replaced, and its registration for insurance is carried over. Both cards must be
    /// bound to the same person, and both be plastic or both phones: a phone's certificate is a second one, made with the plastic card's.
    /// </summary>
    public Task<CardOfficeOutcome> ReplaceAsync(Guid oldCardKey, Guid newCardKey, DateTimeOffset at, CancellationToken cancellation) =>
        TransactAsync(async (connection, transaction) =>
        {
            await LockAsync(connection, transaction, [oldCardKey, newCardKey], cancellation);
            var old = await LatestAsync(connection, transaction, oldCardKey, cancellation);
            var replacement = await LatestAsync(connection, transaction, newCardKey, cancellation);
            if (old is null || replacement is null) return CardOfficeOutcome.CardUnknown;
            if (old.PersonId != replacement.PersonId) return CardOfficeOutcome.BoundToAnother;
            if (oldCardKey == newCardKey || old.Carrier != replacement.Carrier) return CardOfficeOutcome.NoReplacement;
            if (replacement.State.Status != CardStatus.InUse) return CardOfficeOutcome.NotFromThisState;

            var changed = false;
            if (old.State.Status != CardStatus.Replaced)
            {
                await InsertStateAsync(
                    connection, transaction, oldCardKey, old.Revision + 1, old.State with { Status = CardStatus.Replaced, Since = at }, cancellation);
                changed = true;
            }
            if (old.State.Registered && !replacement.State.Registered)
            {
                await InsertStateAsync(
                    connection,
                    transaction,
                    newCardKey,
                    replacement.Revision + 1,
                    replacement.State with { Since = at, Registered = true, Channel = RegistrationChannel.CarriedOver },
                    cancellation);
                changed = true;
            }
            return changed ? CardOfficeOutcome.Done : CardOfficeOutcome.AlreadySo;
        }, cancellation);

    /// <summary>Corrects a card's state to what it truly is: the office's own mistakes, and demonstrations that begin anew.</summary>
    public Task<CardOfficeOutcome> CorrectAsync(Guid cardKey, CardState state, CancellationToken cancellation) =>
        ChangeAsync(cardKey, latest => latest == state with { Since = state.Since.ToUniversalTime() } ? null : state, cancellation);

    private Task<CardOfficeOutcome> MoveAsync(
        Guid cardKey, CardStatus from, CardStatus to, DateTimeOffset at, CancellationToken cancellation) =>
        TransactAsync(async (connection, transaction) =>
        {
            await LockAsync(connection, transaction, [cardKey], cancellation);
            if (await LatestAsync(connection, transaction, cardKey, cancellation) is not { } latest) return CardOfficeOutcome.CardUnknown;
            if (latest.State.Status == to) return CardOfficeOutcome.AlreadySo;
            if (latest.State.Status != from) return CardOfficeOutcome.NotFromThisState;
            await InsertStateAsync(connection, transaction, cardKey, latest.Revision + 1, latest.State with { Status = to, Since = at }, cancellation);
            return CardOfficeOutcome.Done;
        }, cancellation);

    private Task<CardOfficeOutcome> ChangeAsync(Guid cardKey, Func<CardState, CardState?> change, CancellationToken cancellation) =>
        TransactAsync(async (connection, transaction) =>
        {
            await LockAsync(connection, transaction, [cardKey], cancellation);
            if (await LatestAsync(connection, transaction, cardKey, cancellation) is not { } latest) return CardOfficeOutcome.CardUnknown;
            if (change(latest.State) is not { } next) return CardOfficeOutcome.AlreadySo;
            await InsertStateAsync(connection, transaction, cardKey, latest.Revision + 1, next, cancellation);
            return CardOfficeOutcome.Done;
        }, cancellation);

    private async Task<CardOfficeOutcome> TransactAsync(
        Func<NpgsqlConnection, NpgsqlTransaction, Task<CardOfficeOutcome>> work, CancellationToken cancellation)
    {
        await using var connection = await store.OpenPatientlyAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var outcome = await work(connection, transaction);
        if (outcome == CardOfficeOutcome.Done) await transaction.CommitAsync(cancellation);
        return outcome;
    }

    private static Task<int> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid[] cardKeys, CancellationToken cancellation) =>
        connection.ExecuteAsync(Command("SELECT lock_cards(@cardKeys)", new { cardKeys }, transaction, cancellation));

    private static async Task<LatestState?> LatestAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid cardKey, CancellationToken cancellation)
    {
        var row = await connection.QuerySingleOrDefaultAsync<StateRow>(Command(
            """
            SELECT c.person_id AS PersonId, t.carrier AS Carrier, s.revision AS Revision, s.status AS Status, s.since AS Since,
                s.registered AS Registered, s.channel AS Channel, s.until_day AS LastDay, s.term AS Term
            FROM card c JOIN card_certificate t USING (card_key) JOIN card_state s USING (card_key)
            WHERE c.card_key = @cardKey ORDER BY s.revision DESC LIMIT 1
            """,
            new { cardKey },
            transaction,
            cancellation));
        return row is null
            ? null
            : new LatestState(
                row.PersonId,
                (CardCarrier)row.Carrier,
                row.Revision,
                new CardState((CardStatus)row.Status, new DateTimeOffset(row.Since, TimeSpan.Zero), row.Registered, (RegistrationChannel?)row.Channel, row.LastDay, (CardTerm?)row.Term));
    }

    private static Task<int> InsertStateAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid cardKey, int revision, CardState state, CancellationToken cancellation) =>
        connection.ExecuteAsync(Command(
            """
            INSERT INTO card_state (card_key, revision, status, since, registered, channel, until_day, term)
            VALUES (@cardKey, @revision, @Status, @Since, @Registered, @Channel, @LastDay, @Term)
            """,
            new
            {
                cardKey,
                revision,
                Status = (short)state.Status,
                Since = state.Since.ToUniversalTime(),
                state.Registered,
                Channel = (short?)state.Channel,
                state.LastDay,
                Term = (short?)state.Term,
            },
            transaction,
            cancellation));

    private static CommandDefinition Command(string sql, object parameters, NpgsqlTransaction transaction, CancellationToken cancellation) =>
        new(sql, parameters, transaction, CommandSeconds, cancellationToken: cancellation);

    private sealed record LatestState(long PersonId, CardCarrier Carrier, int Revision, CardState State);

    private sealed record StateRow(long PersonId, short Carrier, int Revision, short Status, DateTime Since, bool Registered, short? Channel, DateOnly? LastDay, short? Term);
}
