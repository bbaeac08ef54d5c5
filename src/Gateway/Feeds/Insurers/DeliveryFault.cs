namespace EligibilityGateway.Gateway.Feeds.Insurers;

/// <summary>Why a delivery can't be taken.</summary>
public enum DeliveryFault
{
    /// <summary>More entries than one delivery may hold.</summary>
    TooLarge,

    /// <summary>The same fact twice in one delivery.</summary>
    TwiceInDelivery,

    /// <summary>A text is empty where it must not be, too long, or holds control characters.</summary>
    TextUnfit,

    /// <summary>A text holds 12 digits that could be a My Number.</summary>
    LooksLikeMyNumber,

    /// <summary>The last day lies before the first.</summary>
    EndsBeforeItBegins,

    /// <summary>A day on which something of a coverage changed lies before its first day.</summary>
    OutsideOfItsCoverage,

    /// <summary>A code or an amount outside the official lists.</summary>
    CodeUnknown,

    /// <summary>Neither the store nor the delivery knows the person.</summary>
    PersonUnknown,

    /// <summary>Neither the store nor the delivery knows the insurer.</summary>
    InsurerUnknown,

    /// <summary>The insurer is known by another name.</summary>
    InsurerNamedOtherwise,

    /// <summary>The person has no such coverage.</summary>
    CoverageUnknown,

    /// <summary>The fact is another person's: withdraw it there and hand it in under a number of its own.</summary>
    AnotherPersons,

    /// <summary>There is no such fact to withdraw.</summary>
    FactUnknown,
}
