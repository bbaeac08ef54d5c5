using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Snapshots;
using EligibilityGateway.Gateway.Terminals;
using EligibilityGateway.Rules.Cards;
using EligibilityGateway.Rules.Eligibility;
using EligibilityGateway.Rules.Emergency;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Gateway.LookUps;

/// <summary>From a finding to a draft: who it is, how surely, and what the rules say. No I/O.</summary>
public sealed class Deciding(CardTapCheck tapCheck)
{
    /// <summary>A card whose certificate can't be read gives a fault instead of a draft.</summary>
    public (Draft? Draft, CertificateFault? Fault) Decide(LookUpRequest request, Terminal terminal, Found found, DateTimeOffset now)
    {
        if (request.Document is { } document) return (WithMonth(OfDocument(request, terminal, document, found, now), request, terminal, now), null);
        if (found.Finding is null) return UnknownMeanwhile(request.Card!, found);
        var card = found.Finding.Card;
        var verdict = tapCheck.Judge(request.Card!, request.Purpose, request.EventId, terminal.Identity, card, now);
        if (verdict.Fault is { } fault) return (null, fault);
        if (verdict.Refusal == Reason.CardUnknown)
        {
            return (Draft.Refused(Reason.CardUnknown, verdict.Assurance, found, holdsWithoutStore: false), null);
        }
        return verdict.Refusal != Reason.Unspecified
            ? (Draft.Refused(verdict.Refusal, verdict.Assurance, found), null)
            : (OfCard(request, terminal, verdict, card!, found, now), null);
    }

    /// <summary>
    /// Nothing is kept of the card and the store can't be asked: the answer is in doubt, whatever the certificate is worth. To inspect
    /// it in full costs more than all the rest of an answer, which is the last thing to do while the store is away or overloaded.
    /// </summary>
    private static (Draft? Draft, CertificateFault? Fault) UnknownMeanwhile(CardTap tap, Found found) =>
        CertificateInspection.FaultOfForm(tap.Certificate) is { } fault
            ? (null, fault)
            : (Draft.Refused(Reason.CardUnknown, Assurance.None, found, holdsWithoutStore: false), null);

    private static Draft OfCard(LookUpRequest request, Terminal terminal, CardVerdict verdict, CardFacts card, Found found, DateTimeOffset now)
    {
        var standing = verdict.Standing;
        if (!standing.MayBeUsed)
            return Draft.Refused(standing.Refusal, verdict.Assurance, found, holdsWithoutStore: !standing.RefusalMayPass);
        var registers = request.Purpose == Purpose.Registration && !card.Registered;
        if (registers && standing.EligibilityOnly) return Draft.Refused(Reason.CardExpired, verdict.Assurance, found);
        if (!registers && !card.Registered) return Draft.Refused(Reason.CardNotRegistered, verdict.Assurance, found, holdsWithoutStore: false);

        var serviceDate = request.ServiceDateOn(JapanTime.DateOf(now));
        var person = found.Finding!.Person!;
        var decision = EligibilityRules.Decide(person, serviceDate, document: null, limitConsent: true, terminal.Identity.Institution.ToString());
        var draft = new Draft
        {
            IsRefusal = false,
            Validity = decision.Validity,
            Reason = decision.Reason,
            Assurance = verdict.Assurance,
            Finding = found.Finding,
            Source = found.Source,
            Decision = decision,
            Notices = NoticesOf(standing, registers),
            RegistersCard = registers,
        };
        if (request.IsEmergency)
        {
            var access = EmergencyAccess.Decide(new EmergencyRequest(
                terminal.Identity.Role, request.Purpose, verdict.Assurance, card.Registered, standing.EligibilityOnly, request.SummaryConsent, request.CannotConsent));
            draft = access switch
            {
                { Opens: true } => draft with { Summary = EmergencySummaryRules.Summarise(found.Finding.ClinicalFacts ?? [], JapanTime.DateOf(now)), Ground = access.Basis },
                // The card proves its holder all the same: only what it does not open stays closed.
                { Reason: Reason.CardInGrace or Reason.ConsentMissing } => draft with { SummaryWithheld = access.Reason },
                _ => Draft.Refused(access.Reason, verdict.Assurance, found),
            };
            if (draft.IsRefusal) return draft;
        }
        draft = WithMonth(draft, request, terminal, now);
        return standing.RevocationListTooOld ? draft with { Validity = Validity.Unconfirmed, Reason = Reason.RevocationListTooOld, RegistersCard = false } : draft;
    }

    private static Draft OfDocument(LookUpRequest request, Terminal terminal, TypedDocument document, Found found, DateTimeOffset now)
    {
        if (found.Finding is not { Matches: 1 } finding)
        {
            var many = found.Finding?.Matches == Finding.Many;
            return new Draft
            {
                IsRefusal = false,
                Validity = many ? Validity.Multiple : Validity.NotFound,
                Reason = many ? Reason.Ambiguous : LookUpRule.CanFind(document.Insurer) ? Reason.NotFound : Reason.DocumentNotLookedUp,
                Assurance = Assurance.None,
                Finding = found.Finding,
                Source = found.Source,
            };
        }
        var serviceDate = request.ServiceDateOn(JapanTime.DateOf(now));
        var decision = EligibilityRules.Decide(finding.Person!, serviceDate, new DocumentInHand(document.Kind, finding.CoverageId), request.LimitConsent, terminal.Identity.Institution.ToString());
        return new Draft
        {
            IsRefusal = false,
            Validity = decision.Validity,
            Reason = decision.Reason,
            Assurance = Assurance.None,
            Finding = finding,
            Source = found.Source,
            Decision = decision,
            Notices = decision.InsuranceCardTolerated ? [Reason.InsuranceCardEnded] : [],
        };
    }

    /// <summary>What the bill of the look-up means here, and what the month has cost elsewhere.</summary>
    private static Draft WithMonth(Draft draft, LookUpRequest request, Terminal terminal, DateTimeOffset now)
    {
        if (draft.Decision is not { } decision || (request.Bill is null && !request.ElsewhereConsent)) return draft;
        var today = JapanTime.DateOf(now);
        var rule = new WindowRule(draft.Finding!.Person!, decision, request.ServiceDateOn(today), today, terminal.Identity.Institution.ToString());
        var window = request.Bill is { } bill ? rule.Collect(bill) : null;
        return draft with { Window = window, Elsewhere = request.ElsewhereConsent ? rule.Elsewhere(window) : null };
    }

    private static Reason[] NoticesOf(CardStanding standing, bool registers) => (standing.Notice, registers) switch
    {
        (Reason.Unspecified, false) => [],
        (Reason.Unspecified, true) => [Reason.CardRegisteredNow],
        (var notice, false) => [notice],
        (var notice, true) => [Reason.CardRegisteredNow, notice],
    };
}
