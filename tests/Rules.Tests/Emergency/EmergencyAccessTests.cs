using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Emergency;

namespace EligibilityGateway.Rules.Tests.Emergency;

// Conditions: mykoho.jp/article/442097/9875691/9936382 (card in hand, registered, consent or emergency); hospitals:
// expertnurse.jp/articles/id=18531 (emergency hospitals only).
public sealed class EmergencyAccessTests
{
    private static readonly EmergencyRequest Good = new(
        TerminalRole.Ambulance,
        Purpose.EmergencyTransport,
        Assurance.SightClaimed,
        CardRegistered: true,
        CardInGrace: false,
        SummaryConsent.Given,
        CannotConsent: false);

    [Theory]
    [InlineData(SummaryConsent.Given, false, EmergencyBasis.Consented)]
    [InlineData(SummaryConsent.NotAsked, true, EmergencyBasis.BreakGlass)]
    [InlineData(SummaryConsent.Given, true, EmergencyBasis.BreakGlass)] // both said: the one that is looked at afterwards
    [InlineData(SummaryConsent.NotAsked, false, EmergencyBasis.None)]
    [InlineData(SummaryConsent.Refused, false, EmergencyBasis.None)]
    [InlineData(SummaryConsent.Refused, true, EmergencyBasis.None)] // who refuses can speak
    public void Consent_or_its_impossibility_opens(SummaryConsent consent, bool cannotConsent, EmergencyBasis basis)
    {
        var decision = EmergencyAccess.Decide(Good with { Consent = consent, CannotConsent = cannotConsent });
        Assert.Equal(basis, decision.Basis);
        Assert.Equal(basis != EmergencyBasis.None, decision.Opens);
        Assert.Equal(decision.Opens ? Reason.Unspecified : Reason.ConsentMissing, decision.Reason);
    }

    [Fact]
    public void Only_a_crew_for_transport_and_an_emergency_hospital_for_care_may_ask()
    {
        foreach (var role in Enum.GetValues<TerminalRole>())
        {
            foreach (var purpose in Enum.GetValues<Purpose>())
            {
                var allowed = (role, purpose) is (TerminalRole.Ambulance, Purpose.EmergencyTransport)
                    or (TerminalRole.HospitalEmergency, Purpose.EmergencyCare);
                var decision = EmergencyAccess.Decide(Good with { Role = role, Purpose = purpose, CannotConsent = true });
                Assert.Equal(allowed, decision.Opens);
                if (!allowed) Assert.Equal(Reason.PurposeNotAllowed, decision.Reason);
            }
        }
    }

    [Theory]
    [InlineData(Assurance.Unspecified, false)]
    [InlineData(Assurance.None, false)]
    [InlineData(Assurance.SightClaimed, true)]
    [InlineData(Assurance.FaceClaimed, true)]
    [InlineData(Assurance.PinProved, true)]
    public void Somebody_must_have_seen_that_the_card_is_the_persons(Assurance assurance, bool opens)
    {
        var decision = EmergencyAccess.Decide(Good with { Assurance = assurance });
        Assert.Equal(opens, decision.Opens);
        if (!opens) Assert.Equal(Reason.ProofMissing, decision.Reason);
    }

    [Fact]
    public void A_card_never_registered_for_insurance_opens_nothing_even_unconscious() => Assert.Equal(
        new EmergencyAccessDecision(EmergencyBasis.None, Reason.CardNotRegistered),
        EmergencyAccess.Decide(Good with { CardRegistered = false, CannotConsent = true }));

    [Fact]
    public void A_card_in_its_grace_opens_no_clinical_data_even_unconscious() => Assert.Equal(
        new EmergencyAccessDecision(EmergencyBasis.None, Reason.CardInGrace),
        EmergencyAccess.Decide(Good with { CardInGrace = true, CannotConsent = true }));
}
