using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Cards;

/// <summary>
/// Which state of a card follows which: the one place that says so, for reports by hand, for files and for any later feed. The store refuses
/// what it can see of the same (the trigger card_state_follows).
/// </summary>
internal static class CardLife
{
    /// <summary>The state that an event leaves a card in.</summary>
    /// <param name="state">The card's latest state.</param>
    /// <param name="told">The event; any but an issue, which has no state before it.</param>
    /// <returns>The same state where the event says what is known already; else the new one, since the event's moment.</returns>
    public static CardStep Next(CardState state, CardEvent told)
    {
        var step = told.Kind switch
        {
            CardEventKind.Lost or CardEventKind.Found when state.Status is not (CardStatus.InUse or CardStatus.Lost) => CardFault.HasEnded,
            CardEventKind.Lost => To(CardStatus.Lost),
            CardEventKind.Found => To(CardStatus.InUse),
            // A death says more, and comes from nobody but the registrar.
            CardEventKind.Revoked => To(state.Status == CardStatus.HolderDied ? CardStatus.HolderDied : CardStatus.Revoked),
            CardEventKind.Died => To(CardStatus.HolderDied),
            CardEventKind.Replaced when state.Status == CardStatus.HolderDied => CardFault.HolderDied,
            CardEventKind.Replaced => To(CardStatus.Replaced),
            CardEventKind.Registered when state.Registered => state,
            // As at the reader.
            CardEventKind.Registered when state.Status != CardStatus.InUse => CardFault.NotInUse,
            CardEventKind.Registered => state with { Registered = true, Channel = told.Channel },
            CardEventKind.Extended when state.LastDay == told.LastDay => state,
            CardEventKind.Extended when !state.MayBeExtendedTo(told.LastDay!.Value, told.At) => CardFault.NoLaterDay,
            CardEventKind.Extended => state with { LastDay = told.LastDay, Term = state.Term ?? CardTerm.PeriodOfStay },
            _ => throw new ArgumentOutOfRangeException(nameof(told), told.Kind, "No such event follows a state."),
        };
        return step.State is null || step.State == state ? step : step.State with { Since = told.At };

        CardStep To(CardStatus status) => state with { Status = status };
    }

    /// <summary>The state that a replacement leaves the new card in: it takes the old one's registration over.</summary>
    public static CardState AfterReplacing(CardState replacement, CardState old, DateTimeOffset at) =>
        old.Registered && !replacement.Registered ? replacement with { Since = at, Registered = true, Channel = RegistrationChannel.CarriedOver } : replacement;

    /// <summary>Why one card can't take another one's place; null where it can.</summary>
    /// <param name="isSame">The two are one card.</param>
    /// <param name="old">The old card.</param>
    /// <param name="replacement">The new card.</param>
    public static CardFault? FaultOfReplacing(bool isSame, KnownCard old, KnownCard replacement)
    {
        if (old.PersonId != replacement.PersonId) return CardFault.OfTwoPersons;
        if (isSame) return CardFault.ReplacesItself;
        // A phone's certificate is a second one, made with the plastic card's.
        if (old.Carrier != replacement.Carrier) return CardFault.OfTwoKinds;
        return replacement.State.Status == CardStatus.InUse ? null : CardFault.ReplacementNotInUse;
    }
}

/// <summary>What an event makes of a card: a state, or a fault that changes nothing.</summary>
internal readonly record struct CardStep(CardState? State, CardFault? Fault)
{
    public static implicit operator CardStep(CardState state) => new(state, null);

    public static implicit operator CardStep(CardFault fault) => new(null, fault);
}
