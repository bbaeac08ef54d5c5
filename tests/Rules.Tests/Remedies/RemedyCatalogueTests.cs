using System.Collections;
using System.Globalization;
using System.Resources;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Eligibility.Policies;
using EligibilityGateway.Rules.Remedies;

namespace EligibilityGateway.Rules.Tests.Remedies;

public sealed class RemedyCatalogueTests
{
    /// <summary>An ambulance reads cards and types nothing, registers no card and asks after no application.</summary>
    private static readonly Reason[] NeverInAnAmbulance =
    [
        Reason.Unspecified, Reason.NewerCoverageExists, Reason.NotFound, Reason.Ambiguous, Reason.InsuranceCardEnded, Reason.EligibilityCertificateEnded, Reason.DocumentNotLookedUp,
        Reason.TooManyMisses, Reason.CardRegisteredNow, Reason.ApplicationNotFound, Reason.ApplicationOverdue,
    ];

    public static TheoryData<Reason, Audience> Reasons =>
        [.. Enum.GetValues<Reason>().Where(reason => reason != Reason.Unspecified).SelectMany(reason => Audiences.All.Select(audience => (reason, audience)))];

    public static TheoryData<Reason> InAnAmbulance => [.. Enum.GetValues<Reason>().Except(NeverInAnAmbulance)];

    [Theory, MemberData(nameof(Reasons))]
    public void Every_reason_has_texts_in_both_languages_and_a_mender(Reason reason, Audience audience)
    {
        var remedy = RemedyCatalogue.For(reason, audience);
        Assert.Equal(reason, remedy.Reason);
        Assert.NotEqual(Mender.Unspecified, remedy.Mender);
        foreach (var text in new[] { remedy.What, remedy.DeskDoes, remedy.ByWhen, RemedyCatalogue.NoticeOf(reason).Text })
        {
            Assert.NotEmpty(text.En.Trim());
            Assert.Contains(text.Ja, IsKana);
            Assert.DoesNotContain(text.En, c => c > '\u024F');
            Assert.EndsWith("。", text.Ja, StringComparison.Ordinal);
            Assert.EndsWith(".", text.En, StringComparison.Ordinal);
        }
    }

    // A clerk reads it standing, with a patient waiting.
    [Theory, MemberData(nameof(Reasons))]
    public void Texts_are_short(Reason reason, Audience audience)
    {
        var remedy = RemedyCatalogue.For(reason, audience);
        Assert.InRange(remedy.What.En.Length, 1, 160);
        Assert.InRange(remedy.DeskDoes.En.Length, 1, 420);
        Assert.InRange(remedy.ByWhen.En.Length, 1, 200);
        Assert.InRange(remedy.What.Ja.Length, 1, 80);
        Assert.InRange(remedy.DeskDoes.Ja.Length, 1, 230);
        Assert.InRange(remedy.ByWhen.Ja.Length, 1, 100);
    }

    [Fact]
    public void Resources_have_no_key_that_no_reason_uses()
    {
        string[] parts = [RemedyCatalogue.What, RemedyCatalogue.DeskDoes, RemedyCatalogue.ByWhen, RemedyCatalogue.ToldToThePerson];
        string[] readers = ["", .. Audiences.All.Where(audience => audience != Audience.Desk).Select(audience => $".{audience}")];
        var known = Enum.GetNames<Reason>().Concat(Enum.GetNames<Mender>()).SelectMany(matter => parts.SelectMany(part => readers.Select(reader => $"{matter}.{part}{reader}"))).Append($"{Reason.ClockAhead}.{RemedyCatalogue.WhatByHowMuch}").ToHashSet();
        Assert.Empty(KeysOf(CultureInfo.InvariantCulture).Except(known));
        Assert.Equal(KeysOf(CultureInfo.InvariantCulture).Order(), KeysOf(RemedyTexts.Japanese).Order());
        Assert.DoesNotContain(KeysOf(CultureInfo.InvariantCulture), key => key.StartsWith("Unspecified.", StringComparison.Ordinal));
    }

