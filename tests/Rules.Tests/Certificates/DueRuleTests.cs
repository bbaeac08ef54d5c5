using EligibilityGateway.Contracts;
using EligibilityGateway.Rules.Certificates;
using static EligibilityGateway.Rules.Tests.Eligibility.Known;

namespace EligibilityGateway.Rules.Tests.Certificates;

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
        Assert.Equal(due, DueRule.Of(Enum.Parse<CardUse>(card), isDueWithCard: false, DayOrOpen(heldUntil), Day(day))?.ToString());

    [Theory]
    [InlineData("Usable", null, "NoneHeld")]
    [InlineData("Usable", "2027-01-15", "Ends")]
    [InlineData("Usable", "2027-07-31", null)]
    [InlineData("None", null, "NoneHeld")]
    public void To_some_a_certificate_is_due_whatever_the_card_is(string card, string? heldUntil, string? due) =>
        Assert.Equal(due, DueRule.Of(Enum.Parse<CardUse>(card), isDueWithCard: true, DayOrOpen(heldUntil), Day("2026-10-15"))?.ToString());

    // saitama-koukikourei.org/seido/taisho/hokensho-2-2-2-2-2: until 2026-07-31 everyone in the 75+ scheme, from 2026-08 who is 85 or older.
    [Theory]
    [InlineData(LateElderlyScheme, "1951-05-05", "2025-07-31", false)]
    [InlineData(LateElderlyScheme, "1951-05-05", "2025-08-01", true)]
    [InlineData(LateElderlyScheme, "1958-05-05", "2026-07-31", true)] // in the scheme by disability
    [InlineData(LateElderlyScheme, "1951-05-05", "2026-08-01", false)]
    [InlineData(LateElderlyScheme, "1941-08-01", "2026-08-01", true)] // the 85th birthday
    [InlineData(LateElderlyScheme, "1941-08-02", "2026-08-01", false)]
    [InlineData(LateElderlyScheme, "1941-08-02", "2026-08-02", true)]
    [InlineData(LateElderlyScheme, "1944-02-29", "2029-02-28", false)]
    [InlineData(LateElderlyScheme, "1944-02-29", "2029-03-01", true)]
    [InlineData(EmployeesInsurer, "1941-08-01", "2026-08-01", false)]
    [InlineData("390013", "1941-08-01", "2026-08-01", false)] // a municipality in Kōchi
    public void From_85_on_the_scheme_for_75_and_over_sends_one_to_everybody(string number, string born, string day, bool holds)
    {
        Assert.True(InsurerNumber.TryParse(number, out var insurer));
        Assert.Equal(holds, CertificateDuePolicy.Holds(insurer, Day(born), Day(day)));
    }
}
