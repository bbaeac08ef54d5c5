using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Rules.Cards;
using EligibilityGateway.Rules.Facts;
using Npgsql;

namespace EligibilityGateway.Gateway.Feeds.CardOffice;

/// <summary>
/// The card office's reports by hand: whose card it is, and what became of it. Each is one transaction, in its turn, that locks all cards of
/// its persons in ascending order; a new state is a new revision, and triggers raise the versions of the card and, where it is a plastic
/// one, of the person's phones. Reporting the same again changes nothing.
/// </summary>
/// <param name="store">Connects as eg_card_office.</param>
public sealed class CardOfficeFeed(NpgsqlDataSource store)
{
    /// <summary>Binds a card to the person it was made for. The binding is for good.</summary>
    public Task<CardOfficeOutcome> BindAsync(
        long personId, CertificateFacts certificate, CardCarrier carrier, CardState opening, CancellationToken cancellation)
    {
        var told = new CardEvent(null, CardEventKind.Issued, certificate.CardKey, opening.Since) { PersonId = personId, Certificate = certificate, Carrier = carrier };
        return TellAsync(told, lives => lives.Issue(told, opening), cancellation);
    }

    /// <summary>The holder reported the card lost.</summary>
    public Task<CardOfficeOutcome> ReportLostAsync(Guid cardKey, DateTimeOffset at, CancellationToken cancellation) =>
        TellAsync(new CardEvent(null, CardEventKind.Lost, cardKey, at), cancellation);

    /// <summary>The holder found the card again.</summary>
    public Task<CardOfficeOutcome> ReportFoundAsync(Guid cardKey, DateTimeOffset at, CancellationToken cancellation) =>
        TellAsync(new CardEvent(null, CardEventKind.Found, cardKey, at), cancellation);

    /// <summary>The holder registered the card for use as insurance card, elsewhere than at a reader.</summary>
    public Task<CardOfficeOutcome> ReportRegisteredAsync(Guid cardKey, RegistrationChannel channel, DateTimeOffset at, CancellationToken cancellation) =>
        TellAsync(new CardEvent(null, CardEventKind.Registered, cardKey, at) { Channel = channel }, cancellation);

    /// <summary>Ends the card for good, whatever its state.</summary>
    public Task<CardOfficeOutcome> RevokeAsync(Guid cardKey, DateTimeOffset at, CancellationToken cancellation) =>
        TellAsync(new CardEvent(null, CardEventKind.Revoked, cardKey, at), cancellation);

    /// <summary>The holder died: all cards of the person end for good, a phone's too.</summary>
    public Task<CardOfficeOutcome> ReportDiedAsync(Guid cardKey, DateTimeOffset at, CancellationToken cancellation) =>
        TellAsync(new CardEvent(null, CardEventKind.Died, cardKey, at), cancellation);

    /// <summary>The card's own last day was moved out, after a stay was renewed. One that has ended already needs a new card.</summary>
    public Task<CardOfficeOutcome> ExtendAsync(Guid cardKey, DateOnly lastDay, DateTimeOffset at, CancellationToken cancellation) =>
        TellAsync(new CardEvent(null, CardEventKind.Extended, cardKey, at) { LastDay = lastDay }, cancellation);

    /// <summary>
    /// The person got a new card: the old one is replaced, and its registration for insurance is carried over. Both cards must be
    /// bound to the same person, and both be plastic or both phones.
    /// </summary>
    public Task<CardOfficeOutcome> ReplaceAsync(Guid oldCardKey, Guid newCardKey, DateTimeOffset at, CancellationToken cancellation) =>
        TellAsync(new CardEvent(null, CardEventKind.Replaced, oldCardKey, at) { ReplacedBy = newCardKey }, cancellation);

    /// <summary>Corrects a card's state to what it truly is: the office's own mistakes, and demonstrations that begin anew.</summary>
    public Task<CardOfficeOutcome> CorrectAsync(Guid cardKey, CardState state, CancellationToken cancellation) =>
        TransactAsync(async connection =>
        {
            await CardRows.LockAsync(connection, [cardKey], [], cancellation);
            if (!(await CardRows.ReadCardsAsync(connection, [cardKey], [], cancellation)).TryGetValue(cardKey, out var card)) return CardOfficeOutcome.CardUnknown;
            if (card.State == state) return CardOfficeOutcome.AlreadySo;
            await CardRows.WriteStatesAsync(connection, [new CardStateRow(cardKey, card.Revision + 1, state, Sequence: null)], isCorrection: true, cancellation);
            return CardOfficeOutcome.Done;
        }, cancellation);

    private Task<CardOfficeOutcome> TellAsync(CardEvent told, CancellationToken cancellation) => TellAsync(told, lives => lives.Take(told), cancellation);

    private Task<CardOfficeOutcome> TellAsync(CardEvent told, Func<CardLives, CardFault?> take, CancellationToken cancellation) =>
        TransactAsync(async connection =>
        {
            await CardRows.LockAsync(connection, [told], cancellation);
            var lives = await CardRows.ReadAsync(connection, [told], cancellation);
            if (take(lives) is { } fault) return OutcomeOf(fault);
            await CardRows.WriteAsync(connection, lives, cancellation);
            return lives.States.Count > 0 ? CardOfficeOutcome.Done : CardOfficeOutcome.AlreadySo;
        }, cancellation);

    private async Task<CardOfficeOutcome> TransactAsync(Func<NpgsqlConnection, Task<CardOfficeOutcome>> work, CancellationToken cancellation)
    {
        await using var connection = await store.OpenPatientlyAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var outcome = await work(connection);
        if (outcome == CardOfficeOutcome.Done) await transaction.CommitAsync(cancellation);
        return outcome;
    }

    private static CardOfficeOutcome OutcomeOf(CardFault fault) => fault switch
    {
        CardFault.CardUnknown or CardFault.ReplacementUnknown => CardOfficeOutcome.CardUnknown,
        CardFault.PersonUnknown => CardOfficeOutcome.PersonUnknown,
        CardFault.BoundToAnother or CardFault.OfTwoPersons => CardOfficeOutcome.BoundToAnother,
        CardFault.IssuedBefore => CardOfficeOutcome.AlreadySo,
        CardFault.ReplacesItself or CardFault.OfTwoKinds => CardOfficeOutcome.NoReplacement,
        _ => CardOfficeOutcome.NotFromThisState,
    };
}
