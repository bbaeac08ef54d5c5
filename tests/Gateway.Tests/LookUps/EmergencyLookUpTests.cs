using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Rules.Facts;
using EligibilityGateway.Rules.Remedies;

namespace EligibilityGateway.Gateway.Tests.LookUps;

/// <summary>An ambulance's taps: the summary, or eligibility with the reason why there is none.</summary>
public sealed class EmergencyLookUpTests(TestStores stores) : IAsyncLifetime
{
    private TestTown _town = null!;
    private GatewayHost _gateway = null!;
    private TestDesk _crew = null!;
    private TestPerson _person = null!;

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        _gateway = await _town.StartGatewayAsync();
        _crew = new TestDesk(_gateway.Address, await _town.AddTerminalAsync(TerminalRole.Ambulance, ProofClaims.Sight));
        _person = await _town.AddPersonAsync();
        await _town.DeliverAsync(new() { ClinicalFacts = [new(1, _person.Id, ClinicalKind.Dialysis, TestTown.Today.AddDays(-3), "人工透析", "試験病院")] });
    }

    public async ValueTask DisposeAsync()
    {
        _crew.Dispose();
        await _gateway.DisposeAsync();
        await _town.DisposeAsync();
    }

    [Fact]
    public async Task With_consent_the_summary_is_opened_and_nothing_is_withheld()
    {
        var answer = (await AskAsync(await _town.AddCardAsync(_person), given: true)).Answer;
        Assert.Equal("人工透析", Assert.Single(answer.Emergency.Dialysis).What);
        Assert.Null(answer.EmergencyWithheld);
        Assert.Equal(Validity.Valid, answer.Validity);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(false)]
    public async Task Without_consent_eligibility_is_answered_and_says_why_there_is_no_summary(bool? given) =>
        AssertEligibilityAlone((await AskAsync(await _town.AddCardAsync(_person), given)).Answer, Reason.ConsentMissing);

    [Fact]
    public async Task A_card_in_its_grace_shows_eligibility_and_says_why_there_is_no_summary_whatever_the_ground()
    {
        var card = await _town.AddCardAsync(_person, notBefore: TestTown.Now.AddYears(-5), notAfter: TestTown.Now.AddDays(-1));
        var lookUp = LookUp(card, given: true);
        lookUp.Emergency = new EmergencyGround { CannotConsent = true };
        var answer = (await _crew.AskAsync(lookUp)).Answer;
        AssertEligibilityAlone(answer, Reason.CardInGrace);
        Assert.Contains(answer.Notices, notice => notice.Reason == Reason.CardInGrace);
        await using var connection = await _town.Database.OpenAsSuperuserAsync();
        Assert.Equal(((short)Validity.Valid, (long?)_person.Id), await connection.QuerySingleAsync<(short, long?)>("SELECT validity, person_id FROM access_record"));
    }

    [Fact]
    public async Task A_card_that_is_not_registered_is_refused_as_anywhere() =>
        Assert.Equal(Reason.CardNotRegistered, (await AskAsync(await _town.AddCardAsync(_person, registered: false), given: true)).Refusal.Remedy.Reason);

    [Fact]
    public async Task What_an_ambulance_is_refused_or_not_shown_is_written_for_its_crew()
    {
        var lost = (await AskAsync(await _town.AddCardAsync(_person, status: CardStatus.Lost), given: true)).Refusal.Remedy;
        Assert.Equal(RemedyCatalogue.For(Reason.CardLost, Audience.Crew), lost);
        // Of this terminal's own, before anybody is looked for.
        var otherPurpose = (await _crew.AskAsync(TestDesk.Claim(await _town.AddCardAsync(_person), Proof.Sight, Purpose.Care))).Refusal.Remedy;
        Assert.Equal(RemedyCatalogue.For(Reason.PurposeNotAllowed, Audience.Crew), otherPurpose);
        var inGrace = await AskAsync(await _town.AddCardAsync(_person, notBefore: TestTown.Now.AddYears(-5), notAfter: TestTown.Now.AddDays(-1)), given: true);
        Assert.Equal(RemedyCatalogue.For(Reason.CardInGrace, Audience.Crew), inGrace.Answer.EmergencyWithheld);
        Assert.Equal((LimitAbsence.NotGivenByInsurer, null), (inGrace.Answer.LimitAbsence, inGrace.Answer.LimitExplanation));
    }

    private static void AssertEligibilityAlone(Answer answer, Reason why)
    {
        Assert.Equal((Validity.Valid, 30u), (answer.Validity, answer.BurdenPercent));
        Assert.NotNull(answer.Person);
        Assert.Null(answer.Emergency);
        Assert.Equal(why, answer.EmergencyWithheld.Reason);
        Assert.NotEqual("", answer.EmergencyWithheld.DeskDoes.Ja);
        Assert.DoesNotContain("人工透析", answer.ToString(), StringComparison.Ordinal);
    }

    private Task<LookUpResult> AskAsync(TestCard card, bool? given) => _crew.AskAsync(LookUp(card, given));

    private static LookUp LookUp(TestCard card, bool? given)
    {
        var lookUp = TestDesk.Claim(card, Proof.Sight, Purpose.EmergencyTransport);
        if (given is { } said) lookUp.Consents.Add(new Consent { Subject = ConsentSubject.EmergencySummary, Given = said });
        return lookUp;
    }
}
