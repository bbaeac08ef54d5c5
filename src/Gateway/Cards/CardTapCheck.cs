using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Cards;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Gateway.Cards;

/// <summary>Whether a tap proves what it claims: the terminal's right to the claim, the challenge, the certificate, the signature.</summary>
public sealed class CardTapCheck(TrustAnchors anchors, RevocationLists revocations, Challenges challenges)
{
    /// <summary>
    /// What can be said before anybody is looked for: whether there is a proof at all, and whether it is this terminal's to give.
    /// <see cref="Reason.LateAndUnproved"/>: the event came later than its challenge lives.
    /// </summary>
    public Reason RefusalBeforeLooking(CardTap tap, TerminalIdentity terminal)
    {
        if (!tap.HasCertificate) return Reason.CardWithoutCertificate;
        switch (tap.Proof)
        {
            case Proof.Face: return terminal.Claims.HasFlag(ProofClaims.Face) ? Reason.Unspecified : Reason.ProofMissing;
            case Proof.Sight: return terminal.Claims.HasFlag(ProofClaims.Sight) ? Reason.Unspecified : Reason.ProofMissing;
            case Proof.Pin: break;
            default: return Reason.ProofMissing;
        }
        return challenges.Check(tap.Challenge.Span, terminal.Institution, terminal.Name) switch
        {
            ChallengeCheck.Fresh => Reason.Unspecified,
            ChallengeCheck.Expired => Reason.LateAndUnproved,
            _ => Reason.ChallengeWrong,
        };
    }

    /// <summary>Judges the certificate and the signature, with what the store knows of the card.</summary>
    /// <param name="tap">The tap; it has a certificate.</param>
    /// <param name="purpose">What the signature must be for.</param>
    /// <param name="eventId">Which event it must be for.</param>
    /// <param name="terminal">Which terminal it must be for.</param>
    /// <param name="card">The card's facts; null where no such card is bound, or nothing is known.</param>
    /// <param name="now">The moment.</param>
    public CardVerdict Judge(CardTap tap, Purpose purpose, EventId eventId, TerminalIdentity terminal, CardFacts? card, DateTimeOffset now)
    {
        // 1. The key: as it was when the certificate was bound, else from the certificate itself.
        var (modulus, exponent) = (card?.Modulus, card?.Exponent ?? 0);
        if (card is null)
        {
            switch (CertificateInspection.Of(tap.Certificate.Span, anchors))
            {
                case CertificateInspection.Failed { Fault: CertificateFault.NotTrusted }:
                    return CardVerdict.Refused(Reason.CardNotTrusted);
                case CertificateInspection.Failed failed:
                    return CardVerdict.Malformed(failed.Fault);
                case CertificateInspection.Passed { Facts: var facts }:
                    (modulus, exponent) = (facts.Modulus, facts.Exponent);
                    break;
            }
        }
        // 2. The chain was built when the card was bound; its anchor must still be one of ours.
        else if (!card.Fingerprint.AsSpan().SequenceEqual(tap.Fingerprint) || !anchors.Contains(card.Anchor))
        {
            return CardVerdict.Refused(Reason.CardNotTrusted);
        }

        // 3. The signature, where the PIN was the proof. A claim is what it is.
        if (tap.Proof == Proof.Pin)
        {
            Span<byte> digest = stackalloc byte[CardSignature.DigestLength];
            CardProofInput.Digest(terminal.Institution, terminal.Name, purpose, eventId, tap.Challenge.Span, digest);
            if (!CardSignature.Verify(modulus, exponent, digest, tap.Signature.Span)) return CardVerdict.Refused(Reason.SignatureWrong);
        }
        var assurance = tap.Proof switch
        {
            Proof.Pin => Assurance.PinProved,
            Proof.Face => Assurance.FaceClaimed,
            _ => Assurance.SightClaimed,
        };

        // 4. The standing of the card itself.
        return card is null
            ? new CardVerdict(Reason.CardUnknown, null, assurance, default)
            : new CardVerdict(Reason.Unspecified, null, assurance, StandingAt(terminal, card, now));
    }

    /// <summary>A phone's certificate counts only where the terminal's role accepts phones; what speaks against it anywhere comes first.</summary>
    private CardStanding StandingAt(TerminalIdentity terminal, CardFacts card, DateTimeOffset now)
    {
        var standing = CardStanding.Of(card, now, revocations.IsRevoked(card), revocations.IsCurrent(card, now));
        return standing.MayBeUsed && card.Carrier == CardCarrier.Phone && !PhonePolicy.Accepts(terminal.Role, JapanTime.DateOf(now))
            ? standing with { Refusal = Reason.PhoneNotAcceptedHere }
            : standing;
    }
}

/// <summary>What a tap proved.</summary>
/// <param name="Refusal">Why it proved nothing; <see cref="Reason.CardUnknown"/> where it proved a card that nobody knows.</param>
/// <param name="Fault">What is wrong with the certificate's form.</param>
/// <param name="Assurance">How surely the holder is the holder.</param>
/// <param name="Standing">What the card may be used for.</param>
public readonly record struct CardVerdict(Reason Refusal, CertificateFault? Fault, Assurance Assurance, CardStanding Standing)
{
    public static CardVerdict Refused(Reason reason) => new(reason, null, Assurance.None, default);

    public static CardVerdict Malformed(CertificateFault fault) => new(Reason.Unspecified, fault, Assurance.None, default);
}
