using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Cards;
using EligibilityGateway.Rules.Facts;
using FsCheck;
using FsCheck.Fluent;

namespace EligibilityGateway.Rules.Tests.Cards;

public sealed class CardStandingTests
{
    // The grace is that of the city of Iwaki's notice and of two health insurance societies' (example of theirs: expiry on
    // 2026-02-10, works until 2026-05-31); certificates end with the day, Japan's time.
    [Theory]
    [InlineData("2026-02-10", "2026-02-10T23:59:59+09:00", Reason.Unspecified, Reason.CardExpiresSoon, "2026-02-10")]
    [InlineData("2026-02-10", "2026-02-11T00:00:00+09:00", Reason.Unspecified, Reason.CardInGrace, "2026-05-31")]
    [InlineData("2026-02-10", "2026-05-31T23:59:59+09:00", Reason.Unspecified, Reason.CardInGrace, "2026-05-31")]
    [InlineData("2026-02-10", "2026-06-01T00:00:00+09:00", Reason.CardExpired, Reason.Unspecified, null)]
    // The same moments by another zone's clock: only Japan's day counts.
    [InlineData("2026-02-10", "2026-05-31T14:59:59Z", Reason.Unspecified, Reason.CardInGrace, "2026-05-31")]
    [InlineData("2026-02-10", "2026-05-31T15:00:00Z", Reason.CardExpired, Reason.Unspecified, null)]
    // First and last day of a month; short months; over the turn of the year; leap day.
    [InlineData("2026-02-01", "2026-05-31T12:00:00+09:00", Reason.Unspecified, Reason.CardInGrace, "2026-05-31")]
    [InlineData("2026-02-28", "2026-05-31T12:00:00+09:00", Reason.Unspecified, Reason.CardInGrace, "2026-05-31")]
    [InlineData("2026-01-31", "2026-04-30T12:00:00+09:00", Reason.Unspecified, Reason.CardInGrace, "2026-04-30")]
    [InlineData("2026-01-31", "2026-05-01T00:00:00+09:00", Reason.CardExpired, Reason.Unspecified, null)]
    [InlineData("2025-11-30", "2026-02-28T23:59:59+09:00", Reason.Unspecified, Reason.CardInGrace, "2026-02-28")]
    [InlineData("2025-11-30", "2026-03-01T00:00:00+09:00", Reason.CardExpired, Reason.Unspecified, null)]
    [InlineData("2027-11-15", "2028-02-29T12:00:00+09:00", Reason.Unspecified, Reason.CardInGrace, "2028-02-29")]
    [InlineData("2026-10-15", "2027-01-31T12:00:00+09:00", Reason.Unspecified, Reason.CardInGrace, "2027-01-31")]
    // Alerts start three months before (the same sources).
    [InlineData("2027-01-15", "2026-10-14T23:59:59+09:00", Reason.Unspecified, Reason.Unspecified, null)]
    [InlineData("2027-01-15", "2026-10-15T00:00:00+09:00", Reason.Unspecified, Reason.CardExpiresSoon, "2027-01-15")]
    [InlineData("2027-05-31", "2027-02-27T23:59:59+09:00", Reason.Unspecified, Reason.Unspecified, null)]
    [InlineData("2027-05-31", "2027-02-28T00:00:00+09:00", Reason.Unspecified, Reason.CardExpiresSoon, "2027-05-31")]
    [InlineData("2031-10-15", "2026-10-15T09:00:00+09:00", Reason.Unspecified, Reason.Unspecified, null)]
    // Before the grace began, with the insurance cards' end on 2024-12-02 [known, not verified].
    [InlineData("2024-12-01", "2024-12-02T00:00:00+09:00", Reason.CardExpired, Reason.Unspecified, null)]
    [InlineData("2024-12-02", "2025-03-31T12:00:00+09:00", Reason.Unspecified, Reason.CardInGrace, "2025-03-31")]
    public void Expiry_grace_and_notice(string lastDay, string moment, Reason refusal, Reason notice, string? until)
    {
        var standing = CardStanding.Of(CardUntil(lastDay), DateTimeOffset.Parse(moment), isOnRevocationList: false, isRevocationListCurrent: true);

        Assert.Equal(refusal, standing.Refusal);
        Assert.Equal(notice, standing.Notice);
        Assert.Equal(until is null ? null : DateOnly.Parse(until), standing.NoticeUntil);
        Assert.Equal(notice == Reason.CardInGrace, standing.EligibilityOnly);
        Assert.Equal(refusal == Reason.Unspecified, standing.MayBeUsed);
    }

