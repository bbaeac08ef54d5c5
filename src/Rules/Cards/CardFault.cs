namespace EligibilityGateway.Rules.Cards;

/// <summary>Why an event of a card can't be.</summary>
internal enum CardFault
{
    CardUnknown,

    PersonUnknown,

    /// <summary>The card is bound to another person; a binding never changes.</summary>
    BoundToAnother,

    /// <summary>The card was issued before.</summary>
    IssuedBefore,

    /// <summary>The card was revoked or replaced, or its holder died: it does not come back.</summary>
    HasEnded,

    /// <summary>Only a card in use is registered for use as insurance card.</summary>
    NotInUse,

    /// <summary>The card has ended, or the day is no later than its last one.</summary>
    NoLaterDay,

    ReplacementUnknown,

    ReplacesItself,

    OfTwoPersons,

    /// <summary>One is a phone's certificate and one is a plastic card.</summary>
    OfTwoKinds,

    ReplacementNotInUse,

    /// <summary>The holder died: nobody gets a new card.</summary>
    HolderDied,
}
