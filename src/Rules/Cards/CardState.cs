using EligibilityGateway.Contracts;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Cards;

/// <summary>State of a card from <paramref name="Since"/> on.</summary>
/// <param name="Status">In use, lost, revoked, replaced, its holder died.</param>
/// <param name="Since">When it came to that.</param>
/// <param name="Registered">Registered for use as insurance card (利用登録).</param>
/// <param name="Channel">Where it was registered; null where it wasn't.</param>
/// <param name="LastDay">The card's own last day, inclusive; null where the office told none.</param>
/// <param name="Term">How long it lasts by its kind; only with a last day.</param>
public sealed record CardState(CardStatus Status, DateTimeOffset Since, bool Registered, RegistrationChannel? Channel, DateOnly? LastDay = null, CardTerm? Term = null)
{
    /// <summary>Whether its last day may be moved to that one: out, and before it has come.</summary>
    public bool MayBeExtendedTo(DateOnly lastDay, DateTimeOffset at) =>
        Status is CardStatus.InUse or CardStatus.Lost && !(lastDay <= LastDay) && !(LastDay < JapanTime.DateOf(at));
}
