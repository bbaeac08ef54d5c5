using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.Rules.Emergency;

/// <summary>
/// Decides whether an emergency summary may be opened: the right terminal, a card in hand that is registered for insurance, and the
/// person's consent or its impossibility while life or body is at stake. Pure.
/// </summary>
public static class EmergencyAccess
{
    public static EmergencyAccessDecision Decide(in EmergencyRequest request)
    {
        // 1. Two functions for two terminals: the crew's and the emergency hospital's. Clinics and pharmacies have neither.
        if (!MayAsk(request.Role, request.Purpose)) return Closed(Reason.PurposeNotAllowed);
        // 2. The card in hand, its holder's face compared or the PIN given. Typed numbers prove nobody's presence.
        if (request.Assurance is Assurance.Unspecified or Assurance.None) return Closed(Reason.ProofMissing);
        if (!request.CardRegistered) return Closed(Reason.CardNotRegistered);
        // 3. In its grace a card shows eligibility and no clinical data.
        if (request.CardInGrace) return Closed(Reason.CardInGrace);
        // 4. Who refused can speak: a refusal stands, whatever the crew says of the person's state.
        if (request.Consent == SummaryConsent.Refused) return Closed(Reason.ConsentMissing);
        // 5. Where the crew says both, the ground that is looked at afterwards is recorded.
        if (request.CannotConsent) return new EmergencyAccessDecision(EmergencyBasis.BreakGlass, Reason.Unspecified);
        return request.Consent == SummaryConsent.Given
            ? new EmergencyAccessDecision(EmergencyBasis.Consented, Reason.Unspecified)
            : Closed(Reason.ConsentMissing);
    }

    private static bool MayAsk(TerminalRole role, Purpose purpose) => (role, purpose) switch
    {
        (TerminalRole.Ambulance, Purpose.EmergencyTransport) => true,
        (TerminalRole.HospitalEmergency, Purpose.EmergencyCare) => true,
        _ => false,
    };

    private static EmergencyAccessDecision Closed(Reason reason) => new(EmergencyBasis.None, reason);
}
