using System.Net;
using System.Net.Http.Json;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Feeds.CardOffice;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Rules.Applications;
using Google.Rpc;
using Grpc.Core;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Applications;

/// <summary>Where an application for a card stands, as a desk asks for it.</summary>
public sealed class ApplicationQuestionTests(TestStores stores) : IAsyncLifetime
{
    private const string Id = "00000000000000000000042";

    private static readonly DateOnly Born = new(1988, 2, 29);

    private TestTown _town = null!;
    private GatewayHost _gateway = null!;
    private TestDesk _desk = null!;
    private NpgsqlDataSource _office = null!;

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        _office = NpgsqlDataSource.Create(_town.Database.ConnectionString(StoreRole.CardOffice));
        _gateway = await _town.StartGatewayAsync();
        _desk = new TestDesk(_gateway.Address, await _town.AddTerminalAsync(TerminalRole.Reception));
    }

    public async ValueTask DisposeAsync()
    {
        _desk.Dispose();
        await _gateway.DisposeAsync();
        await _office.DisposeAsync();
        await _town.DisposeAsync();
    }

    [Fact]
    public async Task An_application_is_followed_from_its_third_day_until_the_card_is_handed_over()
    {
        await TellAsync(ApplicationStep.Received, TestTown.Today);
        Assert.Equal(Reason.ApplicationNotFound, (await AskAsync()).Refusal.Remedy.Reason);
        await TellAsync(ApplicationStep.InProcess, TestTown.Today);
        var process = (await AskAsync()).Status;
        Assert.Equal((Contracts.V1.ApplicationState.InProcess, JapanTime.Format(TestTown.Today), ""), (process.State, process.Since, process.Place));
        Assert.NotEmpty(process.Meaning.Ja);
        Assert.Null(process.Remedy);

        await TellAsync(ApplicationStep.NoticeSent, TestTown.Today, "\uE000市役所 3番窓口");
        var notice = (await AskAsync()).Status;
        Assert.Equal((Contracts.V1.ApplicationState.NoticeSent, "●市役所 3番窓口"), (notice.State, notice.Place));
        await TellAsync(ApplicationStep.HandedOver, TestTown.Today);
        Assert.Equal(Contracts.V1.ApplicationState.HandedOver, (await AskAsync()).Status.State);
    }

    [Fact]
    public async Task Past_a_month_in_process_the_city_office_must_look_into_it()
    {
        await TellAsync(ApplicationStep.InProcess, TestTown.Today.AddMonths(-1).AddDays(-1));
        var remedy = (await AskAsync()).Status.Remedy;
        Assert.Equal((Reason.ApplicationOverdue, Mender.CardOffice), (remedy.Reason, remedy.Mender));
        Assert.NotNull(remedy.Contact);
    }

    [Fact]
    public async Task A_wrong_id_a_wrong_birth_date_and_one_too_new_are_told_apart_nowhere()
    {
        await TellAsync(ApplicationStep.InProcess, TestTown.Today);
        await TellAsync(ApplicationStep.Received, TestTown.Today, id: "00000000000000000000043");
        var replies = new[]
        {
            await AskAsync(id: "00000000000000000000044"), await AskAsync(born: Born.AddDays(1)), await AskAsync(id: "00000000000000000000043"),
        };
        Assert.All(replies, reply =>
        {
            reply.Refusal.EventId = "";
            reply.Refusal.Freshness.AsOf = "";
            Assert.Equal(Reason.ApplicationNotFound, reply.Refusal.Remedy.Reason);
            Assert.Equal(Mender.Site, reply.Refusal.Remedy.Mender);
        });
        Assert.Single(replies.Distinct());
    }

    [Fact]
    public async Task A_question_is_recorded_without_a_person_and_the_same_again_gets_the_same_answer()
    {
        await TellAsync(ApplicationStep.InProcess, TestTown.Today);
        var query = Query();
        var first = await AskAsync(query);
        await TellAsync(ApplicationStep.HandedOver, TestTown.Today);
        Assert.Equal(first, await AskAsync(query));
        Assert.Equal(1L, await _town.Database.ReadAsync<long>("SELECT count(*) FROM access_record WHERE event_id = $1 AND person_id IS NULL", Guid.Parse(query.EventId)));
        query.BirthDate = "1988-03-01";
        Assert.Equal(Reason.EventIdReused, (await AskAsync(query)).Refusal.Remedy.Reason);
        // Nothing of the id or the birth date is in the record's own bytes.
        var record = await _town.Database.ReadAsync<byte[]>("SELECT canonical FROM access_record WHERE event_id = $1", Guid.Parse(query.EventId));
        Assert.Equal(-1, record.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(Id)));
        Assert.Equal(10, record[1 + 16 + 16 + 10 + 1]);
    }

    [Fact]
    public async Task Only_a_reception_may_ask()
    {
        await TellAsync(ApplicationStep.InProcess, TestTown.Today);
        foreach (var role in Enum.GetValues<TerminalRole>().Where(role => role is not (TerminalRole.None or TerminalRole.Reception)))
        {
            using var other = new TestDesk(_gateway.Address, await _town.AddTerminalAsync(role, name: $"other-{(int)role}"));
            Assert.Equal(Reason.PurposeNotAllowed, (await AskAsync(desk: other)).Refusal.Remedy.Reason);
        }
        // And no look-up may name the purpose.
        var lookUp = TestDesk.Typed(await _town.AddPersonAsync());
        lookUp.Purpose = Purpose.ApplicationStatus;
        Assert.Equal(Reason.PurposeNotAllowed, (await _desk.AskAsync(lookUp)).Refusal.Remedy.Reason);
    }

    [Fact]
    public async Task Who_guesses_is_refused_soon()
    {
        await using var strict = await _town.StartGatewayAsync(_town.Settings("strict") with { MissBudget = 12, MissPeriod = TimeSpan.FromDays(36_525) });
        using var desk = new TestDesk(strict.Address, await _town.AddTerminalAsync(TerminalRole.Reception, name: "guesser"));
        // Each counts as six; past the budget one in half a minute is let through.
        foreach (var expected in (Reason[])[Reason.ApplicationNotFound, Reason.ApplicationNotFound, Reason.ApplicationNotFound, Reason.TooManyMisses])
            Assert.Equal(expected, (await AskAsync(desk: desk)).Refusal.Remedy.Reason);
    }

    // The zeros are nobody's numbers.
    [Theory]
    [InlineData("000000000000", "My Number")]
    [InlineData("00000000000000", "security code")]
    [InlineData("00AB00CD00XY00ZZ", "manufacturing number")]
    [InlineData("00000000", "insurer")]
    [InlineData("0000000", "recipient")]
    [InlineData("00abcdef0123456789", "certificate")]
    [InlineData("https://example.jp/q?000", "QR code")]
    [InlineData("0000000000000000000000", "has 23")]
    [InlineData("hello", "23 digits")]
    public async Task Another_kind_of_number_is_explained_and_never_repeated(string number, string said)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => AskAsync(id: number));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        var status = refused.GetRpcStatus()!;
        var texts = status.Details.Where(detail => detail.Is(LocalizedMessage.Descriptor)).Select(detail => detail.Unpack<LocalizedMessage>()).ToDictionary(text => text.Locale);
        Assert.Contains(said, texts["en"].Message, StringComparison.Ordinal);
        Assert.NotEmpty(texts["ja"].Message);
        Assert.Equal("application_id", Assert.Single(status.GetDetail<BadRequest>()!.FieldViolations).Field);
        Assert.DoesNotContain(number, status.ToString(), StringComparison.Ordinal);
        Assert.Equal(0L, await _town.Database.ReadAsync<long>("SELECT count(*) FROM access_record"));
    }

    [Fact]
    public async Task It_is_asked_in_JSON_too()
    {
        await TellAsync(ApplicationStep.InProcess, TestTown.Today);
        var cancellation = TestContext.Current.CancellationToken;
        using var answer = await _desk.Http.PostAsJsonAsync(
            "/v1/card-applications", new { eventId = TestDesk.NewEvent().ToString(), applicationId = Id, birthDate = JapanTime.Format(Born) }, cancellation);
        Assert.Contains("APPLICATION_STATE_IN_PROCESS", await answer.Content.ReadAsStringAsync(cancellation), StringComparison.Ordinal);
        using var wrong = await _desk.Http.PostAsJsonAsync(
            "/v1/card-applications", new { eventId = TestDesk.NewEvent().ToString(), applicationId = "0000000", birthDate = JapanTime.Format(Born) }, cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("受給者番号", await wrong.Content.ReadAsStringAsync(cancellation), StringComparison.Ordinal);
    }

    private static ApplicationQuery Query(string id = Id, DateOnly? born = null) => new()
    {
        EventId = TestDesk.NewEvent().ToString(),
        ApplicationId = id,
        BirthDate = JapanTime.Format(born ?? Born),
    };

    private async Task<ApplicationResult> AskAsync(ApplicationQuery query, TestDesk? desk = null) =>
        await new Contracts.V1.Applications.ApplicationsClient((desk ?? _desk).Channel).GetStatusAsync(query, deadline: DateTime.UtcNow.AddSeconds(30));

    private Task<ApplicationResult> AskAsync(string id = Id, DateOnly? born = null, TestDesk? desk = null) => AskAsync(Query(id, born), desk);

    private async Task TellAsync(ApplicationStep step, DateOnly on, string place = "", string id = Id)
    {
        Assert.True(CardApplicationId.TryParse(id, out var application));
        var outcomes = await new ApplicationFeed(_office).ReportAsync([new ApplicationEntry(application, Born, new ApplicationReport(step, on, place))], CancellationToken.None);
        Assert.Equal([ApplicationOutcome.Done], outcomes);
    }
}
