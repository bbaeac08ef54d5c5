namespace EligibilityGateway.ReaderAgent.Cards;

/// <summary>Why a card gave no proof.</summary>
/// <param name="Kind">What went wrong.</param>
/// <param name="TriesLeft">How many PIN tries are left, where the card said so.</param>
/// <param name="Status">The card's own status word, for who mends readers.</param>
internal sealed record CardFault(CardFaultKind Kind, int? TriesLeft = null, StatusWord? Status = null);
