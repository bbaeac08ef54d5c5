namespace EligibilityGateway.Gateway.Access.Journal;

/// <summary>What became of an append.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="Position">The entry's place if it is <see cref="AppendStatus.Durable"/>.</param>
public readonly record struct AppendOutcome(AppendStatus Status, JournalPosition Position = default)
{
    public bool IsDurable => Status == AppendStatus.Durable;
}
