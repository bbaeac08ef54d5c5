namespace EligibilityGateway.Gateway.Feeds.CardOffice;

/// <summary>What became of a card office's report.</summary>
public enum CardOfficeOutcome
{
    /// <summary>It is in.</summary>
    Done,

    /// <summary>The store held it already; nothing changed.</summary>
    AlreadySo,

    /// <summary>There is no such person to bind a card to.</summary>
    PersonUnknown,

    /// <summary>There is no such card.</summary>
    CardUnknown,

    /// <summary>The certificate is bound to another person; a binding never changes.</summary>
    BoundToAnother,

    /// <summary>The card's present state does not allow it: a revoked or replaced card does not come back.</summary>
    NotFromThisState,

    /// <summary>A card replaces another one of its kind: not itself, and no phone's certificate replaces the plastic card's or the other way.</summary>
    NoReplacement,
}
