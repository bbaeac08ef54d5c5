namespace EligibilityGateway.Rules.Facts;

/// <summary>How long a card lasts by its kind. Of a stay nothing else is kept.</summary>
public enum CardTerm : short
{
    /// <summary>To the tenth birthday after it was issued, the fifth for a minor.</summary>
    Birthday = 1,

    /// <summary>With the holder's period of stay, where that ends earlier; it is extended after the stay was.</summary>
    PeriodOfStay = 2,
}
