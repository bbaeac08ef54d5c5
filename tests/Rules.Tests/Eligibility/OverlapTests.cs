using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Eligibility;
using static EligibilityGateway.Rules.Tests.Eligibility.Known;

namespace EligibilityGateway.Rules.Tests.Eligibility;

/// <summary>Where two count on a day: which is billed first, and on which days two count at all.</summary>
public sealed class OverlapTests
{
    // The 75+ scheme ends every other on its first day; medical assistance bears what no other does; else the latest acquired
    // (assumption: docs/rules.md, section 1).
    [Theory]
    [InlineData(EmployeesInsurer, "01", "2020-04-01", Municipality, "01", "2026-09-01", Validity.Multiple, 2L)]
    [InlineData(Municipality, "01", "2020-04-01", EmployeesInsurer, "01", "2026-09-01", Validity.Multiple, 2L)]
    [InlineData(LateElderlyScheme, "01", "2020-04-01", EmployeesInsurer, "01", "2026-09-01", Validity.Multiple, 1L)]
    [InlineData(Municipality, "01", "2020-04-01", LateElderlyScheme, "01", "2025-05-05", Validity.Multiple, 2L)]
    [InlineData(Municipality, "01", "2026-09-01", EmployeesInsurer, "01", "2026-09-01", Validity.Multiple, null)]
    [InlineData(EmployeesInsurer, "01", "2020-04-01", "12130015", "A1", "2026-09-01", Validity.ValidNotRegistered, 1L)]
    [InlineData("12130015", "A1", "2020-04-01", LateElderlyScheme, "01", "2026-09-01", Validity.ValidNotRegistered, 2L)]
    [InlineData("12130015", "A1", "2020-04-01", "12130023", "A1", "2026-09-01", Validity.Multiple, 2L)]
    public void Each_is_told_and_one_is_billed_first_where_the_rules_say(
        string insurer1, string classification1, string from1, string insurer2, string classification2, string from2, Validity validity, long? first)
    {
        var person = Person("1946-05-05", [Coverage(from1, id: 1, insurer: insurer1, classification: classification1), Coverage(from2, id: 2, insurer: insurer2, classification: classification2)]);
        var decision = EligibilityRules.Decide(person, Day("2026-10-15"), document: null, limitConsent: true);
        Assert.Equal(validity, decision.Validity);
        Assert.Equal(2, decision.Coverages.Count);
        Assert.Equal(first, decision.BillFirst?.CoverageId);
        if (decision.BillFirst is { } bill) Assert.Contains(bill, decision.Coverages);
    }

    // Acquired inclusive, lost exclusive, at every border: mykomon.biz/seido/kenpo/kenpo_shikaku.html.
    [Theory]
    // month end
    [InlineData("2026-09-30", "2026-10-01", "2026-10-01", 1)]
    [InlineData("2026-10-01", "2026-10-01", "2026-10-01", 2)]
    [InlineData("2026-10-01", "2026-10-02", "2026-10-01", 12)]
    [InlineData("2026-10-02", "2026-10-02", "2026-10-01", 2)]
    [InlineData("2026-09-30", "2026-09-30", "2026-10-01", 0)]
    [InlineData("2026-12-31", "2027-01-01", "2027-01-01", 1)]
    [InlineData("2027-01-01", "2027-01-01", "2027-01-01", 2)]
    // leap day
    [InlineData("2028-02-28", "2028-02-29", "2028-02-29", 1)]
    [InlineData("2028-02-29", "2028-02-29", "2028-02-29", 2)]
    [InlineData("2028-02-29", "2028-03-01", "2028-03-01", 1)]
    [InlineData("2028-02-29", "2028-03-01", "2028-02-29", 12)]
    [InlineData("2027-02-28", "2027-03-01", "2027-03-01", 1)]
    [InlineData("2027-03-01", "2027-03-01", "2027-03-01", 2)]
    public void A_border_between_two_coverages_belongs_to_one_of_them(string day, string lost, string acquired, int counting)
    {
        var person = Person("1980-05-05", [Coverage("2020-04-01", lost, id: 1), Coverage(acquired, id: 2, insurer: Municipality)]);
        var decision = EligibilityRules.Decide(person, Day(day), document: null, limitConsent: true);
        var (validity, first) = counting switch { 0 => (Validity.InvalidNewerExists, (long?)null), 12 => (Validity.Multiple, 2L), _ => (Validity.Valid, null) };
        Assert.Equal((validity, first), (decision.Validity, decision.BillFirst?.CoverageId));
        if (counting is 1 or 2) Assert.Equal(counting, Assert.Single(decision.Coverages).CoverageId);
    }

    // Ages: Civil Code art. 143. 70: from the 1st of the next month, born on the 1st from that month
    // (163.43.17.26/kakuka/sonmin/news/2024-0619-1419-10.html). School: 1 April.
    [Theory]
    [InlineData("1956-10-01", "2026-09-30", 30)]
    [InlineData("1956-10-01", "2026-10-01", 20)]
    [InlineData("1956-10-02", "2026-10-31", 30)]
    [InlineData("1956-10-02", "2026-11-01", 20)]
    [InlineData("1956-02-29", "2026-02-28", 30)]
    [InlineData("1956-02-29", "2026-03-01", 20)]
    [InlineData("1960-02-29", "2030-02-28", 30)]
    [InlineData("1960-02-29", "2030-03-01", 20)]
    [InlineData("2020-04-01", "2026-03-31", 20)]
    [InlineData("2020-04-01", "2026-04-01", 30)]
    [InlineData("2020-04-02", "2027-03-31", 20)]
    [InlineData("2020-04-02", "2027-04-01", 30)]
    [InlineData("2020-02-29", "2026-03-31", 20)]
    [InlineData("2020-02-29", "2026-04-01", 30)]
    public void A_share_changes_on_the_day_that_the_law_counts(string born, string day, int percent)
    {
        var person = Person(born, [Coverage("2020-04-01")], burdens: [Burden(20, "2020-04-01")]);
        Assert.Equal(percent, EligibilityRules.Decide(person, Day(day), document: null, limitConsent: true).BurdenPercent);
    }

    // The 75th birthday itself is the first day of the 75+ scheme, and the loss date of the other.
    [Theory]
    [InlineData("1951-10-01", "2026-09-30", "2026-10-01")]
    [InlineData("1951-10-15", "2026-10-14", "2026-10-15")]
    [InlineData("1952-02-29", "2027-02-27", "2027-02-28")] // registered from 28 February …
    [InlineData("1952-02-29", "2027-02-28", "2027-03-01")] // … or from 1 March: the insurers' dates decide
    public void On_the_75th_birthday_exactly_one_counts(string born, string lastDay, string firstDay)
    {
        var person = Person(born, [Coverage("2000-04-01", firstDay, id: 1, insurer: Municipality), Coverage(firstDay, id: 2, insurer: LateElderlyScheme)]);
        Assert.Equal(1, Assert.Single(EligibilityRules.Decide(person, Day(lastDay), null, true).Coverages).CoverageId);
        Assert.Equal(2, Assert.Single(EligibilityRules.Decide(person, Day(firstDay), null, true).Coverages).CoverageId);
    }
}
