using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Cards;

/// <summary>A card as it is known when an event comes.</summary>
/// <param name="PersonId">Whose it is.</param>
/// <param name="Carrier">Plastic or phone.</param>
/// <param name="Revision">Number of its latest state.</param>
/// <param name="State">Its latest state.</param>
/// <param name="Sequence">The highest number of an event that is in; 0 where none is.</param>
internal sealed record KnownCard(long PersonId, CardCarrier Carrier, int Revision, CardState State, long Sequence);
