using EligibilityGateway.Rules.Facts;
using MemoryPack;

namespace EligibilityGateway.Gateway.Snapshots;

/// <summary>
/// What a look for a <see cref="Subject"/> found, with the versions it stands on. A guess until the statement that records the
/// look-up has proved those versions. Immutable.
/// </summary>
/// <param name="Matches">How many persons match: 0, 1, or 2 for more than one.</param>
/// <param name="DocumentVersion">Version of the set of a document's matches; 0 for a card and where there is no such set.</param>
/// <param name="Card">The card's facts; null where the card office has bound no such card, and for documents.</param>
/// <param name="Person">The one person that matches.</param>
/// <param name="CoverageId">The coverage that the document's numbers name; 0 for a card.</param>
/// <param name="ClinicalFacts">Only where they were asked for.</param>
/// <param name="AsOf">When it was read from the store, in the gateway's time.</param>
[MemoryPackable]
public sealed partial record Finding(
    byte Matches,
    long DocumentVersion,
    CardFacts? Card,
    PersonSnapshot? Person,
    long CoverageId,
    ClinicalFact[]? ClinicalFacts,
    DateTimeOffset AsOf)
{
    public const byte Many = 2;
}

/// <summary>A finding and where it was found.</summary>
/// <param name="Finding">Null where nothing is cached and the store is away, or late.</param>
/// <param name="Source">The process, Redis or the store.</param>
/// <param name="IsLate">The store is in reach and did not answer in time: nothing can be said yet.</param>
public readonly record struct Found(Finding? Finding, Contracts.V1.Source Source, bool IsLate = false);