    // The reasons that come with a yes; for any other the notice says what is the matter.
    [Fact]
    public void A_notice_speaks_to_the_person()
    {
        Assert.Equal(
            ["CardEndsSoon.Notice", "CardEndsWithStay.Notice", "CardExpiresSoon.Notice", "CardInGrace.Notice", "CardRegisteredNow.Notice", "InsuranceCardEnded.Notice", "PhoneEndsSoon.Notice"],
            KeysOf(CultureInfo.InvariantCulture).Where(key => key.EndsWith(".Notice", StringComparison.Ordinal)).Order());
        Assert.Contains("municipal office", RemedyCatalogue.NoticeOf(Reason.CardInGrace).Text.En, StringComparison.Ordinal);
        Assert.Equal(RemedyCatalogue.For(Reason.CoverageEnded).What, RemedyCatalogue.NoticeOf(Reason.CoverageEnded).Text);
    }

    [Fact]
    public void The_text_about_the_old_insurance_card_names_the_days_of_its_policy()
    {
        var (last, tolerated) = (InsuranceCardPolicy.LastDay, InsuranceCardPolicy.AcceptedUntil("01130012"));
        var what = RemedyCatalogue.For(Reason.InsuranceCardEnded).What;
        foreach (var day in (DateOnly[])[last, tolerated]) AssertNames(what, day);
        AssertNames(RemedyCatalogue.NoticeOf(Reason.InsuranceCardEnded).Text, tolerated);

        static void AssertNames(Text text, DateOnly day)
        {
            Assert.Contains(day.ToString("yyyy年M月d日", CultureInfo.InvariantCulture), text.Ja, StringComparison.Ordinal);
            Assert.Contains(day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture), text.En, StringComparison.Ordinal);
        }
    }

    // Where insurance can't be shown, the desk takes the declaration and the usual share: MHLW 保発0710第1号 (2023-07-10).
    [Theory]
    [InlineData(Reason.CoverageEnded)]
    [InlineData(Reason.CoverageNotBegun)]
    [InlineData(Reason.NoCoverageKnown)]
    [InlineData(Reason.NotFound)]
    [InlineData(Reason.InsuranceCardEnded)]
    [InlineData(Reason.EligibilityCertificateEnded)]
    [InlineData(Reason.CardLost)]
    [InlineData(Reason.CardExpired)]
    [InlineData(Reason.CardEnded)]
    [InlineData(Reason.PhoneStopped)]
    [InlineData(Reason.PhoneEnded)]
    [InlineData(Reason.CardWithoutCertificate)]
    [InlineData(Reason.StoreOutOfReach)]
    public void Nobody_is_charged_the_whole_cost_for_want_of_an_answer(Reason reason)
    {
        var text = RemedyCatalogue.For(reason).DeskDoes;
        Assert.Contains("declaration form", text.En, StringComparison.Ordinal);
        Assert.Contains("never 100 %", text.En, StringComparison.Ordinal);
        Assert.Contains("被保険者資格申立書", text.Ja, StringComparison.Ordinal);
        Assert.Contains("10割は請求しません", text.Ja, StringComparison.Ordinal);
    }

    // Without a card that works a crew does what it does without any (mykoho.jp/article/012271/9789172/9842110): it asks for illnesses and
    // medicines (city.inagi.tokyo.jp/kurashi/iza/1002389/1012789.html). Nobody pays in an ambulance.
    [Theory, MemberData(nameof(InAnAmbulance))]
    public void A_crew_is_sent_to_no_desk(Reason reason)
    {
        var remedy = RemedyCatalogue.For(reason, new DateOnly(2026, 10, 15), Audience.Crew);
        Assert.Null(remedy.Contact);
        foreach (var text in new[] { remedy.DeskDoes, remedy.ByWhen })
        {
            Assert.DoesNotMatch("申立書|[0-9]割|会計|請求|受付は|資格確認書|マイナポータル画面|受診時", text.Ja);
            Assert.DoesNotMatch("declaration|%|[Cc]harge|[Cc]laim|reception|eligibility certificate|next visit", text.En);
        }
    }

    [Theory]
    [InlineData(Reason.CardLost)]
    [InlineData(Reason.CardExpired)]
    [InlineData(Reason.CardInGrace)]
    [InlineData(Reason.CardNotRegistered)]
    [InlineData(Reason.PhoneNotAcceptedHere)]
    [InlineData(Reason.StoreOutOfReach)]
    [InlineData(Reason.TerminalRevoked)]
    public void A_crew_without_a_summary_asks_the_patient(Reason reason)
    {
        var text = RemedyCatalogue.For(reason, Audience.Crew).DeskDoes;
        Assert.Contains("お薬手帳", text.Ja, StringComparison.Ordinal);
        Assert.Contains("illnesses, medicines, allergies", text.En, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Audience.Desk, "医療券", "medical ticket")]
    [InlineData(Audience.Pharmacy, "調剤券", "dispensing ticket")]
    public void A_pharmacy_has_dispensing_tickets(Audience audience, string ja, string en)
    {
        var remedy = RemedyCatalogue.For(Reason.TicketNotRegistered, audience);
        var limit = LimitExplanations.Of(LimitAbsence.TicketSays, audience)!;
        Assert.All([remedy.What.Ja, remedy.DeskDoes.Ja, remedy.ByWhen.Ja, limit.Why.Ja, limit.Follows.Ja], text =>
        {
            Assert.Contains(ja, text, StringComparison.Ordinal);
            Assert.DoesNotContain(ja == "医療券" ? "調剤券" : "医療券", text, StringComparison.Ordinal);
        });
        Assert.All([remedy.What.En, remedy.DeskDoes.En, limit.Why.En], text => Assert.Contains(en, text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("00:01:01", "The terminal's clock is 1 minute 1 second ahead.", "端末の時計が1分1秒進んでいます。")]
    [InlineData("00:02:00.999", "The terminal's clock is 2 minutes ahead.", "端末の時計が2分進んでいます。")]
    [InlineData("01:00:59", "The terminal's clock is 1 hour ahead.", "端末の時計が1時間進んでいます。")]
    [InlineData("1.02:03:04", "The terminal's clock is 1 day 2 hours ahead.", "端末の時計が1日2時間進んでいます。")]
    [InlineData("400.00:00:00", "The terminal's clock is 400 days ahead.", "端末の時計が400日進んでいます。")]
    public void By_how_much_a_clock_is_ahead_is_said_in_both_languages(string ahead, string en, string ja)
    {
        var shared = RemedyCatalogue.For(Reason.ClockAhead).Clone();
        var remedy = RemedyCatalogue.ClockAhead(TimeSpan.Parse(ahead), new DateOnly(2026, 10, 15));
        Assert.Equal((en, ja), (remedy.What.En, remedy.What.Ja));
        Assert.Equal((shared.DeskDoes, Mender.Site), (remedy.DeskDoes, remedy.Mender));
        // What all share stays as it is.
        Assert.Equal(shared, RemedyCatalogue.For(Reason.ClockAhead));
    }

    [Fact]
    public void Messages_are_built_once()
    {
        var day = new DateOnly(2026, 10, 15);
        Assert.Same(RemedyCatalogue.For(Reason.CardLost, day), RemedyCatalogue.For(Reason.CardLost, day));
        Assert.Same(RemedyCatalogue.For(Reason.CardLost), RemedyCatalogue.For(Reason.CardLost));
        Assert.Same(RemedyCatalogue.NoticeOf(Reason.CardInGrace), RemedyCatalogue.NoticeOf(Reason.CardInGrace));
    }

    [Theory]
    [InlineData(Reason.Unspecified)]
    [InlineData((Reason)6)] // a gap in the list
    [InlineData((Reason)9999)]
    [InlineData((Reason)(-1))]
    public void What_is_no_reason_has_no_remedy(Reason reason)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => RemedyCatalogue.For(reason));
        Assert.Throws<ArgumentOutOfRangeException>(() => RemedyCatalogue.NoticeOf(reason));
    }

    private static bool IsKana(char c) => c is >= '\u3041' and <= '\u30FF';

    private static IReadOnlyList<string> KeysOf(CultureInfo culture)
    {
        ResourceSet? texts = RemedyTexts.All.GetResourceSet(culture, createIfNotExists: true, tryParents: false);
        Assert.NotNull(texts);
        return [.. texts.Cast<DictionaryEntry>().Select(entry => (string)entry.Key)];
    }
}
