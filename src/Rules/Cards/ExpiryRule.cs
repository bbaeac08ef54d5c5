namespace EligibilityGateway.Rules.Cards;

/// <summary>What ends.</summary>
internal enum ExpiryOf
{
    /// <summary>A user-authentication certificate.</summary>
    Certificate,

    /// <summary>The card itself.</summary>
    Card,

    /// <summary>A phone's certificate, by itself or with the plastic card.</summary>
    Phone,
}

/// <summary>
/// What holds for a user-authentication certificate, the card itself, or a phone, about the day of its end: how long eligibility alone is still
/// answered afterwards, and how long before it the holder is told. A row of expiry.json, dated by the day of the end.
/// </summary>
/// <param name="Of">What ends.</param>
/// <param name="From">First day of an end that the rule is for; null from the beginning.</param>
/// <param name="Until">Last day of an end that it is for; null while it is in force.</param>
/// <param name="GraceMonths">Eligibility alone is answered until the end of this many months after the month of the end.</param>
/// <param name="NoticeMonths">The holder is told from this many months before.</param>
/// <param name="Verified">The source says all of it.</param>
/// <param name="Source">Where it was read.</param>
internal sealed record ExpiryRule(ExpiryOf Of, DateOnly? From, DateOnly? Until, int GraceMonths, int NoticeMonths, bool Verified, string Source)
{
    public static readonly IReadOnlyList<ExpiryRule> All = PolicyFile<ExpiryRule>.RowsOf("expiry.json");

    // An array of each, so that a tap finds its rule without an enumerator.
    private static readonly ExpiryRule[] OfCertificates = [.. All.Where(rule => rule.Of == ExpiryOf.Certificate)];
    private static readonly ExpiryRule[] OfCards = [.. All.Where(rule => rule.Of == ExpiryOf.Card)];
    private static readonly ExpiryRule[] OfPhones = [.. All.Where(rule => rule.Of == ExpiryOf.Phone)];

    /// <summary>The rule for a certificate that expires on this day in Japan.</summary>
    public static ExpiryRule For(DateOnly expiresOn) => Find(OfCertificates, expiresOn);

    /// <summary>The rule for a card whose last day this is.</summary>
    public static ExpiryRule ForCard(DateOnly lastDay) => Find(OfCards, lastDay);

    /// <summary>The rule for a phone that ends on this day.</summary>
    public static ExpiryRule ForPhone(DateOnly endsOn) => Find(OfPhones, endsOn);

    /// <summary>Last day on which eligibility is answered; the day of the end itself where there is no grace.</summary>
    public DateOnly LastDay(DateOnly endsOn)
    {
        if (GraceMonths == 0) return endsOn;
        var firstOfMonth = new DateOnly(endsOn.Year, endsOn.Month, 1);
        return firstOfMonth.AddMonths(GraceMonths + 1).AddDays(-1);
    }

    /// <summary>First day on which the holder is told of the end.</summary>
    public DateOnly NoticeFrom(DateOnly endsOn) => endsOn.AddMonths(-NoticeMonths);

    private static ExpiryRule Find(ExpiryRule[] rules, DateOnly day)
    {
        foreach (var rule in rules)
            if (!(day < rule.From) && !(rule.Until < day)) return rule;
        throw new InvalidOperationException($"No rule of expiry.json is in force on {day:O}.");
    }
}
