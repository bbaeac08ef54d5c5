using EligibilityGateway.Gateway.CertificatesDue;
using static EligibilityGateway.Gateway.Tests.Eligibility.Known;

namespace EligibilityGateway.Gateway.Tests.CertificatesDue;

// Sources: city.yonago.lg.jp/1148.htm (no card that works), hinokenpo.or.jp/asp/faq/faq.asp?articleid=18475 (lapsed certificate).
public sealed class DueRuleTests
{
    [Theory]
    [InlineData(false, false, null, "None")]
    [InlineData(true, false, null, "NotRegistered")]
    [InlineData(true, true, "2026-10-14", "Lapsed")]
    [InlineData(true, true, "2026-10-15", "Usable")] // its last day
    [InlineData(true, true, "2030-02-28", "Usable")]
    public void A_card_is_worth_something_while_its_certificate_lasts(bool hasCard, bool registered, string? expiresOn, string use) =>
        Assert.Equal(use, DueRule.UseOf(hasCard, registered, DayOrOpen(expiresOn), Day("2026-10-15")).ToString());

    [Theory]
    [InlineData("None", null, "2026-10-15", "NoneHeld")]
    [InlineData("NotRegistered", null, "2026-10-15", "NoneHeld")]
    [InlineData("Lapsed", null, "2026-10-15", "NoneHeld")]
    [InlineData("Usable", null, "2026-10-15", null)]
    [InlineData("None", "2027-01-15", "2026-10-15", "Ends")]
    [InlineData("None", "2027-01-16", "2026-10-15", null)]
    [InlineData("Usable", "2026-10-15", "2026-10-15", "Ends")]
    [InlineData("Lapsed", "2031-10-15", "2026-10-15", null)]
    [InlineData("None", "2027-02-28", "2026-11-30", "Ends")] // a month without that day ends with its last
    [InlineData("None", "2027-03-01", "2026-11-30", null)]
    [InlineData("None", "2028-02-29", "2027-11-30", "Ends")]
    public void Who_has_nothing_that_works_is_due_and_whose_own_ends(string card, string? heldUntil, string day, string? due) =>
        Assert.Equal(due, DueRule.Of(Enum.Parse<CardUse>(card), DayOrOpen(heldUntil), Day(day))?.ToString());
}
