using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Cards;

/// <summary>
/// Whether a card may be used, and for what: a pure rule over what the store knows of it, the moment, and the revocation list.
/// </summary>
/// <param name="Refusal">Why it may not be used; <see cref="Reason.Unspecified"/> where it may.</param>
/// <param name="Notice">What to tell the holder though it may: in grace, or soon to expire; <see cref="Reason.Unspecified"/> for nothing.</param>
/// <param name="NoticeUntil">In grace: its last day. Soon to end: the day of the end. In Japan.</param>
/// <param name="EligibilityOnly">The certificate is in its grace: eligibility is answered, nothing clinical is.</param>
/// <param name="Registered">Registered for use as insurance card.</param>
/// <param name="RevocationListTooOld">Nothing speaks against the card, but the list that might is missing or out of date: no answer may be VALID.</param>
/// <param name="RefusalMayPass">What speaks against it may have changed since it was read: an end that is moved out, a state that is corrected.</param>
public readonly record struct CardStanding(
    Reason Refusal,
    Reason Notice,
    DateOnly? NoticeUntil,
    bool EligibilityOnly,
    bool Registered,
    bool RevocationListTooOld,
    bool RefusalMayPass = false)
{
    public bool MayBeUsed => Refusal == Reason.Unspecified;

    /// <summary>The standing of a card at a moment.</summary>
    /// <param name="card">What the store knows.</param>
    /// <param name="now">The moment.</param>
    /// <param name="isOnRevocationList">Whether a revocation list that was once valid names it.</param>
    /// <param name="isRevocationListCurrent">Whether there is a list of its authority that is valid now.</param>
    public static CardStanding Of(CardFacts card, DateTimeOffset now, bool isOnRevocationList, bool isRevocationListCurrent)
    {
        // 1. The store's word first: it says why, and the list's entry for a lost or replaced card would only say "revoked".
        //    A state that begins in the future is a clock's fault and counts now.
        switch (card.Status)
        {
            case CardStatus.Lost: return Refused(card.Carrier == CardCarrier.Phone ? Reason.PhoneStopped : Reason.CardLost);
            case CardStatus.Revoked: return Refused(card.Carrier == CardCarrier.Phone ? Reason.PhoneStopped : Reason.CardRevoked);
            case CardStatus.Replaced: return Refused(Reason.CardReplaced, mayPass: true);
            case CardStatus.HolderDied: return Refused(Reason.CardHolderDied);
            case CardStatus.InUse: break;
            default: throw new ArgumentOutOfRangeException(nameof(card), card.Status, "A card has a status.");
        }

        // 2. What an old list says against a card still holds: no revocation is ever taken back, not even a hold.
        if (isOnRevocationList) return Refused(card.Carrier == CardCarrier.Phone ? Reason.PhoneStopped : Reason.CardRevoked);

        // 3. Validity, both ends inclusive (RFC 5280, 4.1.2.5). Grace and notices count Japan's days.
        if (now < card.NotBefore) return Refused(Reason.CardNotYetValid);
        var today = JapanTime.DateOf(now);
        var expiresOn = JapanTime.DateOf(card.NotAfter);

        // 4. A phone ends with whichever ends first: itself, or the plastic card or certificate that it was made with.
        if (card.Carrier == CardCarrier.Phone) return OfPhone();

        // 5. The card itself may end before its certificate: then its own end decides. Ends both on one day are the certificate's.
        if (card.LastDay < expiresOn && today > card.LastDay)
        {
            var graceEnds = ExpiryRule.ForCard(card.LastDay.Value).LastDay(card.LastDay.Value);
            return today <= graceEnds ? InGrace(graceEnds) : Refused(Reason.CardEnded, mayPass: true);
        }
        if (now > card.NotAfter)
        {
            var rule = ExpiryRule.For(expiresOn);
            var graceEnds = rule.LastDay(expiresOn);
            return rule.GraceMonths > 0 && today <= graceEnds ? InGrace(graceEnds) : Refused(Reason.CardExpired);
        }

        // 6. What ends soon. A new certificate does not help a card that ends with it, or before.
        if (card.LastDay is { } lastDay && lastDay <= expiresOn && today >= ExpiryRule.ForCard(lastDay).NoticeFrom(lastDay))
            return Usable(card.Term == CardTerm.PeriodOfStay ? Reason.CardEndsWithStay : Reason.CardEndsSoon, lastDay);
        return today >= ExpiryRule.For(expiresOn).NoticeFrom(expiresOn) ? Usable(Reason.CardExpiresSoon, expiresOn) : Usable(Reason.Unspecified, null);

        CardStanding Usable(Reason notice, DateOnly? until) => new(Reason.Unspecified, notice, until, EligibilityOnly: false, card.Registered, !isRevocationListCurrent);

        CardStanding InGrace(DateOnly until) => new(Reason.Unspecified, Reason.CardInGrace, until, EligibilityOnly: true, card.Registered, !isRevocationListCurrent);

        CardStanding Refused(Reason reason, bool mayPass = false) =>
            new(reason, Reason.Unspecified, null, EligibilityOnly: false, card.Registered, RevocationListTooOld: false, mayPass);

        CardStanding OfPhone()
        {
            // A plastic card that is lost is only stopped, and may be found. One that is younger than the phone renewed what that was made with.
            var plastic = card.Plastic;
            if (plastic is not null && (plastic.Status is not (CardStatus.InUse or CardStatus.Lost) || plastic.NotBefore > card.NotBefore))
                return Refused(Reason.PhoneEnded, mayPass: plastic.Status is not (CardStatus.Revoked or CardStatus.HolderDied));

            var certificateEnds = plastic?.NotAfter < card.NotAfter ? plastic.NotAfter : card.NotAfter;
            var endsOn = Earlier(Earlier(JapanTime.DateOf(certificateEnds), card.LastDay), plastic?.LastDay);
            var rule = ExpiryRule.ForPhone(endsOn);
            if (now > certificateEnds || today > endsOn)
            {
                var graceEnds = rule.LastDay(endsOn);
                return rule.GraceMonths > 0 && today <= graceEnds ? InGrace(graceEnds) : Refused(Reason.PhoneEnded, mayPass: now <= certificateEnds);
            }
            return today >= rule.NoticeFrom(endsOn) ? Usable(Reason.PhoneEndsSoon, endsOn) : Usable(Reason.Unspecified, null);
        }
    }

    private static DateOnly Earlier(DateOnly day, DateOnly? other) => other < day ? other.Value : day;
}
