namespace EligibilityGateway.Rules.Certificates;

/// <summary>What a person's My Number Card is worth as insurance card on a day.</summary>
internal enum CardUse
{
    /// <summary>There is none in use.</summary>
    None,

    /// <summary>None is registered for use as insurance card.</summary>
    NotRegistered,

    /// <summary>Its certificate has expired. In the months of grace as well: the insurer's certificate is to be there before they end.</summary>
    Lapsed,

    /// <summary>It is good.</summary>
    Usable,
}
