using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.LookUps;
using EligibilityGateway.Rules.Remedies;
using Google.Rpc;
using Grpc.Core;

namespace EligibilityGateway.Gateway.Tests.LookUps;

/// <summary>Events that are not of now: too old, or by a clock that is ahead.</summary>
public sealed class EventTimeTests(TestStores stores) : IAsyncLifetime
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

    // docs/api.md: an id may be 10 minutes old and a minute ahead.
    [Theory]
    [InlineData(-600_001, Reason.TooOld)]
    [InlineData(-600_000, Reason.Unspecified)]
    [InlineData(0, Reason.Unspecified)]
    [InlineData(60_000, Reason.Unspecified)]
    [InlineData(60_001, Reason.ClockAhead)]
    [InlineData(86_400_000, Reason.ClockAhead)]
    public void What_is_of_now(int millisecondsAhead, Reason fault)
    {
        var now = new DateTimeOffset(2026, 10, 15, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(fault, EventTime.FaultOf(EventId.At(now.AddMilliseconds(millisecondsAhead)), now));
    }

    [Theory]
    [InlineData(120)]
    [InlineData(7_200)]
    public async Task By_how_much_a_tap_is_ahead_is_said_in_words_and_as_a_figure(int seconds)
    {
        var card = await _town.AddCardAsync(await _town.AddPersonAsync());
        var id = EventId.At(TestTown.Now.AddSeconds(seconds));
        AssertAhead((await _desk.AskAsync(_desk.Tap(card, await _desk.ChallengeAsync(), id: id))).Refusal, id, seconds);
    }

    [Fact]
    public async Task A_question_for_an_application_is_told_the_same()
    {
        var id = EventId.At(TestTown.Now.AddSeconds(7_200));
        var query = new ApplicationQuery { EventId = id.ToString(), ApplicationId = "00000000000000000000042", BirthDate = "1988-02-29" };
        AssertAhead((await new Contracts.V1.Applications.ApplicationsClient(_desk.Channel).GetStatusAsync(query)).Refusal, id, 7_200);
    }

    [Fact]
    public async Task So_is_a_batch_of_appointments_in_its_field()
    {
        var batch = new AppointmentBatch
        {
            BatchId = EventId.At(TestTown.Now.AddHours(2).AddSeconds(30)).ToString(),
            Purpose = Purpose.Care,
            ServiceDate = JapanTime.Format(TestTown.Today),
            Rows = { new Appointment { RowId = "1" } },
        };
        var refused = await Assert.ThrowsAsync<RpcException>(() => new Contracts.V1.Appointments.AppointmentsClient(_desk.Channel).HandInAsync(batch).ResponseAsync);
        var violation = Assert.Single(refused.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations);
        Assert.Equal("batch_id", violation.Field);
        Assert.StartsWith("Is 2 hours ahead of the gateway's clock", violation.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_too_old_is_told_so_and_by_no_figure()
    {
        var card = await _town.AddCardAsync(await _town.AddPersonAsync());
        var refusal = (await _desk.AskAsync(_desk.Tap(card, await _desk.ChallengeAsync(), id: EventId.At(TestTown.Now.AddMinutes(-11))))).Refusal;
        Assert.Equal(Reason.TooOld, refusal.Remedy.Reason);
        Assert.Null(refusal.ClockAhead);
    }

    /// <summary>The figure is as it was when the gateway looked: by what the call took less than when the id was made.</summary>
    private static void AssertAhead(Refusal refusal, EventId id, int seconds)
    {
        Assert.Equal((Reason.ClockAhead, Mender.Site), (refusal.Remedy.Reason, refusal.Remedy.Mender));
        var ahead = refusal.ClockAhead.ToTimeSpan();
        Assert.InRange(ahead, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(seconds));
        Assert.Equal(RemedyCatalogue.ClockAhead(ahead, TestTown.Today).What, refusal.Remedy.What);
        // The gateway's time now, by which a terminal may set its own.
        Assert.InRange(id.Time - DateTimeOffset.Parse(refusal.Freshness.AsOf) - ahead, TimeSpan.Zero, TimeSpan.FromMilliseconds(1));
        Assert.False(refusal.Freshness.Proved);
    }
}