    [Theory]
    [InlineData(CardStatus.Lost, Reason.CardLost)]
    [InlineData(CardStatus.Revoked, Reason.CardRevoked)]
    [InlineData(CardStatus.Replaced, Reason.CardReplaced)]
    [InlineData(CardStatus.HolderDied, Reason.CardHolderDied)]
    public void What_the_card_office_says_is_the_reason_whatever_else_is_the_matter(CardStatus status, Reason reason)
    {
        foreach (var moment in (string[])["2020-01-01T00:00:00Z", "2026-10-15T00:00:00Z", "2060-01-01T00:00:00Z"])
            foreach (var onList in (bool[])[false, true])
                foreach (var current in (bool[])[false, true])
                {
                    var card = CardUntil("2031-01-01") with { Status = status };
                    Assert.Equal(reason, CardStanding.Of(card, DateTimeOffset.Parse(moment), onList, current).Refusal);
                }
    }

    [Fact]
    public void A_loss_that_is_dated_ahead_counts_now()
    {
        var now = new DateTimeOffset(2026, 10, 15, 9, 0, 0, JapanTime.Offset);
        var card = CardUntil("2031-01-01") with { Status = CardStatus.Lost, StatusSince = now.AddHours(1) };

        Assert.Equal(Reason.CardLost, CardStanding.Of(card, now, false, true).Refusal);
    }

    [Theory]
    [InlineData("2026-10-15T09:00:00+09:00")]
    [InlineData("2031-01-15T09:00:00+09:00")]
    [InlineData("2040-01-01T09:00:00+09:00")]
    public void A_card_on_the_revocation_list_is_revoked_even_where_the_list_is_too_old(string moment)
    {
        foreach (var current in (bool[])[true, false])
        {
            var standing = CardStanding.Of(CardUntil("2031-01-01"), DateTimeOffset.Parse(moment), isOnRevocationList: true, current);
            Assert.Equal(Reason.CardRevoked, standing.Refusal);
            Assert.False(standing.RevocationListTooOld);
        }
    }

    [Fact]
    public void Without_a_current_list_a_good_card_stays_usable_and_the_doubt_is_told()
    {
        var standing = CardStanding.Of(CardUntil("2031-01-01"), new DateTimeOffset(2026, 10, 15, 9, 0, 0, JapanTime.Offset), false, isRevocationListCurrent: false);

        Assert.True(standing.MayBeUsed);
        Assert.True(standing.RevocationListTooOld);
    }

    [Fact]
    public void Without_a_current_list_the_doubt_is_told_in_the_grace_and_before_the_end_too()
    {
        Assert.True(CardStanding.Of(CardUntil("2026-10-01"), DateTimeOffset.Parse("2026-10-15T00:00:00Z"), false, false) is { Notice: Reason.CardInGrace, RevocationListTooOld: true });
        Assert.True(CardStanding.Of(CardUntil("2026-10-31"), DateTimeOffset.Parse("2026-10-15T00:00:00Z"), false, false) is { Notice: Reason.CardExpiresSoon, RevocationListTooOld: true });
    }

    [Fact]
    public void Validity_holds_at_both_its_ends()
    {
        var card = CardUntil("2031-01-01");

        Assert.Equal(Reason.CardNotYetValid, CardStanding.Of(card, card.NotBefore.AddTicks(-1), false, true).Refusal);
        Assert.True(CardStanding.Of(card, card.NotBefore, false, true) is { MayBeUsed: true, Notice: Reason.Unspecified });
        Assert.Equal(Reason.CardExpiresSoon, CardStanding.Of(card, card.NotAfter, false, true).Notice);
        Assert.Equal(Reason.CardInGrace, CardStanding.Of(card, card.NotAfter.AddTicks(1), false, true).Notice);
    }

