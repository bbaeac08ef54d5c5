using EligibilityGateway.Gateway.Cards;

namespace EligibilityGateway.Gateway.CardOffice;

/// <summary>
/// What events make of cards: a pure fold, event by event in the order of their numbers. An event with a number that its card has
/// passed already changes nothing; one that can't be is a fault and changes nothing either.
/// </summary>
internal sealed class CardLife
{
    private readonly Dictionary<Guid, KnownCard> _cards = [];
    private readonly Dictionary<long, List<Guid>> _cardsOf = [];
    private readonly HashSet<long> _persons;

    /// <param name="persons">All persons that there are, of those named.</param>
    /// <param name="cards">All cards of theirs, and all that are named.</param>
    public CardLife(IEnumerable<long> persons, IEnumerable<KeyValuePair<Guid, KnownCard>> cards)
    {
        _persons = [.. persons];
        foreach (var (key, card) in cards) Add(key, card);
    }

    /// <summary>Cards that were made, in their order.</summary>
    public List<CardEvent> Issued { get; } = [];

    /// <summary>New states, in their order.</summary>
    public List<(Guid CardKey, int Revision, CardState State, long Sequence)> States { get; } = [];

    /// <summary>How many events changed nothing, since they are in already.</summary>
    public long Before { get; private set; }

    /// <summary>Takes one event; what is wrong with it, with the column, or null.</summary>
    public (string Column, string Reason)? Take(CardEvent told)
    {
        if (told.Kind == CardEventKind.Issued) return Issue(told);
        if (!_cards.TryGetValue(told.CardKey, out var card)) return ("card", "neither the file nor the store knows this card");
        if (told.Sequence <= card.Sequence)
        {
            Before++;
            return null;
        }
        return told.Kind switch
        {
            CardEventKind.Replaced => Replace(told, card),
            CardEventKind.Died => Die(told, card.PersonId),
            _ => Change(told, card),
        };
    }

    private (string, string)? Issue(CardEvent told)
    {
        if (_cards.TryGetValue(told.CardKey, out var known))
        {
            if (known.PersonId != told.PersonId) return ("person", "the card is bound to another person, for good");
            if (told.Sequence > known.Sequence) return ("certificate", "the card is known already");
            Before++;
            return null;
        }
        if (!_persons.Contains(told.PersonId)) return ("person", "the store knows no such person");
        var state = new CardState(CardStatus.InUse, told.At, Registered: false, Channel: null, told.LastDay, told.Term);
        Issued.Add(told);
        Put(told.CardKey, new KnownCard(told.PersonId, told.Carrier, Revision: -1, state, Sequence: 0), state, told.Sequence);
        return null;
    }

    private (string, string)? Change(CardEvent told, KnownCard card)
    {
        var state = card.State;
        var (next, fault) = told.Kind switch
        {
            CardEventKind.Lost when state.Status is CardStatus.InUse or CardStatus.Lost => To(state with { Status = CardStatus.Lost }),
            CardEventKind.Found when state.Status is CardStatus.InUse or CardStatus.Lost => To(state with { Status = CardStatus.InUse }),
            CardEventKind.Lost or CardEventKind.Found => No("kind", "the card has ended and does not come back"),
            CardEventKind.Revoked when state.Status == CardStatus.HolderDied => To(state),
            CardEventKind.Revoked => To(state with { Status = CardStatus.Revoked }),
            CardEventKind.Registered when state.Registered => To(state),
            CardEventKind.Registered when state.Status == CardStatus.InUse => To(state with { Registered = true, Channel = told.Channel }),
            CardEventKind.Registered => No("kind", "the card is not in use, and can't be registered"),
            CardEventKind.Extended when state.LastDay == told.LastDay => To(state),
            CardEventKind.Extended when state.MayBeExtendedTo(told.LastDay!.Value, told.At) => To(state.ExtendedTo(told.LastDay.Value, told.At)),
            CardEventKind.Extended => No("until", "the card has ended, or the day is no later than its last one"),
            _ => throw new ArgumentOutOfRangeException(nameof(told), told.Kind, "No such event."),
        };
        if (fault is not null) return fault;
        Put(told.CardKey, card, next == state ? state : next! with { Since = told.At }, told.Sequence);
        return null;

        static (CardState? Next, (string, string)? Fault) To(CardState next) => (next, null);

        static (CardState? Next, (string, string)? Fault) No(string column, string reason) => (null, (column, reason));
    }

    private (string, string)? Replace(CardEvent told, KnownCard old)
    {
        if (!_cards.TryGetValue(told.ReplacedBy!.Value, out var replacement)) return ("replaced_by", "neither the file nor the store knows this card");
        if (told.CardKey == told.ReplacedBy) return ("replaced_by", "a card does not replace itself");
        if (old.PersonId != replacement.PersonId) return ("replaced_by", "the two cards are of two persons");
        if (old.Carrier != replacement.Carrier) return ("replaced_by", "a phone's certificate and the plastic card do not replace each other");
        if (replacement.State.Status != CardStatus.InUse) return ("replaced_by", "the new card is not in use");
        if (old.State.Status == CardStatus.HolderDied) return ("kind", "the holder died: there is no new card");
        var carriesOver = old.State.Registered && !replacement.State.Registered;
        Put(told.CardKey, old, old.State with { Status = CardStatus.Replaced, Since = told.At }, told.Sequence);
        if (carriesOver)
            Put(told.ReplacedBy.Value, replacement, replacement.State with { Since = told.At, Registered = true, Channel = RegistrationChannel.CarriedOver }, told.Sequence);
        return null;
    }

    private (string, string)? Die(CardEvent told, long personId)
    {
        foreach (var key in _cardsOf[personId].ToList())
            Put(key, _cards[key], _cards[key].State with { Status = CardStatus.HolderDied, Since = told.At }, told.Sequence);
        return null;
    }

    private void Put(Guid key, KnownCard before, CardState state, long sequence)
    {
        var card = before with { Revision = before.Revision + 1, State = state, Sequence = Math.Max(before.Sequence, sequence) };
        States.Add((key, card.Revision, state, sequence));
        Add(key, card);
    }

    private void Add(Guid key, KnownCard card)
    {
        if (!_cards.ContainsKey(key))
        {
            if (!_cardsOf.TryGetValue(card.PersonId, out var cards)) _cardsOf.Add(card.PersonId, cards = []);
            cards.Add(key);
        }
        _cards[key] = card;
    }
}
