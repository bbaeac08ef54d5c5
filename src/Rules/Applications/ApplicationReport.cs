namespace EligibilityGateway.Rules.Applications;

/// <summary>What the card office told of an application: how it is from <paramref name="On"/> on.</summary>
/// <param name="Step">How far it has come.</param>
/// <param name="On">The day it came to that.</param>
/// <param name="Place">With a notice: where the card is handed over; else empty.</param>
public readonly record struct ApplicationReport(ApplicationStep Step, DateOnly On, string Place)
{
    /// <summary>Longest place, in characters.</summary>
    public const int MaxPlaceLength = 100;
}
