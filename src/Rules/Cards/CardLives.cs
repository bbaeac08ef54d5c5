using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Cards;

/// <summary>
/// What events make of several cards, event by event in their order. An event that can't be is a fault and changes nothing; neither does one
/// with a number that its card has passed, as in a file that is imported again.
/// </summary>
internal sealed class CardLives
{
    private readonly Dictionary<Guid, KnownCard> _cards = [];
    private readonly Dictionary<long, List<Guid>> _cardsOf = [];
    private readonly HashSet<long> _persons;

    /// <param name="persons">All persons that there are, of those named.</param>
    /// <param name="cards">All cards of theirs, and all that are named.</param>
    public CardLives(IEnumerable<long> persons, IEnumerable<KeyValuePair<Guid, KnownCard>> cards)
    {
        _persons = [.. persons];
        foreach (var (key, card) in cards) Add(key, card);
    }

    /// <summary>Cards that were made, in their order.</summary>
    public List<CardEvent> Issued { get; } = [];

    /// <summary>New states, in their order.</summary>
    public List<CardStateRow> States { get; } = [];

    /// <summary>How many events changed nothing, since they are in already.</summary>
    public long Before { get; private set; }

    /// <summary>Takes one event; what is wrong with it, or null.</summary>
    public CardFault? Take(CardEvent told)
    {
        if (told.Kind == CardEventKind.Issued) return Issue(told, new CardState(CardStatus.InUse, told.At, Registered: false, Channel: null, told.LastDay, told.Term));
        if (!_cards.TryGetValue(told.CardKey, out var card)) return CardFault.CardUnknown;
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

    /// <summary>Takes the issue of a card that begins in that state.</summary>
    public CardFault? Issue(CardEvent told, CardState opening)
    {
        if (_cards.TryGetValue(told.CardKey, out var known))
        {
            if (known.PersonId != told.PersonId) return CardFault.BoundToAnother;
            if (told.Sequence is null || told.Sequence > known.Sequence) return CardFault.IssuedBefore;
            Before++;
            return null;
        }
        if (!_persons.Contains(told.PersonId)) return CardFault.PersonUnknown;
        Issued.Add(told);
        Put(told.CardKey, new KnownCard(told.PersonId, told.Carrier, Revision: -1, opening, Sequence: 0), opening, told.Sequence);
        return null;
    }

    private CardFault? Change(CardEvent told, KnownCard card)
    {
        var step = CardLife.Next(card.State, told);
        if (step.State is { } next) Put(told.CardKey, card, next, told.Sequence);
        return step.Fault;
    }

    private CardFault? Replace(CardEvent told, KnownCard old)
    {
        if (!_cards.TryGetValue(told.ReplacedBy!.Value, out var replacement)) return CardFault.ReplacementUnknown;
        if (CardLife.FaultOfReplacing(told.CardKey == told.ReplacedBy, old, replacement) is { } fault) return fault;
        var step = CardLife.Next(old.State, told);
        if (step.State is not { } next) return step.Fault;
        Put(told.CardKey, old, next, told.Sequence);
        var fresh = CardLife.AfterReplacing(replacement.State, old.State, told.At);
        if (fresh != replacement.State) Put(told.ReplacedBy.Value, replacement, fresh, told.Sequence);
        return null;
    }

    private CardFault? Die(CardEvent told, long personId)
    {
        foreach (var key in _cardsOf[personId].ToList())
            if (CardLife.Next(_cards[key].State, told).State is { } next) Put(key, _cards[key], next, told.Sequence);
        return null;
    }

    // A number that the card has not passed is kept even where the event says what is known: else the same file again would undo what came
    // by hand after it.
    private void Put(Guid key, KnownCard before, CardState state, long? sequence)
    {
        if (sequence is null && state == before.State && before.Revision >= 0) return;
        var card = before with { Revision = before.Revision + 1, State = state, Sequence = Math.Max(before.Sequence, sequence ?? 0) };
        States.Add(new CardStateRow(key, card.Revision, state, sequence));
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

/// <summary>A new state of a card, as the store keeps it.</summary>
/// <param name="CardKey">Of which card.</param>
/// <param name="Revision">The number of the state, from 0 on.</param>
/// <param name="State">The state.</param>
/// <param name="Sequence">The card office's number of the event; null where it was reported by hand.</param>
internal readonly record struct CardStateRow(Guid CardKey, int Revision, CardState State, long? Sequence);