    [Fact]
    public void The_rest_of_the_day_after_an_end_at_noon_is_grace_already()
    {
        var card = CardUntil("2026-02-10") with { NotAfter = DateTimeOffset.Parse("2026-02-10T12:00:00+09:00") };

        Assert.True(CardStanding.Of(card, DateTimeOffset.Parse("2026-02-10T12:00:01+09:00"), false, true) is { EligibilityOnly: true, Notice: Reason.CardInGrace });
    }

    [Fact]
    public void An_end_in_the_night_by_world_time_counts_for_Japans_day()
    {
        // 2026-01-31 15:00 UTC is the first of February in Japan: the grace is a month longer.
        var card = CardUntil("2026-02-10") with { NotAfter = DateTimeOffset.Parse("2026-01-31T15:00:00Z") };

        Assert.Equal(new DateOnly(2026, 5, 31), CardStanding.Of(card, DateTimeOffset.Parse("2026-03-01T00:00:00Z"), false, true).NoticeUntil);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Whether_the_card_is_registered_is_told_and_refuses_nothing_here(bool registered)
    {
        var card = CardUntil("2031-01-01") with { Registered = registered };

        Assert.Equal(registered, CardStanding.Of(card, DateTimeOffset.Parse("2026-10-15T00:00:00Z"), false, true).Registered);
        Assert.Equal(registered, CardStanding.Of(card with { Status = CardStatus.Lost }, DateTimeOffset.Parse("2026-10-15T00:00:00Z"), false, true).Registered);
        Assert.True(CardStanding.Of(card, DateTimeOffset.Parse("2026-10-15T00:00:00Z"), false, true).MayBeUsed);
    }

    // town.miyake.lg.jp/soshiki/10/6404.html, city.ogi.lg.jp/main/46041.html: past its last day the card can't be used. A certificate that
    // ends first, or on the same day, keeps its own grace (an assumption).
    [Theory]
    [InlineData("2026-11-30", "2028-05-05", CardTerm.PeriodOfStay, "2026-08-29", Reason.Unspecified, Reason.Unspecified)]
    [InlineData("2026-11-30", "2028-05-05", CardTerm.PeriodOfStay, "2026-08-30", Reason.Unspecified, Reason.CardEndsWithStay)]
    [InlineData("2026-11-30", "2028-05-05", CardTerm.PeriodOfStay, "2026-11-30", Reason.Unspecified, Reason.CardEndsWithStay)]
    [InlineData("2026-11-30", "2028-05-05", CardTerm.PeriodOfStay, "2026-12-01", Reason.CardEnded, Reason.Unspecified)]
    [InlineData("2026-11-30", "2028-05-05", CardTerm.Birthday, "2026-11-30", Reason.Unspecified, Reason.CardEndsSoon)]
    [InlineData("2026-11-30", "2028-05-05", CardTerm.Birthday, "2026-12-01", Reason.CardEnded, Reason.Unspecified)]
    [InlineData("2026-11-30", "2026-11-30", CardTerm.Birthday, "2026-11-30", Reason.Unspecified, Reason.CardEndsSoon)]
    [InlineData("2026-11-30", "2026-11-30", CardTerm.Birthday, "2026-12-01", Reason.Unspecified, Reason.CardInGrace)]
    [InlineData("2026-12-31", "2026-11-30", CardTerm.Birthday, "2026-11-30", Reason.Unspecified, Reason.CardExpiresSoon)]
    [InlineData("2026-12-31", "2026-11-30", CardTerm.Birthday, "2027-01-15", Reason.Unspecified, Reason.CardInGrace)]
    [InlineData("2026-12-31", "2026-11-30", CardTerm.Birthday, "2027-03-01", Reason.CardExpired, Reason.Unspecified)]
    public void The_card_itself_may_end_before_its_certificate(string lastDay, string certificateUntil, CardTerm term, string today, Reason refusal, Reason notice)
    {
        var card = CardUntil(certificateUntil) with { LastDay = DateOnly.Parse(lastDay), Term = term };
        var standing = CardStanding.Of(card, DateTimeOffset.Parse(today + "T12:00:00+09:00"), false, true);
        Assert.Equal((refusal, notice), (standing.Refusal, standing.Notice));
    }

    [Fact]
    public void A_card_of_a_person_who_died_has_a_reason_of_its_own() =>
        Assert.Equal(Reason.CardHolderDied, CardStanding.Of(CardUntil("2031-01-01") with { Status = CardStatus.HolderDied }, DateTimeOffset.Parse("2026-10-15T00:00:00Z"), true, false).Refusal);

    // The plastic card of the same person is another one, and goes on.
    [Fact]
    public void A_phone_that_was_stopped_points_to_the_plastic_card()
    {
        var phone = CardUntil("2031-01-01") with { Carrier = CardCarrier.Phone };
        var now = DateTimeOffset.Parse("2026-10-15T00:00:00Z");
        Assert.Equal(Reason.PhoneStopped, CardStanding.Of(phone with { Status = CardStatus.Lost }, now, false, true).Refusal);
        Assert.Equal(Reason.PhoneStopped, CardStanding.Of(phone with { Status = CardStatus.Revoked }, now, false, true).Refusal);
        Assert.Equal(Reason.PhoneStopped, CardStanding.Of(phone, now, isOnRevocationList: true, true).Refusal);
    }

    // KB 3b11e4ee93dbee107fa07cddfaba1051 (iryohokenjyoho.service-now.com): a phone has no three months, and can't be used once the card or its
    // certificate has expired. itmedia.co.jp/mobile/articles/2305/15/news067_3.html: its end is that of the card's certificate. That it is told
    // three months before, like a card's, is an assumption.
    [Theory]
    // By itself: a plastic card would be in its grace.
    [InlineData("2026-02-10", "2031-01-01", null, "2025-11-09", Reason.Unspecified, Reason.Unspecified)]
    [InlineData("2026-02-10", "2031-01-01", null, "2025-11-10", Reason.Unspecified, Reason.PhoneEndsSoon)]
    [InlineData("2026-02-10", "2031-01-01", null, "2026-02-10", Reason.Unspecified, Reason.PhoneEndsSoon)]
    [InlineData("2026-02-10", "2031-01-01", null, "2026-02-11", Reason.PhoneEnded, Reason.Unspecified)]
    // With the plastic card's certificate.
    [InlineData("2031-01-01", "2026-02-10", null, "2025-11-09", Reason.Unspecified, Reason.Unspecified)]
    [InlineData("2031-01-01", "2026-02-10", null, "2025-11-10", Reason.Unspecified, Reason.PhoneEndsSoon)]
    [InlineData("2031-01-01", "2026-02-10", null, "2026-02-10", Reason.Unspecified, Reason.PhoneEndsSoon)]
    [InlineData("2031-01-01", "2026-02-10", null, "2026-02-11", Reason.PhoneEnded, Reason.Unspecified)]
    // With the plastic card itself.
    [InlineData("2031-01-01", "2028-05-05", "2026-11-30", "2026-11-30", Reason.Unspecified, Reason.PhoneEndsSoon)]
    [InlineData("2031-01-01", "2028-05-05", "2026-11-30", "2026-12-01", Reason.PhoneEnded, Reason.Unspecified)]
    // With both at once: the plastic card has its certificate's grace, the phone none.
    [InlineData("2026-11-30", "2026-11-30", "2026-11-30", "2026-12-01", Reason.PhoneEnded, Reason.Unspecified)]
    // No plastic card was told of: nothing of it speaks against the phone.
    [InlineData("2026-02-10", null, null, "2025-11-09", Reason.Unspecified, Reason.Unspecified)]
    [InlineData("2026-02-10", null, null, "2026-02-11", Reason.PhoneEnded, Reason.Unspecified)]
    public void A_phone_ends_without_grace_with_whichever_ends_first(
        string phoneUntil, string? plasticUntil, string? plasticLastDay, string today, Reason refusal, Reason notice)
    {
        var plastic = plasticUntil is null ? null : PlasticUntil(plasticUntil) with { LastDay = plasticLastDay is null ? null : DateOnly.Parse(plasticLastDay) };
        var standing = CardStanding.Of(PhoneUntil(phoneUntil, plastic), DateTimeOffset.Parse(today + "T12:00:00+09:00"), false, true);
        Assert.Equal((refusal, notice, false), (standing.Refusal, standing.Notice, standing.EligibilityOnly));
    }

    // A loss only stops the plastic card (it may be found); what ends it for good ends the phone.
    [Theory]
    [InlineData(CardStatus.InUse, Reason.Unspecified, false)]
    [InlineData(CardStatus.Lost, Reason.Unspecified, false)]
    [InlineData(CardStatus.Revoked, Reason.PhoneEnded, false)]
    [InlineData(CardStatus.Replaced, Reason.PhoneEnded, true)]
    [InlineData(CardStatus.HolderDied, Reason.PhoneEnded, false)]
    public void A_phone_ends_with_the_plastic_card_that_it_was_made_with(CardStatus plastic, Reason refusal, bool mayPass)
    {
        var standing = CardStanding.Of(
            PhoneUntil("2031-01-01", PlasticUntil("2031-01-01") with { Status = plastic }), DateTimeOffset.Parse("2026-10-15T00:00:00Z"), false, true);
        Assert.Equal((refusal, mayPass), (standing.Refusal, standing.RefusalMayPass));
    }

    // itmedia, as above: after a renewal of the card, or of its certificate, the phone's is applied for anew.
    [Theory]
    [InlineData(-1, Reason.Unspecified)]
    [InlineData(0, Reason.Unspecified)]
    [InlineData(1, Reason.PhoneEnded)]
    public void A_plastic_card_that_is_younger_than_the_phone_does_not_revive_it(int secondsLater, Reason refusal)
    {
        var phone = PhoneUntil("2031-01-01", null);
        var plastic = PlasticUntil("2031-01-01") with { NotBefore = phone.NotBefore.AddSeconds(secondsLater) };
        Assert.Equal(refusal, CardStanding.Of(phone with { Plastic = plastic }, DateTimeOffset.Parse("2026-10-15T00:00:00Z"), false, true).Refusal);
    }

    // What was read before the store went out of reach: a certificate's end stands, a card's own last day may have been moved out.
    [Theory]
    [InlineData("2026-02-10", "2031-01-01", null, false)]
    [InlineData("2031-01-01", "2026-02-10", null, false)]
    [InlineData("2031-01-01", "2031-01-01", "2026-02-10", true)]
    public void Which_end_of_a_phone_may_have_been_moved(string phoneUntil, string plasticUntil, string? plasticLastDay, bool mayPass)
    {
        var plastic = PlasticUntil(plasticUntil) with { LastDay = plasticLastDay is null ? null : DateOnly.Parse(plasticLastDay) };
        var standing = CardStanding.Of(PhoneUntil(phoneUntil, plastic), DateTimeOffset.Parse("2026-03-01T12:00:00+09:00"), false, true);
        Assert.Equal((Reason.PhoneEnded, mayPass), (standing.Refusal, standing.RefusalMayPass));
    }

    [Fact]
    public void A_phone_is_never_in_grace_nor_good_once_it_or_its_plastic_card_has_ended_and_never_comes_back()
    {
        var days = Gen.Choose(0, 800).Select(n => new DateOnly(2026, 1, 1).AddDays(n));
        Check.QuickThrowOnFailure(Prop.ForAll(days.ArrayOf(4).ToArbitrary(), drawn =>
        {
            var (phoneUntil, plasticUntil, today) = (drawn[0], drawn[1], drawn[2]);
            DateOnly? plasticLastDay = drawn[3].DayNumber % 2 == 0 ? drawn[3] : null;
            var phone = PhoneUntil(JapanTime.Format(phoneUntil), PlasticUntil(JapanTime.Format(plasticUntil)) with { LastDay = plasticLastDay });
            var standing = At(today);
            var ended = today > phoneUntil || today > plasticUntil || today > plasticLastDay;
            return standing.MayBeUsed == !ended && !standing.EligibilityOnly && (!ended || !At(today.AddDays(1)).MayBeUsed);

            CardStanding At(DateOnly day) => CardStanding.Of(phone, DateTimeOffset.Parse(JapanTime.Format(day) + "T12:00:00+09:00"), false, true);
        }));
    }

    [Fact]
    public void A_standing_is_found_without_allocating()
    {
        var card = CardUntil("2031-01-01") with { LastDay = new DateOnly(2030, 1, 1), Term = CardTerm.PeriodOfStay };
        var phone = PhoneUntil("2031-01-01", PlasticUntil("2030-01-01"));
        var now = DateTimeOffset.Parse("2026-10-15T00:00:00Z");
        CardStanding.Of(card, now, false, true);
        CardStanding.Of(phone, now, false, true);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            CardStanding.Of(card, now, false, true);
            CardStanding.Of(phone, now, false, true);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_status_that_there_is_not_is_a_bug()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => CardStanding.Of(CardUntil("2031-01-01") with { Status = 0 }, DateTimeOffset.UnixEpoch, false, true));
    }

