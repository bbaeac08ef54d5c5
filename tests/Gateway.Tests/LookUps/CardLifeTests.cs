using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Feeds.CardOffice;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Gateway.Tests.LookUps;

/// <summary>What becomes of a card, and what desks are told of it from the next tap on.</summary>
public sealed class CardLifeTests(TestStores stores) : IAsyncLifetime
{
    private TestTown _town = null!;
    private GatewayHost _gateway = null!;
    private TestDesk _desk = null!;

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        _gateway = await _town.StartGatewayAsync();
        _desk = new TestDesk(_gateway.Address, await _town.AddTerminalAsync(TerminalRole.Reception));
    }

    public async ValueTask DisposeAsync()
    {
        _desk.Dispose();
        await _gateway.DisposeAsync();
        await _town.DisposeAsync();
    }

    [Fact]
    public async Task A_phone_counts_at_the_reception_and_not_in_an_ambulance_and_goes_on_while_the_plastic_is_lost()
    {
        var person = await _town.AddPersonAsync();
        var (plastic, phone) = (await _town.AddCardAsync(person), await _town.AddCardAsync(person, carrier: CardCarrier.Phone));
        using var ambulance = new TestDesk(_gateway.Address, await _town.AddTerminalAsync(TerminalRole.Ambulance, ProofClaims.Sight, "ambulance-1"));
        Assert.Equal(Validity.Valid, (await _desk.TapAsync(phone)).Answer.Validity);

        var refused = (await ambulance.AskAsync(TestDesk.Claim(phone, Proof.Sight, Purpose.EmergencyTransport))).Refusal.Remedy;
        Assert.Equal((Reason.PhoneNotAcceptedHere, Mender.Patient), (refused.Reason, refused.Mender));
        Assert.Null((await ambulance.AskAsync(TestDesk.Claim(plastic, Proof.Sight, Purpose.EmergencyTransport))).Refusal);

        Assert.Equal(CardOfficeOutcome.Done, await _town.CardOffice.ReportLostAsync(plastic.CardKey, TestTown.Now, CancellationToken.None));
        var lost = (await _desk.TapAsync(plastic)).Refusal.Remedy;
        Assert.Equal(Reason.CardLost, lost.Reason);
        Assert.Contains("about 1 week by express issue", lost.ByWhen.En, StringComparison.Ordinal);
        Assert.Contains("1か月以上", lost.ByWhen.Ja, StringComparison.Ordinal);
        Assert.Equal(Validity.Valid, (await _desk.TapAsync(phone)).Answer.Validity);

        await _town.CardOffice.ReportLostAsync(phone.CardKey, TestTown.Now, CancellationToken.None);
        Assert.Equal(Reason.PhoneStopped, (await _desk.TapAsync(phone)).Refusal.Remedy.Reason);
        await _town.CardOffice.ReportFoundAsync(plastic.CardKey, TestTown.Now, CancellationToken.None);
        Assert.Equal(Validity.Valid, (await _desk.TapAsync(plastic)).Answer.Validity);
    }

    // By each of a plastic card's ends, and none of them gives the phone what the plastic card has: its grace.
    [Fact]
    public async Task A_phone_ends_with_the_plastic_cards_certificate_which_is_in_its_grace()
    {
        var person = await _town.AddPersonAsync();
        var plastic = await _town.AddCardAsync(person, notBefore: TestTown.Now.AddYears(-5), notAfter: TestTown.Now.AddDays(-1));
        var phone = await _town.AddCardAsync(person, carrier: CardCarrier.Phone);
        Assert.Equal(Reason.CardInGrace, Assert.Single((await _desk.TapAsync(plastic)).Answer.Notices).Reason);
        var refused = (await _desk.TapAsync(phone)).Refusal;
        Assert.Equal((Reason.PhoneEnded, Mender.Patient, true), (refused.Remedy.Reason, refused.Remedy.Mender, refused.Freshness.Proved));
        Assert.NotNull(refused.Remedy.Contact);
    }

    [Fact]
    public async Task A_phones_own_end_has_no_grace()
    {
        var person = await _town.AddPersonAsync();
        await _town.AddCardAsync(person, notBefore: TestTown.Now.AddYears(-2));
        var phone = await _town.AddCardAsync(person, carrier: CardCarrier.Phone, notAfter: TestTown.Now.AddDays(-1));
        Assert.Equal(Reason.PhoneEnded, (await _desk.TapAsync(phone)).Refusal.Remedy.Reason);
    }

    // Before its end or after, with the office's word that the old certificate was replaced or before that came.
    [Theory]
    [InlineData(-1, true)]
    [InlineData(-1, false)]
    [InlineData(30, true)]
    public async Task A_renewed_card_certificate_does_not_revive_the_phones_and_one_made_with_it_is_good(int oldUntil, bool replaced)
    {
        var person = await _town.AddPersonAsync();
        var old = await _town.AddCardAsync(person, notBefore: TestTown.Now.AddYears(-5), notAfter: TestTown.Now.AddDays(oldUntil));
        var phone = await _town.AddCardAsync(person, carrier: CardCarrier.Phone, notBefore: TestTown.Now.AddYears(-1));
        var renewed = await _town.AddCardAsync(person, notBefore: TestTown.Now.AddHours(-2));
        if (replaced) Assert.Equal(CardOfficeOutcome.Done, await _town.CardOffice.ReplaceAsync(old.CardKey, renewed.CardKey, TestTown.Now, CancellationToken.None));
        Assert.Equal(Validity.Valid, (await _desk.TapAsync(renewed)).Answer.Validity);
        Assert.Equal(Reason.PhoneEnded, (await _desk.TapAsync(phone)).Refusal.Remedy.Reason);
        var anew = await _town.AddCardAsync(person, carrier: CardCarrier.Phone, notBefore: TestTown.Now.AddHours(-1));
        Assert.Equal(Validity.Valid, (await _desk.TapAsync(anew)).Answer.Validity);
    }

    [Fact]
    public async Task A_phone_that_is_older_than_all_plastic_cards_on_record_was_renewed_away()
    {
        var person = await _town.AddPersonAsync();
        var phone = await _town.AddCardAsync(person, carrier: CardCarrier.Phone, notBefore: TestTown.Now.AddYears(-1));
        Assert.Equal(Validity.Valid, (await _desk.TapAsync(phone)).Answer.Validity);
        await _town.AddCardAsync(person, notBefore: TestTown.Now.AddDays(-1));
        Assert.Equal(Reason.PhoneEnded, (await _desk.TapAsync(phone)).Refusal.Remedy.Reason);
    }

    [Fact]
    public async Task A_phone_is_told_of_the_plastic_cards_end_and_goes_on_where_that_is_moved_out()
    {
        var person = await _town.AddPersonAsync();
        var plastic = await _town.AddCardAsync(person, lastDay: TestTown.Today, term: CardTerm.PeriodOfStay);
        var phone = await _town.AddCardAsync(person, carrier: CardCarrier.Phone);
        Assert.Equal(Reason.PhoneEndsSoon, Assert.Single((await _desk.TapAsync(phone)).Answer.Notices).Reason);
        Assert.Equal(CardOfficeOutcome.Done, await _town.CardOffice.ExtendAsync(plastic.CardKey, TestTown.Today.AddYears(3), TestTown.Now, CancellationToken.None));
        Assert.Empty((await _desk.TapAsync(phone)).Answer.Notices);
    }

    [Fact]
    public async Task A_death_ends_all_cards_of_the_person_and_no_others()
    {
        var person = await _town.AddPersonAsync();
        var (plastic, phone) = (await _town.AddCardAsync(person), await _town.AddCardAsync(person, carrier: CardCarrier.Phone));
        var other = await _town.AddCardAsync(await _town.AddPersonAsync());
        Assert.Equal(CardOfficeOutcome.Done, await _town.CardOffice.ReportDiedAsync(plastic.CardKey, TestTown.Now, CancellationToken.None));
        Assert.Equal(CardOfficeOutcome.AlreadySo, await _town.CardOffice.ReportDiedAsync(phone.CardKey, TestTown.Now, CancellationToken.None));
        foreach (var card in (TestCard[])[plastic, phone]) Assert.Equal(Reason.CardHolderDied, (await _desk.TapAsync(card)).Refusal.Remedy.Reason);
        Assert.Equal(Validity.Valid, (await _desk.TapAsync(other)).Answer.Validity);
        Assert.Equal(CardOfficeOutcome.NotFromThisState, await _town.CardOffice.ReportFoundAsync(plastic.CardKey, TestTown.Now, CancellationToken.None));
        Assert.Equal(CardOfficeOutcome.CardUnknown, await _town.CardOffice.ReportDiedAsync(Guid.NewGuid(), TestTown.Now, CancellationToken.None));
    }

    [Fact]
    public async Task A_card_that_ends_with_the_stay_is_told_of_and_extended_in_time()
    {
        var person = await _town.AddPersonAsync();
        var card = await _town.AddCardAsync(person, lastDay: TestTown.Today, term: CardTerm.PeriodOfStay);
        var ended = await _town.AddCardAsync(person, lastDay: TestTown.Today.AddDays(-1), term: CardTerm.PeriodOfStay);
        var answer = (await _desk.TapAsync(card)).Answer;
        Assert.Equal((Validity.Valid, Reason.CardEndsWithStay), (answer.Validity, Assert.Single(answer.Notices).Reason));
        Assert.Equal(Reason.CardEnded, (await _desk.TapAsync(ended)).Refusal.Remedy.Reason);

        var later = TestTown.Today.AddYears(3);
        Assert.Equal(CardOfficeOutcome.NotFromThisState, await _town.CardOffice.ExtendAsync(card.CardKey, TestTown.Today.AddDays(-1), TestTown.Now, CancellationToken.None));
        Assert.Equal(CardOfficeOutcome.NotFromThisState, await _town.CardOffice.ExtendAsync(ended.CardKey, later, TestTown.Now, CancellationToken.None));
        Assert.Equal(CardOfficeOutcome.Done, await _town.CardOffice.ExtendAsync(card.CardKey, later, TestTown.Now, CancellationToken.None));
        Assert.Equal(CardOfficeOutcome.AlreadySo, await _town.CardOffice.ExtendAsync(card.CardKey, later, TestTown.Now, CancellationToken.None));
        Assert.Empty((await _desk.TapAsync(card)).Answer.Notices);
    }

    [Fact]
    public async Task A_card_registered_at_the_reader_keeps_its_last_day()
    {
        var card = await _town.AddCardAsync(await _town.AddPersonAsync(), registered: false, lastDay: TestTown.Today, term: CardTerm.PeriodOfStay);
        Assert.Equal(
            [Reason.CardRegisteredNow, Reason.CardEndsWithStay], (await _desk.TapAsync(card, Purpose.Registration)).Answer.Notices.Select(notice => notice.Reason));
        Assert.Equal(Reason.CardEndsWithStay, Assert.Single((await _desk.TapAsync(card)).Answer.Notices).Reason);
    }
}
