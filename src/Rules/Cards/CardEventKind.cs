namespace EligibilityGateway.Rules.Cards;

/// <summary>What happens to a card. In files the names are written in lower case.</summary>
public enum CardEventKind
{
    /// <summary>Made for a person, with its certificate.</summary>
    Issued,

    /// <summary>Registered for use as insurance card (利用登録).</summary>
    Registered,

    Lost,

    Found,

    /// <summary>Ended for good.</summary>
    Revoked,

    /// <summary>The person got another one, which takes the registration over.</summary>
    Replaced,

    /// <summary>The holder died: all cards of the person end.</summary>
    Died,

    /// <summary>Its own last day was moved out, after a stay was renewed.</summary>
    Extended,
}
