using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Hosting;
using Grpc.Core;

namespace EligibilityGateway.Gateway.Tests.LookUps;

/// <summary>Taps over real TLS against real Postgres and Redis.</summary>
public sealed class CardLookUpTests(TestStores stores) : IAsyncLifetime
{
    private TestTown _town = null!;
    private GatewayHost _gateway = null!;
    private TestTerminal _terminal = null!;
    private TestDesk _desk = null!;

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        _terminal = await _town.AddTerminalAsync(TerminalRole.Reception, ProofClaims.Face);
        _gateway = await _town.StartGatewayAsync();
        _desk = new TestDesk(_gateway.Address, _terminal);
    }

    public async ValueTask DisposeAsync()
    {
        _desk.Dispose();
        await _gateway.DisposeAsync();
        await _town.DisposeAsync();
    }

    [Fact]
    public async Task An_insured_person_is_valid_and_the_answer_is_recorded_before_it_came()
    {
        var person = await _town.AddPersonAsync();
        var card = await _town.AddCardAsync(person);
        var result = await _desk.TapAsync(card);

        Assert.Equal(Validity.Valid, result.Answer.Validity);
        Assert.Equal(person.Name, result.Answer.Person.Name);
        Assert.Equal(30u, result.Answer.BurdenPercent);
        Assert.Equal(Assurance.PinProved, result.Answer.Assurance);
        Assert.True(result.Answer.Freshness.Proved);
        Assert.Equal((true, 0u), (result.Answer.Freshness.HasStaleAtMostMs, result.Answer.Freshness.StaleAtMostMs));
        Assert.Equal([(result.Answer.EventId, (long?)person.Id, (short)Validity.Valid)], await RecordsAsync());
    }

    [Fact]
    public async Task A_limit_comes_in_yen_of_the_service_dates_month()
    {
        var person = await _town.AddPersonAsync();
        await _town.DeliverAsync(new() { Limits = [new(1, person.Id, person.CoverageId, "01", "A03", new DateOnly(2026, 8, 1), new DateOnly(2026, 8, 1), null, null)] });
        var tap = _desk.Tap(await _town.AddCardAsync(person), await _desk.ChallengeAsync());
        tap.ServiceDate = "2026-10-15";
        var limit = (await _desk.AskAsync(tap)).Answer.Limit;
        Assert.Equal("A03", limit.Code);
        Assert.Equal(new LimitAmounts { BaseYen = 85_800, ThresholdYen = 286_000, MultipleHitYen = 44_400 }, limit.Amounts);
    }

    [Fact]
    public async Task A_halved_limit_says_why()
    {
        var person = await _town.AddPersonAsync(acquiredOn: new DateOnly(2026, 10, 10));
        await _town.DeliverAsync(new()
        {
            Coverages = [person.Coverage(new DateOnly(2026, 10, 10), null) with { InsuredTurned75On = new DateOnly(2026, 10, 10) }],
            Limits = [new(1, person.Id, person.CoverageId, "01", "A03", new DateOnly(2026, 10, 10), new DateOnly(2026, 10, 10), null, null)],
        });
        var tap = _desk.Tap(await _town.AddCardAsync(person), await _desk.ChallengeAsync());
        tap.ServiceDate = "2026-10-15";
        Assert.Equal(
            new LimitAmounts { BaseYen = 42_900, ThresholdYen = 143_000, MultipleHitYen = 22_200, Halved = true, HalvedFor = { HalvedFor.InsuredTurned75 } },
            (await _desk.AskAsync(tap)).Answer.Limit.Amounts);
    }

    [Theory]
    // No class on record: the plain share, rounded, and no word of a limit.
    [InlineData(null, 12_350u, 0u, 0u, 3_710u, null)]
    [InlineData("A03", 12_350u, 0u, 0u, 3_710u, 85_800u - 3_710u)]
    [InlineData("A03", 1_000_000u, 0u, 0u, 92_940u, 0u)]
    // After earlier bills of the month here only what is left.
    [InlineData("A03", 100_000u, 1_000_000u, 92_940u, 1_000u, 0u)]
    [InlineData("A03", 100_000u, 200_000u, 60_000u, 85_800u + 140u - 60_000u, 0u)]
    public async Task What_is_collected_for_a_bill_comes_with_the_answer(string? limitClass, uint cost, uint earlierCost, uint earlierCharged, uint charge, uint? left)
    {
        var person = await _town.AddPersonAsync();
        if (limitClass is not null)
            await _town.DeliverAsync(new() { Limits = [new(1, person.Id, person.CoverageId, "01", limitClass, new DateOnly(2026, 8, 1), new DateOnly(2026, 8, 1), null, null)] });
        var tap = _desk.Tap(await _town.AddCardAsync(person), await _desk.ChallengeAsync());
        tap.ServiceDate = "2026-10-15";
        tap.Bill = new PlannedBill { TotalCostYen = cost, EarlierCostYen = earlierCost, EarlierChargedYen = earlierCharged };
        var window = (await _desk.AskAsync(tap)).Answer.Window;
        Assert.Equal((charge, left is not null, left ?? 0), (window.ChargeYen, window.HasLeftToLimitYen, window.LeftToLimitYen));
        Assert.Contains(window.Explanation, line => line.Ja.Contains($"{charge:N0}円", StringComparison.Ordinal) && line.En.Contains($"{charge:N0} yen", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bill_that_cannot_be_is_refused_by_its_field()
    {
        var tap = _desk.Tap(await _town.AddCardAsync(await _town.AddPersonAsync()), await _desk.ChallengeAsync());
        tap.Bill = new PlannedBill { TotalCostYen = 1_000_000_001, EarlierCostYen = 10, EarlierChargedYen = 11 };
        var fields = (await _desk.FailAsync(tap)).GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>()!.FieldViolations.Select(violation => violation.Field);
        Assert.Equal(["bill.total_cost_yen", "bill.earlier_charged_yen"], fields);
    }

    [Fact]
    public async Task Second_tap_comes_from_the_process_and_one_after_a_restart_from_Redis()
    {
        var card = await _town.AddCardAsync(await _town.AddPersonAsync());
        Assert.Equal(Source.Store, await _town.SourceOfAsync((await _desk.TapAsync(card)).Answer));
        Assert.Equal(Source.Process, await _town.SourceOfAsync((await _desk.TapAsync(card)).Answer));

        await using var other = await _town.StartGatewayAsync(_town.Settings("two"));
        using var desk = new TestDesk(other.Address, _terminal);
        var answer = (await desk.TapAsync(card)).Answer;
        Assert.Equal(Source.Redis, await _town.SourceOfAsync(answer));
        // No terminal is told that somebody asked about the person before.
        Assert.Equal(Source.Unspecified, Freshness.Descriptor.FindFieldByName("source").Accessor.GetValue(answer.Freshness));
    }

    [Fact]
    public async Task A_change_committed_just_before_the_tap_is_in_the_answer_though_every_cache_is_warm()
    {
        var person = await _town.AddPersonAsync();
        var card = await _town.AddCardAsync(person);
        await _desk.TapAsync(card);
        for (var round = 1; round <= 20; round++)
        {
            var lost = round % 2 == 1 ? TestTown.Today : (DateOnly?)null;
            var challenge = await _desk.ChallengeAsync();
            await _town.DeliverAsync(new() { Coverages = [person.Coverage(TestTown.Today.AddYears(-3), lost)] });
            var answer = (await _desk.AskAsync(_desk.Tap(card, challenge))).Answer;
            Assert.Equal(lost is null ? Validity.Valid : Validity.Invalid, answer.Validity);
        }
    }

    [Fact]
    public async Task A_card_reported_lost_is_refused_at_the_next_tap_with_every_cache_warm()
    {
        var card = await _town.AddCardAsync(await _town.AddPersonAsync());
        Assert.Equal(Validity.Valid, (await _desk.TapAsync(card)).Answer.Validity);
        await _town.CardOffice.ReportLostAsync(card.CardKey, TestTown.Now, CancellationToken.None);
        var refusal = (await _desk.TapAsync(card)).Refusal;
        Assert.Equal(Reason.CardLost, refusal.Remedy.Reason);
        Assert.NotEqual("", refusal.Remedy.DeskDoes.Ja);
    }

    [Fact]
    public async Task A_card_nobody_knew_is_found_once_the_card_office_has_bound_it()
    {
        var stranger = TestTown.IssueCard();
        Assert.Equal(Reason.CardUnknown, (await _desk.TapAsync(stranger)).Refusal.Remedy.Reason);
        Assert.Equal(Reason.CardUnknown, (await _desk.TapAsync(stranger)).Refusal.Remedy.Reason);
        await _town.BindAsync(await _town.AddPersonAsync(), stranger);
        Assert.Equal(Validity.Valid, (await _desk.TapAsync(stranger)).Answer.Validity);
    }

    [Fact]
    public async Task Registration_at_the_reader_makes_the_card_good_for_care()
    {
        var card = await _town.AddCardAsync(await _town.AddPersonAsync(), registered: false);
        Assert.Equal(Reason.CardNotRegistered, (await _desk.TapAsync(card)).Refusal.Remedy.Reason);
        var registered = (await _desk.TapAsync(card, Purpose.Registration)).Answer;
        Assert.Equal(Validity.Valid, registered.Validity);
        Assert.Contains(registered.Notices, n => n.Reason == Reason.CardRegisteredNow);
        Assert.Equal(Validity.Valid, (await _desk.TapAsync(card)).Answer.Validity);
    }

    [Fact]
    public async Task The_same_event_again_gets_the_same_answer_and_one_record()
    {
        var card = await _town.AddCardAsync(await _town.AddPersonAsync());
        var tap = _desk.Tap(card, await _desk.ChallengeAsync());
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => _desk.AskAsync(tap)));
        Assert.All(answers, a => Assert.Equal(answers[0], a));
        Assert.Single(await RecordsAsync());
    }

    [Fact]
    public async Task The_same_event_at_two_gateways_at_once_is_recorded_once()
    {
        var card = await _town.AddCardAsync(await _town.AddPersonAsync());
        await using var other = await _town.StartGatewayAsync(_town.Settings("two"));
        using var otherDesk = new TestDesk(other.Address, _terminal);
        for (var round = 0; round < 20; round++)
        {
            var tap = _desk.Tap(card, await _desk.ChallengeAsync());
            var answers = await Task.WhenAll(_desk.AskAsync(tap), otherDesk.AskAsync(tap));
            Assert.Equal(answers[0], answers[1]);
        }
        Assert.Equal(20, (await RecordsAsync()).Count);
    }

    [Fact]
    public async Task The_same_event_id_with_another_request_is_refused()
    {
        var person = await _town.AddPersonAsync();
        var card = await _town.AddCardAsync(person);
        var first = _desk.Tap(card, await _desk.ChallengeAsync());
        await _desk.AskAsync(first);
        var second = TestDesk.Typed(person);
        second.EventId = first.EventId;
        Assert.Equal(Reason.EventIdReused, (await _desk.AskAsync(second)).Refusal.Remedy.Reason);
        Assert.Single(await RecordsAsync());
    }

    [Fact]
    public async Task A_signature_is_good_for_one_event_one_purpose_and_one_terminal()
    {
        var card = await _town.AddCardAsync(await _town.AddPersonAsync());
        var challenge = await _desk.ChallengeAsync();

        var otherEvent = _desk.Tap(card, challenge);
        otherEvent.EventId = TestDesk.NewEvent().ToString();
        Assert.Equal(Reason.SignatureWrong, (await _desk.AskAsync(otherEvent)).Refusal.Remedy.Reason);

        var otherPurpose = _desk.Tap(card, challenge);
        otherPurpose.Purpose = Purpose.Registration;
        Assert.Equal(Reason.SignatureWrong, (await _desk.AskAsync(otherPurpose)).Refusal.Remedy.Reason);

        using var otherDesk = new TestDesk(_gateway.Address, await _town.AddTerminalAsync(TerminalRole.Reception, name: "desk-2"));
        Assert.Equal(Reason.ChallengeWrong, (await otherDesk.AskAsync(_desk.Tap(card, challenge))).Refusal.Remedy.Reason);

        var forged = _desk.Tap(TestTown.IssueCard(), challenge);
        forged.Card.Certificate = Google.Protobuf.ByteString.CopyFrom(card.Certificate);
        Assert.Equal(Reason.SignatureWrong, (await _desk.AskAsync(forged)).Refusal.Remedy.Reason);
    }

    [Fact]
    public async Task A_claim_counts_only_where_the_terminals_certificate_grants_it()
    {
        var card = await _town.AddCardAsync(await _town.AddPersonAsync());
        var face = await _desk.AskAsync(TestDesk.Claim(card, Proof.Face));
        Assert.Equal(Assurance.FaceClaimed, face.Answer.Assurance);
        Assert.Equal(Reason.ProofMissing, (await _desk.AskAsync(TestDesk.Claim(card, Proof.Sight))).Refusal.Remedy.Reason);
        Assert.Equal(Reason.ProofMissing, (await _desk.AskAsync(TestDesk.Claim(card, Proof.Unspecified))).Refusal.Remedy.Reason);
    }

    [Fact]
    public async Task A_revocation_list_past_its_date_makes_cards_unconfirmed_and_never_valid()
    {
        var card = await _town.AddCardAsync(await _town.AddPersonAsync());
        _town.PublishRevocationList([], TestTown.Now - TimeSpan.FromSeconds(1));
        await using var gateway = await _town.StartGatewayAsync(_town.Settings("stale"));
        using var desk = new TestDesk(gateway.Address, _terminal);
        var answer = (await desk.TapAsync(card)).Answer;
        Assert.Equal((Validity.Unconfirmed, Reason.RevocationListTooOld), (answer.Validity, answer.Remedy.Reason));
    }

    [Fact]
    public async Task A_card_without_certificate_has_its_own_reason()
    {
        var lookUp = new LookUp
        {
            EventId = TestDesk.NewEvent().ToString(),
            Purpose = Purpose.Care,
            Card = new CardPresented { ReadFault = CardReadFault.NoCertificate },
        };
        Assert.Equal(Reason.CardWithoutCertificate, (await _desk.AskAsync(lookUp)).Refusal.Remedy.Reason);
    }

    [Fact]
    public async Task A_role_asks_only_for_its_purposes()
    {
        var card = await _town.AddCardAsync(await _town.AddPersonAsync());
        foreach (var role in new[] { TerminalRole.Insurer, TerminalRole.CardOffice, TerminalRole.Auditor, TerminalRole.Ambulance, TerminalRole.Pharmacy })
        {
            using var desk = new TestDesk(_gateway.Address, await _town.AddTerminalAsync(role, name: "other"));
            Assert.Equal(Reason.PurposeNotAllowed, (await desk.TapAsync(card)).Refusal.Remedy.Reason);
        }
    }

    private async Task<List<(string EventId, long? Person, short Validity)>> RecordsAsync()
    {
        await using var connection = await _town.Database.OpenAsSuperuserAsync();
        var rows = await connection.QueryAsync<(Guid, long?, short)>("SELECT event_id, person_id, validity FROM access_record ORDER BY event_id");
        return [.. rows.Select(r => (r.Item1.ToString(), r.Item2, r.Item3))];
    }
}
