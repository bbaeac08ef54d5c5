using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.CardOffice;
using EligibilityGateway.Gateway.Cards;

namespace EligibilityGateway.Gateway.Tests.Readers;

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
    public async Task A_phone_counts_at_the_reception_and_not_in_an_ambulance_and_outlives_the_plastic()
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
