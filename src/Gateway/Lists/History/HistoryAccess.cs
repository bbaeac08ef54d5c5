namespace EligibilityGateway.Gateway.Lists.History;

/// <summary>A look at what was known: on record before anything is read.</summary>
/// <param name="AskedBy">Who asks.</param>
/// <param name="Reason">Why.</param>
/// <param name="Person">The store's number of the person.</param>
/// <param name="ServiceDate">The day that is asked about.</param>
/// <param name="KnownAt">What was recorded by then counts, and nothing that came later.</param>
public sealed record HistoryAccess(string AskedBy, string Reason, long Person, DateOnly ServiceDate, DateTimeOffset KnownAt);
