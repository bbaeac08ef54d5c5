namespace EligibilityGateway.ReaderAgent.Cards;

/// <summary>What went wrong between reader and card: a closed list, each with a text for the desk (CardFault_… in the resources).</summary>
internal enum CardFaultKind
{
    /// <summary>No card of this name is at hand (software cards only).</summary>
    NoCard,

    /// <summary>The card left the field in the middle.</summary>
    CardGone,

    /// <summary>Not a My Number Card: it has no JPKI application.</summary>
    NotThisKindOfCard,

    /// <summary>The holder did not ask for a user-authentication certificate. The gateway is told, and answers with its remedy.</summary>
    NoCertificate,

    /// <summary>What the card gave as its certificate is none, or is longer than the gateway takes.</summary>
    CertificateUnreadable,

    /// <summary>A smartphone gives its certificate only after the PIN.</summary>
    CertificateNeedsPin,

    /// <summary>The PIN must be 4 digits; nothing was sent to the card.</summary>
    PinNotFourDigits,

    /// <summary>The PIN was wrong.</summary>
    PinWrong,

    /// <summary>One more wrong PIN would lock the card; nothing was sent to it.</summary>
    PinTriesTooFew,

    /// <summary>The PIN is locked; the municipal office can reset it. Face and sight still work.</summary>
    PinLocked,

    /// <summary>Another program left the card with its PIN verified: lift the card and put it back.</summary>
    AlreadyUnlocked,

    /// <summary>The card's signature does not fit the certificate it gave: two cards on the reader, or a forged one.</summary>
    SignatureDoesNotFit,

    /// <summary>The card said something that the protocol does not know here.</summary>
    UnexpectedStatus,
}
