using EligibilityGateway.Gateway.CardOffice;
using EligibilityGateway.Gateway.Cards;

namespace EligibilityGateway.Gateway.Tests.CardOffice;

/// <summary>What events make of cards, without a store.</summary>
public sealed class CardLifeRuleTests
{
    private static readonly DateTimeOffset Morning = new(2026, 10, 15, 9, 0, 0, TimeSpan.FromHours(9));
    private static readonly Guid Plastic = Key(1), Phone = Key(2), Other = Key(3), Spare = Key(4);

    public static TheoryData<CardStatus, string, CardStatus?> Steps => new()
    {
        { CardStatus.InUse, "Lost", CardStatus.Lost },
        { CardStatus.Lost, "Lost", CardStatus.Lost },
        { CardStatus.Lost, "Found", CardStatus.InUse },
        { CardStatus.InUse, "Found", CardStatus.InUse },
        { CardStatus.Revoked, "Lost", null },
        { CardStatus.Revoked, "Found", null },
        { CardStatus.Replaced, "Found", null },
        { CardStatus.HolderDied, "Found", null },
        { CardStatus.InUse, "Revoked", CardStatus.Revoked },
        { CardStatus.Lost, "Revoked", CardStatus.Revoked },
        { CardStatus.HolderDied, "Revoked", CardStatus.HolderDied },
        { CardStatus.InUse, "Died", CardStatus.HolderDied },
        { CardStatus.Revoked, "Died", CardStatus.HolderDied },
        { CardStatus.InUse, "Registered", CardStatus.InUse },
        { CardStatus.Lost, "Registered", null },
        { CardStatus.InUse, "Extended", CardStatus.InUse },
        { CardStatus.Revoked, "Extended", null },
        { CardStatus.InUse, "Replaced", CardStatus.Replaced },
        { CardStatus.Lost, "Replaced", CardStatus.Replaced },
        { CardStatus.HolderDied, "Replaced", null },
    };

    [Theory, MemberData(nameof(Steps))]
    public void A_state_is_followed_by_another_or_the_event_is_at_fault(CardStatus from, string kind, CardStatus? to)
    {
        var life = Life(from);
        var fault = life.Take(Event(5, Enum.Parse<CardEventKind>(kind), Plastic));
        Assert.Equal(to is null, fault is not null);
        Assert.Equal(to, life.States.FirstOrDefault(row => row.CardKey == Plastic).State?.Status);
    }

    [Fact]
    public void A_number_that_the_card_has_passed_changes_nothing()
    {
        var life = Life(CardStatus.InUse, sequence: 7);
        Assert.Null(life.Take(Event(7, CardEventKind.Revoked, Plastic)));
        Assert.Null(life.Take(Event(6, CardEventKind.Lost, Plastic)));
        Assert.Equal((0, 2), (life.States.Count, life.Before));
        Assert.Null(life.Take(Event(8, CardEventKind.Lost, Plastic)));
        Assert.Equal((1, 8L), (life.States[0].Revision, life.States[0].Sequence));
    }

    // Else the same file again would undo what came by hand after it.
    [Fact]
    public void An_event_that_says_what_is_known_still_leaves_its_number()
    {
        var life = Life(CardStatus.Lost);
        life.Take(Event(5, CardEventKind.Lost, Plastic));
        Assert.Equal(5, Assert.Single(life.States).Sequence);
    }

    [Fact]
    public void A_death_ends_all_cards_of_the_person_and_none_of_others()
    {
        var life = Life(CardStatus.InUse);
        Assert.Null(life.Take(Event(5, CardEventKind.Died, Phone)));
        Assert.Equal([Plastic, Phone, Spare], life.States.Select(row => row.CardKey));
        Assert.All(life.States, row => Assert.Equal(CardStatus.HolderDied, row.State.Status));
    }

    [Fact]
    public void A_replacement_carries_the_registration_over_and_keeps_its_own_last_day()
    {
        var life = Life(CardStatus.InUse);
        Assert.Null(life.Take(Event(5, CardEventKind.Replaced, Plastic)));
        var fresh = life.States[1];
        Assert.Equal((Spare, true, RegistrationChannel.CarriedOver, new DateOnly(2036, 1, 1)), (fresh.CardKey, fresh.State.Registered, fresh.State.Channel, fresh.State.LastDay));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(9)]
    public void Neither_itself_nor_a_phone_nor_anothers_card_replaces_a_card(byte by) =>
        Assert.Equal("replaced_by", Life(CardStatus.InUse).Take(Event(5, CardEventKind.Replaced, Plastic) with { ReplacedBy = Key(by) })?.Column);

    private static CardLife Life(CardStatus status, long sequence = 0)
    {
        KnownCard Known(long person, CardCarrier carrier = CardCarrier.Plastic, CardStatus state = CardStatus.InUse, bool registered = false) => new(
            person, carrier, 0, new CardState(state, Morning, registered, registered ? RegistrationChannel.Portal : null, new DateOnly(2036, 1, 1), CardTerm.PeriodOfStay), sequence);
        return new CardLife([1, 2], new Dictionary<Guid, KnownCard>
        {
            [Plastic] = Known(1, state: status, registered: status == CardStatus.InUse && sequence == 0),
            [Phone] = Known(1, CardCarrier.Phone),
            [Other] = Known(2),
            [Spare] = Known(1),
        });
    }

    private static CardEvent Event(long sequence, CardEventKind kind, Guid card) => new(sequence, kind, card, Morning, Line: 2)
    {
        Channel = RegistrationChannel.CashMachine,
        ReplacedBy = Spare,
        LastDay = new DateOnly(2036, 6, 1),
    };

    private static Guid Key(byte n) => new(n, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
