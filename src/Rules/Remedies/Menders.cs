using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.Rules.Remedies;

/// <summary>Whose move it is, for each reason.</summary>
internal static class Menders
{
    public static Mender Of(Reason reason) => reason switch
    {
        // The insurer's register is behind what happened.
        Reason.CoverageEnded or Reason.CoverageNotBegun or Reason.MultipleCoverages or Reason.NoCoverageKnown
            or Reason.EligibilityCertificateEnded or Reason.TicketNotRegistered or Reason.GapBeforeNewerCoverage => Mender.Insurer,

        // The desk can go on at once: bill another coverage, type again, tap again.
        Reason.NewerCoverageExists or Reason.NotFound or Reason.Ambiguous or Reason.ProofMissing or Reason.ChallengeWrong
            or Reason.LateAndUnproved or Reason.TooOld or Reason.ClockAhead or Reason.AnsweredAlready or Reason.TooManyMisses
            or Reason.CardRegisteredNow or Reason.DocumentNotLookedUp or Reason.ApplicationNotFound => Mender.Site,

        // The patient brings another document or decides.
        Reason.InsuranceCardEnded or Reason.CardReplaced or Reason.CardNotRegistered or Reason.ConsentMissing
            or Reason.PhoneNotAcceptedHere or Reason.PhoneStopped or Reason.PhoneEnded or Reason.PhoneEndsSoon => Mender.Patient,

        // Only the municipal office can give a card or certificate that works.
        Reason.CardLost or Reason.CardRevoked or Reason.CardExpired or Reason.CardNotYetValid or Reason.CardUnknown
            or Reason.CardWithoutCertificate or Reason.CardInGrace or Reason.CardExpiresSoon or Reason.CardEnded or Reason.CardEndsSoon
            or Reason.CardEndsWithStay or Reason.CardHolderDied or Reason.ApplicationOverdue => Mender.CardOffice,

        // Something is wrong with the system or the terminal's rights.
        Reason.CardNotTrusted or Reason.SignatureWrong or Reason.PurposeNotAllowed or Reason.TerminalRevoked or Reason.EventIdReused
            or Reason.StoreOutOfReach or Reason.RevocationListTooOld => Mender.Operator,

        _ => Mender.Unspecified,
    };
}
