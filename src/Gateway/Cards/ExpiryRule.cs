namespace EligibilityGateway.Gateway.Cards;

/// <summary>
/// What holds for a user-authentication certificate about the day of its expiry: how long eligibility alone is still answered
/// afterwards, and how long before it the holder is told. Dated, by the day of expiry.
/// </summary>
/// <param name="From">First day of expiry that the rule is for.</param>
/// <param name="Until">Last day of expiry that it is for; null while it is in force.</param>
/// <param name="GraceMonths">Eligibility alone is answered until the end of this many months after the month of expiry.</param>
/// <param name="NoticeMonths">The holder is told from this many months before.</param>
internal readonly record struct ExpiryRule(DateOnly From, DateOnly? Until, int GraceMonths, int NoticeMonths)
{
    // Three months, and alerts from three months before: city of Iwaki's and two health insurance societies' notices of 2024-12 and
    // later. That the rule began with the end of the insurance cards, on 2024-12-02, is known but not verified.
    private static readonly ExpiryRule[] Rules =
    [
        new(From: DateOnly.MinValue, Until: new DateOnly(2024, 12, 1), GraceMonths: 0, NoticeMonths: 3),
        new(From: new DateOnly(2024, 12, 2), Until: null, GraceMonths: 3, NoticeMonths: 3),
    ];

    /// <summary>The rule for a certificate that expires on this day in Japan.</summary>
    public static ExpiryRule For(DateOnly expiresOn)
    {
        foreach (var rule in Rules)
            if (rule.From <= expiresOn && (rule.Until is null || expiresOn <= rule.Until)) return rule;
        throw new InvalidOperationException($"No expiry rule is in force on {expiresOn:O}.");
    }

    /// <summary>Last day on which eligibility is answered; the day of expiry itself where there is no grace.</summary>
    public DateOnly LastDay(DateOnly expiresOn)
    {
        if (GraceMonths == 0) return expiresOn;
        var firstOfMonth = new DateOnly(expiresOn.Year, expiresOn.Month, 1);
        return firstOfMonth.AddMonths(GraceMonths + 1).AddDays(-1);
    }

    /// <summary>First day on which the holder is told that the certificate will expire.</summary>
    public DateOnly NoticeFrom(DateOnly expiresOn) => expiresOn.AddMonths(-NoticeMonths);
}
