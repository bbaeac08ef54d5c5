namespace EligibilityGateway.Gateway.Feeds.Insurers.Batches;

/// <summary>A table of facts as a batch fills it.</summary>
/// <param name="Kind">What it holds; as a number, in the statements.</param>
/// <param name="Name">The table's name.</param>
/// <param name="IdColumn">The fact's number.</param>
/// <param name="Columns">All that a fact says.</param>
internal sealed record FeedTable(FactKind Kind, string Name, string IdColumn, params string[] Columns);
