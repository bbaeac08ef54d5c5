namespace EligibilityGateway.Rules.HighCost;

internal static class Scratch
{
    /// <summary>Up to so many bills in a month are worked on without memory of their own. Few households have more.</summary>
    public const int Bills = 64;
}