    [Fact]
    public void The_grace_lasts_at_least_three_months_and_less_than_four_and_ends_with_a_month()
    {
        Check.QuickThrowOnFailure(Prop.ForAll(Gen.Choose(0, 3_650).ToArbitrary(), daysLater =>
        {
            var expiresOn = new DateOnly(2024, 12, 2).AddDays(daysLater);
            var lastDay = ExpiryRule.For(expiresOn).LastDay(expiresOn);
            return lastDay >= expiresOn.AddMonths(3) && lastDay < expiresOn.AddMonths(4) && lastDay.AddDays(1).Day == 1;
        }));
    }

    [Fact]
    public void As_time_passes_a_card_goes_from_good_to_soon_to_grace_to_expired_and_never_back()
    {
        Check.QuickThrowOnFailure(Prop.ForAll(Gen.Choose(0, 3_650).ToArbitrary(), Gen.Choose(0, 400).ToArbitrary(), (expiry, later) =>
        {
            var card = CardUntil(JapanTime.Format(new DateOnly(2025, 1, 1).AddDays(expiry)));
            var moment = card.NotAfter.AddDays(-200);
            return Stage(card, moment.AddDays(later)) <= Stage(card, moment.AddDays(later + 1));
        }));

        static int Stage(CardFacts card, DateTimeOffset now) => CardStanding.Of(card, now, false, true) switch
        {
            { Refusal: Reason.CardExpired } => 3,
            { Notice: Reason.CardInGrace } => 2,
            { Notice: Reason.CardExpiresSoon } => 1,
            _ => 0,
        };
    }

    private static CardFacts PhoneUntil(string lastDay, PlasticCard? plastic) => CardUntil(lastDay) with { Carrier = CardCarrier.Phone, Plastic = plastic };

    private static PlasticCard PlasticUntil(string lastDay) => new(
        DateTimeOffset.Parse("2020-06-01T00:00:00+09:00"), DateTimeOffset.Parse(lastDay + "T23:59:59+09:00"), CardStatus.InUse, LastDay: null);

    private static CardFacts CardUntil(string lastDay) => new(
        Guid.Empty, 1, 1, new byte[32], [1], new byte[32], new byte[256], 65537,
        NotBefore: DateTimeOffset.Parse("2021-01-01T00:00:00+09:00"),
        NotAfter: DateTimeOffset.Parse(lastDay + "T23:59:59+09:00"),
        CardCarrier.Plastic, CardStatus.InUse, DateTimeOffset.Parse("2021-01-01T00:00:00+09:00"), Registered: true);
}
