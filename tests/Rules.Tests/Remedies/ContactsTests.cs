using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Remedies;

namespace EligibilityGateway.Rules.Tests.Remedies;

/// <summary>The numbers to telephone are rows of contacts.json, dated and with their source, and nowhere else.</summary>
public sealed partial class ContactsTests
{
    private static readonly DateOnly Day = new(2026, 10, 15);

    // Sources: the rows of contacts.json.
    [Theory]
    [InlineData(Reason.CardLost, "0120-95-0178", "0120-0178-27", "")]
    [InlineData(Reason.CardExpired, "0570-783-578", "0570-064-738", "050-3818-1250")]
    [InlineData(Reason.CardInGrace, "0570-783-578", "0570-064-738", "050-3818-1250")]
    [InlineData(Reason.ProofMissing, "0800-080-4583", "0800-080-4583", "")]
    [InlineData(Reason.CardNotRegistered, "0800-080-4583", "0800-080-4583", "")]
    public void A_reason_has_the_contact_of_its_row(Reason reason, string ja, string en, string elsewhere)
    {
        var contact = RemedyCatalogue.For(reason, Day).Contact;
        Assert.Equal((ja, en, elsewhere), (contact.Phone.Ja, contact.Phone.En, contact.PhoneElsewhere));
    }

    // Which insurer, which operator: the gateway has no number of theirs.
    [Theory]
    [InlineData(Reason.CoverageEnded)]
    [InlineData(Reason.NotFound)]
    [InlineData(Reason.TerminalRevoked)]
    public void A_reason_without_a_row_has_its_remedy_all_the_same(Reason reason)
    {
        Assert.Null(RemedyCatalogue.For(reason, Day).Contact);
        Assert.Same(RemedyCatalogue.For(reason), RemedyCatalogue.For(reason, Day));
    }

    [Fact]
    public void With_a_contact_the_texts_are_the_same()
    {
        foreach (var reason in Enum.GetValues<Reason>().Where(reason => reason != Reason.Unspecified))
        {
            var with = RemedyCatalogue.For(reason, Day).Clone();
            with.Contact = null;
            Assert.Equal(RemedyCatalogue.For(reason), with);
        }
    }

    [Fact]
    public void Each_row_is_complete_and_names_its_source()
    {
        Assert.NotEmpty(Contacts.All);
        Assert.Equal(Contacts.All.Count, Contacts.All.Select(row => row.Id).Distinct().Count());
        Assert.All(Contacts.All, row =>
        {
            Assert.All(new[] { row.Id, row.Who.Ja, row.Who.En, row.Source }, text => Assert.NotEmpty(text.Trim()));
            if (row.Hours is { } hours) Assert.All(new[] { hours.Ja, hours.En }, text => Assert.NotEmpty(text.Trim()));
            Assert.All(NumbersOf(row), number => Assert.Matches(@"\A0[0-9]{2,3}-[0-9]{2,4}-[0-9]{2,4}\z", number));
            Assert.Contains("ja", row.Languages);
            Assert.NotEmpty(row.Reasons);
            Assert.False(row.ValidUntil < row.ValidFrom);
        });
    }

    [Fact]
    public void No_number_is_written_into_a_text()
    {
        var known = Contacts.All.SelectMany(NumbersOf).ToHashSet();
        foreach (var culture in new[] { CultureInfo.InvariantCulture, RemedyTexts.Japanese })
        {
            var texts = RemedyTexts.All.GetResourceSet(culture, createIfNotExists: true, tryParents: false)!;
            Assert.Empty(texts.Cast<DictionaryEntry>().Where(text => Telephone().IsMatch((string)text.Value!)).Select(text => text.Key));
        }
        // The pattern knows what it looks for.
        Assert.All(known, number => Assert.Matches(Telephone(), number));
    }

    [Theory]
    [InlineData("2026-03-31", "old")]
    [InlineData("2026-04-01", "new")]
    [InlineData("2026-12-31", "new")]
    [InlineData("2027-01-01", null)]
    public void A_row_counts_on_its_first_and_last_day(string day, string? id)
    {
        ContactRow[] rows = [Row("old", null, "2026-03-31"), Row("new", "2026-04-01", "2026-12-31")];
        Contacts.RefuseOverlap(rows);
        Assert.Equal(id, rows.SingleOrDefault(row => row.Counts(DateOnly.Parse(day, CultureInfo.InvariantCulture)))?.Id);
    }

    // A number that no source says may be somebody else's.
    [Fact]
    public void A_contact_that_is_not_verified_is_told_to_nobody()
    {
        ContactRow verified = Row("verified", null, null) with { Verified = true }, guessed = Row("guessed", null, null);
        Assert.Equal([verified], Contacts.ToldOf([guessed, verified]));
        foreach (var reason in Enum.GetValues<Reason>().Where(reason => reason != Reason.Unspecified))
        {
            if (RemedyCatalogue.For(reason, Day).Contact is { } contact) Assert.True(Contacts.All.Single(row => row.Who.Ja == contact.Who.Ja).Verified);
        }
    }

    [Fact]
    public void Hours_that_no_source_says_are_not_told()
    {
        Assert.Null(RemedyCatalogue.For(Reason.ProofMissing, Day).Contact.Hours);
        Assert.NotNull(RemedyCatalogue.For(Reason.CardLost, Day).Contact.Hours);
    }

    [Fact]
    public void A_duration_that_is_not_verified_is_stated_by_no_text()
    {
        DurationRow row = new("guess", 2, 3, DurationUnit.Day, null, null, Verified: false, "none");
        Assert.Throws<InvalidOperationException>(() => Durations.On([row], "guess", Day));
        var told = row with { Verified = true };
        Assert.Same(told, Durations.On([told], "guess", Day));
        Assert.DoesNotMatch("[0-9]", RemedyCatalogue.For(Reason.ApplicationNotFound).ByWhen.Ja);
    }

    [Fact]
    public void Two_contacts_for_one_reason_on_one_day_are_refused()
    {
        var e = Assert.Throws<InvalidOperationException>(() => Contacts.RefuseOverlap([Row("old", null, "2026-04-01"), Row("new", "2026-04-01", null)]));
        Assert.Contains("old and new", e.Message, StringComparison.Ordinal);
    }

    private static ContactRow Row(string id, string? from, string? until) =>
        new(id, new("誰か", "somebody"), new("0120-00-0000", "0120-00-0000"), null, new("毎日", "daily"), ["ja"], [Reason.CardLost], DayOf(from), DayOf(until), false, "none");

    private static DateOnly? DayOf(string? day) => day is null ? null : DateOnly.Parse(day, CultureInfo.InvariantCulture);

    private static IEnumerable<string> NumbersOf(ContactRow row) =>
        new[] { row.Phone.Ja, row.Phone.En, row.PhoneElsewhere }.OfType<string>();

    // Two hyphens among digits, or ten digits or more in a row; full-width ones as well.
    [GeneratedRegex(@"\d+[-−ー‐]\d+[-−ー‐]\d+|\d{10,}")]
    private static partial Regex Telephone();
}
