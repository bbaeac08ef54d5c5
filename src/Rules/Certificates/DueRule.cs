namespace EligibilityGateway.Rules.Certificates;

/// <summary>
/// Who is due an eligibility certificate (資格確認書). Insurers send one unasked, free of charge, to who has no card that works
/// (city.yonago.lg.jp/1148.htm), and to who let its certificate lapse (hinokenpo.or.jp/asp/faq/faq.asp?articleid=18475); some, whatever the card is
/// (<see cref="CertificateDuePolicy"/>).
/// </summary>
internal static class DueRule
{
    // Long enough to send the next one before the last day.
    private const int MonthsAhead = 3;

    public static CardUse UseOf(bool hasCard, bool registered, DateOnly? expiresOn, DateOnly day) => (hasCard, registered) switch
    {
        (false, _) => CardUse.None,
        (_, false) => CardUse.NotRegistered,
        _ => expiresOn < day ? CardUse.Lapsed : CardUse.Usable,
    };

    /// <summary>Whether, and why. One that is good for longer than three months is enough, whatever the card is.</summary>
    /// <param name="card">What the card is worth.</param>
    /// <param name="isDueWithCard">One is due to the person whatever the card is.</param>
    /// <param name="heldUntil">Last day of the certificate that counts on the day; null where none does.</param>
    /// <param name="day">The day asked about.</param>
    public static DueReason? Of(CardUse card, bool isDueWithCard, DateOnly? heldUntil, DateOnly day)
    {
        if (heldUntil is { } until) return until <= day.AddMonths(MonthsAhead) ? DueReason.Ends : null;
        return card == CardUse.Usable && !isDueWithCard ? null : DueReason.NoneHeld;
    }
}

/// <summary>Why somebody is due an eligibility certificate.</summary>
internal enum DueReason
{
    /// <summary>No certificate that counts, and no card that works; or one is due whatever the card is.</summary>
    NoneHeld,

    /// <summary>The person's own ends within three months.</summary>
    Ends,
}
