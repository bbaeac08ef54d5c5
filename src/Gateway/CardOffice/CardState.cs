using EligibilityGateway.Gateway.Cards;

namespace EligibilityGateway.Gateway.CardOffice;

/// <summary>State of a card from <paramref name="Since"/> on.</summary>
/// <param name="Status">In use, lost, revoked, replaced.</param>
/// <param name="Since">When it came to that.</param>
/// <param name="Registered">Registered for use as insurance card (利用登録).</param>
/// <param name="Channel">Where it was registered; null where it wasn't.</param>
public sealed record CardState(CardStatus Status, DateTimeOffset Since, bool Registered, RegistrationChannel? Channel);
