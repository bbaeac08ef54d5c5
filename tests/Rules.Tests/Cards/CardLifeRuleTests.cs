
using EligibilityGateway.Rules.Cards;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Tests.Cards;

/// <summary>What events make of cards, without a store.</summary>
public sealed class CardLifeRuleTests
{
    private static readonly DateTimeOffset Morning = new(2026, 10, 15, 9, 0, 0, TimeSpan.FromHours(9));
    private static readonly Guid Plastic = Key(1), Phone = Key(2), Other = Key(3), Spare = Key(4);

    [Theory, MemberData(nameof(CardLifeCases.All), MemberType = typeof(CardLifeCases))]
    public void A_state_is_followed_by_another_or_the_event_is_at_fault(CardStatus from, CardEventKind kind, CardStatus? to)
    {
        var lives = Lives(from);
        var fault = lives.Take(Event(5, kind, Plastic));
        Assert.Equal(to is null, fault is not null);
        Assert.Equal(to, lives.States.Where(row => row.CardKey == Plastic).Select(row => (CardStatus?)row.State.Status).FirstOrDefault());
    }

    // What is known already keeps its moment.
    [Theory, MemberData(nameof(CardLifeCases.All), MemberType = typeof(CardLifeCases))]
    public void The_same_event_again_leaves_the_state_as_it_is(CardStatus from, CardEventKind kind, CardStatus? to)
    {
        var first = CardLife.Next(StateOf(from), Event(null, kind, Plastic));
        Assert.Equal(to, first.State?.Status);
        if (first.State is { } state) Assert.Equal(state, CardLife.Next(state, Event(null, kind, Plastic) with { At = Morning.AddHours(1) }).State);
    }

    [Fact]
    public void A_number_that_the_card_has_passed_changes_nothing()
    {
        var lives = Lives(CardStatus.InUse, sequence: 7);
        Assert.Null(lives.Take(Event(7, CardEventKind.Revoked, Plastic)));
        Assert.Null(lives.Take(Event(6, CardEventKind.Lost, Plastic)));
        Assert.Equal((0, 2), (lives.States.Count, lives.Before));
        Assert.Null(lives.Take(Event(8, CardEventKind.Lost, Plastic)));
        Assert.Equal((1, 8L), (lives.States[0].Revision, lives.States[0].Sequence));
    }

    // Else the same file again would undo what came by hand after it.
    [Fact]
    public void An_event_that_says_what_is_known_still_leaves_its_number()
    {
        var lives = Lives(CardStatus.Lost);
        lives.Take(Event(5, CardEventKind.Lost, Plastic));
        Assert.Equal(5, Assert.Single(lives.States).Sequence);
    }

    [Fact]
    public void A_death_ends_all_cards_of_the_person_and_none_of_others()
    {
        var lives = Lives(CardStatus.InUse);
        Assert.Null(lives.Take(Event(5, CardEventKind.Died, Phone)));
        Assert.Equal([Plastic, Phone, Spare], lives.States.Select(row => row.CardKey));
        Assert.All(lives.States, row => Assert.Equal(CardStatus.HolderDied, row.State.Status));
    }

    [Fact]
    public void A_replacement_carries_the_registration_over_and_keeps_its_own_last_day()
    {
        var lives = Lives(CardStatus.InUse);
        Assert.Null(lives.Take(Event(5, CardEventKind.Replaced, Plastic)));
        var fresh = lives.States[1];
        Assert.Equal((Spare, true, RegistrationChannel.CarriedOver, new DateOnly(2036, 1, 1)), (fresh.CardKey, fresh.State.Registered, fresh.State.Channel, fresh.State.LastDay));
    }

    [Theory]
    [InlineData(1, "ReplacesItself")]
    [InlineData(2, "OfTwoKinds")]
    [InlineData(3, "OfTwoPersons")]
    [InlineData(9, "ReplacementUnknown")]
    public void Neither_itself_nor_a_phone_nor_anothers_card_replaces_a_card(byte by, string fault) =>
        Assert.Equal(fault, Lives(CardStatus.InUse).Take(Event(5, CardEventKind.Replaced, Plastic) with { ReplacedBy = Key(by) })?.ToString());

    private static CardLives Lives(CardStatus status, long sequence = 0)
    {
        KnownCard Known(long person, CardState state, CardCarrier carrier = CardCarrier.Plastic) => new(person, carrier, 0, state, sequence);
        var unregistered = StateOf(CardStatus.InUse) with { Registered = false, Channel = null };
        return new CardLives([1, 2], new Dictionary<Guid, KnownCard>
        {
            [Plastic] = Known(1, StateOf(status)),
            [Phone] = Known(1, unregistered, CardCarrier.Phone),
            [Other] = Known(2, unregistered),
            [Spare] = Known(1, unregistered),
        });
    }

    private static CardState StateOf(CardStatus status) =>
        new(status, Morning, status == CardStatus.InUse, status == CardStatus.InUse ? RegistrationChannel.Portal : null, new DateOnly(2036, 1, 1), CardTerm.PeriodOfStay);

    private static CardEvent Event(long? sequence, CardEventKind kind, Guid card) => new(sequence, kind, card, Morning.AddMinutes(1), Line: 2)
    {
        Channel = RegistrationChannel.CashMachine,
        ReplacedBy = Spare,
        LastDay = new DateOnly(2036, 6, 1),
    };

    private static Guid Key(byte n) => new(n, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
