namespace EligibilityGateway.Gateway.Feeds.CardOffice;

/// <summary>What became of a file of the card office.</summary>
/// <param name="Errors">How many rows are at fault. With any, nothing more was changed than what the other two tell.</param>
/// <param name="Done">How many rows are in now.</param>
/// <param name="Before">How many changed nothing: the store held them, or later ones.</param>
public sealed record FileOutcome(long Errors, long Done, long Before);
