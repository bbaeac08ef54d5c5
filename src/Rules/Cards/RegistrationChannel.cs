namespace EligibilityGateway.Rules.Cards;

/// <summary>Where a card was registered for use as insurance card.</summary>
public enum RegistrationChannel : short
{
    Reader = 1,
    Portal = 2,
    CashMachine = 3,

    /// <summary>Carried over from the card that it replaces.</summary>
    CarriedOver = 4,
}
