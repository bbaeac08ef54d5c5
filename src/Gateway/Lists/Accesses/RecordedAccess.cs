using EligibilityGateway.Gateway.Access;

namespace EligibilityGateway.Gateway.Lists.Accesses;

/// <summary>A row of the access records.</summary>
/// <param name="EventTime">When the event was, by the terminal's clock.</param>
/// <param name="EventId">The event's id.</param>
/// <param name="Terminal">The terminal's id.</param>
/// <param name="Revision">0 is the first; a later one tells what was answered after all.</param>
/// <param name="Record">What the row's bytes tell; null where they tell nothing.</param>
/// <param name="Fault">Why they tell nothing; empty where they do.</param>
/// <param name="Mac">Whether a gateway made them, and they are as it made them.</param>
public sealed record RecordedAccess(DateTimeOffset EventTime, Guid EventId, Guid Terminal, short Revision, AccessRecord? Record, string Fault, RecordMacState Mac);
