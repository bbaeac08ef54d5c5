using System.Net;
using System.Text;
using System.Text.Json;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Access;
using EligibilityGateway.Gateway.Tests.Storage;
using Grpc.Core;

namespace EligibilityGateway.Gateway.Tests.Charges;

/// <summary>What a site reports of its charges, and what another one is told of them, over real TLS against real Postgres and Redis.</summary>
public sealed class ChargesTests(TestStores stores) : IAsyncLifetime
{
    private const string PharmacyCode = "2714206386";

    private TestTown _town = null!;
    private GatewayHost _gateway = null!;
    private TestDesk _hospital = null!;
    private TestDesk _pharmacy = null!;
    private TestPerson _person = null!;
    private TestCard _card = null!;

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        _gateway = await _town.StartGatewayAsync();
        _hospital = new TestDesk(_gateway.Address, await _town.AddTerminalAsync(TerminalRole.Reception));
        _pharmacy = new TestDesk(_gateway.Address, await _town.AddTerminalAsync(TerminalRole.Pharmacy, institution: PharmacyCode));
        _person = await _town.AddPersonAsync();
        _card = await _town.AddCardAsync(_person);
    }

    public async ValueTask DisposeAsync()
    {
        _hospital.Dispose();
        _pharmacy.Dispose();
        await _gateway.DisposeAsync();
        await _town.DisposeAsync();
    }

    [Fact]
    public async Task A_charge_reported_at_the_hospital_is_seen_at_the_pharmacy_where_the_person_agrees()
    {
        var report = await ReportAsync();
        var receipt = await _hospital.Charges.ReportChargeAsync(report);
        Assert.Equal(ChargeStage.Collected, receipt.Stage);
        Assert.Equal(LastDayItCounts(), receipt.CountsUntil);

        var elsewhere = (await SeenAtAsync(_pharmacy, Purpose.Dispensing))!;
        Assert.Equal((JapanTime.Format(TestTown.Today)[..7], 30_000u), (elsewhere.Month, elsewhere.ChargedYen));
        Assert.Contains("30,000", elsewhere.Explanation.Ja, StringComparison.Ordinal);
        Assert.Contains("30,000", elsewhere.Explanation.En, StringComparison.Ordinal);
        // Who has no limit on record gets no forecast.
        Assert.False(elsewhere.HasRefundForecastYen);

        // Not where the person was not asked; and the hospital's own is not elsewhere.
        Assert.Null((await _pharmacy.TapAsync(_card, Purpose.Dispensing)).Answer.MonthElsewhere);
        Assert.Equal(0u, (await SeenAtAsync(_hospital))!.ChargedYen);
    }

    [Fact]
    public async Task That_it_was_shown_is_in_the_access_record()
    {
        await SeenAtAsync(_hospital);
        await _hospital.TapAsync(_card);
        // Flags: see CanonicalRecord.
        var flags = await _town.Database.ReadAsync<int[]>("SELECT array_agg(get_byte(canonical, 51) ORDER BY event_time) FROM access_record");
        Assert.Equal([4, 0], flags);
    }

    [Fact]
    public async Task The_same_report_again_changes_nothing_and_another_content_is_refused()
    {
        var report = await ReportAsync();
        var receipt = await _hospital.Charges.ReportChargeAsync(report);
        Assert.Equal(receipt, await _hospital.Charges.ReportChargeAsync(report));
        var other = report.Clone();
        other.ChargedYen++;
        Assert.Equal(StatusCode.AlreadyExists, await FailAsync(_hospital, other));
        // Another patient's look-up with the same charge.
        var another = report.Clone();
        another.LookUpEventId = (await _hospital.TapAsync(await _town.AddCardAsync(await _town.AddPersonAsync()))).Answer.EventId;
        Assert.Equal(StatusCode.AlreadyExists, await FailAsync(_hospital, another));
        Assert.Equal(30_000u, (await SeenAtAsync(_pharmacy, Purpose.Dispensing))!.ChargedYen);
    }

    // (stages as they arrive) → what holds, what is seen elsewhere
    [Theory]
    [InlineData("held", ChargeStage.Held, 29_000u)]
    [InlineData("held collected", ChargeStage.Collected, 30_000u)]
    [InlineData("collected held", ChargeStage.Collected, 30_000u)]
    [InlineData("held collected back", ChargeStage.TakenBack, 0u)]
    [InlineData("held back collected", ChargeStage.TakenBack, 0u)]
    [InlineData("back held collected", ChargeStage.TakenBack, 0u)]
    [InlineData("back back", ChargeStage.TakenBack, 0u)]
    public async Task The_highest_stage_holds_in_whatever_order_they_arrive(string order, ChargeStage holds, uint seen)
    {
        var collected = await ReportAsync();
        var held = collected.Clone();
        (held.Stage, held.ChargedYen) = (ChargeStage.Held, 29_000);
        ChargeReceipt receipt = null!;
        foreach (var word in order.Split(' '))
        {
            receipt = word switch
            {
                "held" => await _hospital.Charges.ReportChargeAsync(held),
                "collected" => await _hospital.Charges.ReportChargeAsync(collected),
                _ => await _hospital.Charges.TakeBackChargeAsync(new ChargeTakenBack { ChargeId = collected.ChargeId }),
            };
            // A cache that is warm at each point.
            await SeenAtAsync(_pharmacy, Purpose.Dispensing);
        }
        Assert.Equal((holds, holds == ChargeStage.TakenBack), (receipt.Stage, receipt.CountsUntil.Length == 0));
        Assert.Equal(seen, (await SeenAtAsync(_pharmacy, Purpose.Dispensing))!.ChargedYen);
    }

    [Fact]
    public async Task A_site_reports_for_itself_only()
    {
        var report = await ReportAsync();
        // The pharmacy did not make that look-up.
        Assert.Equal(StatusCode.NotFound, await FailAsync(_pharmacy, report));
        // What it takes back under the same id is another charge: its own.
        await _hospital.Charges.ReportChargeAsync(report);
        await _pharmacy.Charges.TakeBackChargeAsync(new ChargeTakenBack { ChargeId = report.ChargeId });
        Assert.Equal(30_000u, (await SeenAtAsync(_pharmacy, Purpose.Dispensing))!.ChargedYen);
    }

    [Fact]
    public async Task A_look_up_that_found_nobody_or_was_refused_has_no_charge()
    {
        var nobody = TestDesk.Typed(_person, birthDate: _person.BirthDate.AddDays(1));
        await _hospital.AskAsync(nobody);
        var report = await ReportAsync();
        report.LookUpEventId = nobody.EventId;
        Assert.Equal(StatusCode.NotFound, await FailAsync(_hospital, report));

        var lost = await _town.AddCardAsync(_person);
        await _town.CardOffice.ReportLostAsync(lost.CardKey, TestTown.Now, CancellationToken.None);
        report.LookUpEventId = (await _hospital.TapAsync(lost)).Refusal.EventId;
        Assert.Equal(StatusCode.NotFound, await FailAsync(_hospital, report));

        report.LookUpEventId = TestDesk.NewEvent().ToString();
        Assert.Equal(StatusCode.NotFound, await FailAsync(_hospital, report));
    }

    [Fact]
    public async Task Where_nobody_pays_nothing_is_reported()
    {
        using var ambulance = new TestDesk(_gateway.Address, await _town.AddTerminalAsync(TerminalRole.Ambulance));
        Assert.Equal(StatusCode.PermissionDenied, await FailAsync(ambulance, await ReportAsync()));
    }

    [Fact]
    public async Task A_report_that_cannot_be_is_refused_field_by_field()
    {
        var report = new ChargeReport { ChargeId = "1", ServiceDate = "2026-02-31", TotalCostYen = 10, ChargedYen = 11, Prescriber = "1312345678" };
        var fault = await Assert.ThrowsAsync<RpcException>(async () => await _hospital.Charges.ReportChargeAsync(report));
        var fields = fault.GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>()!.FieldViolations.Select(violation => violation.Field);
        Assert.Equal(["charge_id", "look_up_event_id", "stage", "service_date", "charged_yen", "prescriber", "prescriber"], fields);

        report = await ReportAsync();
        report.ServiceDate = JapanTime.Format(TestTown.Today.AddDays(1));
        Assert.Equal(StatusCode.InvalidArgument, await FailAsync(_hospital, report));
        report.ServiceDate = JapanTime.Format(new DateOnly(TestTown.Today.Year, TestTown.Today.Month, 1).AddMonths(-2).AddDays(-1));
        Assert.Equal(StatusCode.InvalidArgument, await FailAsync(_hospital, report));
    }

    [Fact]
    public async Task Consent_to_it_is_given_at_the_reader_alone()
    {
        var typed = TestDesk.Typed(_person);
        typed.Consents.Add(new Consent { Subject = ConsentSubject.MonthElsewhere, Given = true });
        Assert.Equal(StatusCode.InvalidArgument, (await _hospital.FailAsync(typed)).StatusCode);
    }

    // A report that is not committed yet, and its taking back: neither may pass the other unseen, or a warm cache would show it for good.
    [Fact]
    public async Task A_report_and_its_taking_back_at_once_leave_nothing_behind()
    {
        var report = await ReportAsync();
        Task<ChargeReceipt> back;
        await using (var inTheWay = await _town.Database.OpenAsync(StoreRole.Owner))
        await using (var transaction = await inTheWay.BeginTransactionAsync())
        {
            await Dapper.SqlMapper.ExecuteAsync(inTheWay, "SELECT FROM person WHERE person_id = @id FOR UPDATE", new { id = _person.Id }, transaction);
            var reporting = _hospital.Charges.ReportChargeAsync(report).ResponseAsync;
            await _town.Database.UntilSomebodyWaitsForALockAsync();
            back = _hospital.Charges.TakeBackChargeAsync(new ChargeTakenBack { ChargeId = report.ChargeId }).ResponseAsync;
            await transaction.RollbackAsync();
            await reporting;
        }
        Assert.Equal(ChargeStage.TakenBack, (await back).Stage);
        Assert.Equal(0u, (await SeenAtAsync(_pharmacy, Purpose.Dispensing))!.ChargedYen);
    }

    [Fact]
    public async Task With_the_store_away_the_same_is_sent_again_later()
    {
        var report = await ReportAsync();
        await using (await PostgresAway.BeginAsync(stores, _town)) Assert.Equal(StatusCode.Unavailable, await FailAsync(_hospital, report));
        Assert.Equal(ChargeStage.Collected, (await _hospital.Charges.ReportChargeAsync(report)).Stage);
    }

    [Fact]
    public async Task What_has_ended_is_forgotten_and_its_taking_back_outlives_it()
    {
        var (kept, ended) = (await ReportAsync(), await ReportAsync());
        await _hospital.Charges.ReportChargeAsync(kept);
        await _hospital.Charges.ReportChargeAsync(ended);
        await _hospital.Charges.TakeBackChargeAsync(new ChargeTakenBack { ChargeId = ended.ChargeId });
        await _town.Database.ExecuteAsync(StoreRole.Owner, "UPDATE charge SET kept_until = current_date - 2 WHERE charge_id = $1 AND stage < 3", Guid.Parse(ended.ChargeId));
        var ledger = (Gateway.Charges.ChargeLedger)_gateway.Services.GetService(typeof(Gateway.Charges.ChargeLedger))!;
        Assert.Equal(1, await ledger.ForgetAsync(TestContext.Current.CancellationToken));
        // A report that comes late changes nothing.
        Assert.Equal(ChargeStage.TakenBack, (await _hospital.Charges.ReportChargeAsync(ended)).Stage);
        Assert.Equal(30_000u, (await SeenAtAsync(_pharmacy, Purpose.Dispensing))!.ChargedYen);
    }

    [Fact]
    public async Task A_clock_a_year_ahead_forgets_none_and_no_taking_back_is_old_at_once()
    {
        var report = await ReportAsync();
        await _hospital.Charges.ReportChargeAsync(report);
        await _town.Database.ExecuteAsync(StoreRole.Gateway, "SELECT forget_charges($1)", TestTown.Today.AddYears(1));
        Assert.Equal(30_000u, (await SeenAtAsync(_pharmacy, Purpose.Dispensing))!.ChargedYen);
        await _town.Database.ExecuteAsync(
            StoreRole.Gateway, "SELECT take_back_charge(terminal_id, charge_id, '2000-01-01') FROM charge WHERE charge_id = $1", Guid.Parse(report.ChargeId));
        Assert.True(await _town.Database.ReadAsync<bool>("SELECT kept_until >= (now() AT TIME ZONE 'Asia/Tokyo')::date FROM charge WHERE stage = 3"));
    }

    [Fact]
    public async Task It_can_be_said_in_JSON()
    {
        var report = await ReportAsync();
        var receipt = await PostAsync("/v1/charges", $$"""
            {"chargeId": "{{report.ChargeId}}", "lookUpEventId": "{{report.LookUpEventId}}", "stage": "CHARGE_STAGE_COLLECTED", "serviceDate": "{{report.ServiceDate}}",
             "totalCostYen": 100000, "chargedYen": 30000}
            """);
        Assert.Equal("CHARGE_STAGE_COLLECTED", receipt.GetProperty("stage").GetString());
        var back = await PostAsync($"/v1/charges/{report.ChargeId}/take-back", "{}");
        Assert.Equal("CHARGE_STAGE_TAKEN_BACK", back.GetProperty("stage").GetString());
    }

    private async Task<JsonElement> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _hospital.Http.PostAsync(path, content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    /// <summary>100,000 yen of outpatient care today, 30,000 of it collected, after a tap at the hospital.</summary>
    private async Task<ChargeReport> ReportAsync() => new()
    {
        ChargeId = TestDesk.NewEvent().ToString(),
        LookUpEventId = (await _hospital.TapAsync(_card)).Answer.EventId,
        Stage = ChargeStage.Collected,
        ServiceDate = JapanTime.Format(TestTown.Today),
        TotalCostYen = 100_000,
        ChargedYen = 30_000,
    };

    private async Task<MonthElsewhere?> SeenAtAsync(TestDesk desk, Purpose purpose = Purpose.Care)
    {
        var tap = desk.Tap(_card, await desk.ChallengeAsync(), purpose);
        tap.Consents.Add(new Consent { Subject = ConsentSubject.MonthElsewhere, Given = true });
        return (await desk.AskAsync(tap)).Answer.MonthElsewhere;
    }

    private static async Task<StatusCode> FailAsync(TestDesk desk, ChargeReport report) =>
        (await Assert.ThrowsAsync<RpcException>(async () => await desk.Charges.ReportChargeAsync(report))).StatusCode;

    // To the end of the third month after the month of treatment: reported-charges.json.
    private static string LastDayItCounts() => JapanTime.Format(new DateOnly(TestTown.Today.Year, TestTown.Today.Month, 1).AddMonths(4).AddDays(-1));
}
