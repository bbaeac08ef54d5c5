using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.Rules.Emergency;

/// <summary>All that decides whether an emergency summary may be opened.</summary>
/// <param name="Role">What the terminal is for.</param>
/// <param name="Purpose">Why it asks.</param>
/// <param name="Assurance">How surely the card's holder is known; <see cref="Assurance.None"/> where numbers were typed.</param>
/// <param name="CardRegistered">The card is registered for use as insurance card (利用登録).</param>
/// <param name="CardInGrace">The card's certificate has expired and only eligibility is answered.</param>
/// <param name="Consent">What the person said.</param>
/// <param name="CannotConsent">The crew says that the person cannot consent and that life or body is at stake.</param>
public readonly record struct EmergencyRequest(
    TerminalRole Role,
    Purpose Purpose,
    Assurance Assurance,
    bool CardRegistered,
    bool CardInGrace,
    SummaryConsent Consent,
    bool CannotConsent);
