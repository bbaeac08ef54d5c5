namespace EligibilityGateway.Demo.Population;

/// <summary>What dice are thrown for: each use has a sequence of its own.</summary>
internal enum DiceUse
{
    Block,
    Household,
    Person,
    Card,
}
