using System.Net;
using System.Text;
using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Tests.Access;
using EligibilityGateway.Gateway.Tests.Appointments;
using EligibilityGateway.Gateway.Tests.LookUps;
using Google.Protobuf;
using Grpc.Core;

namespace EligibilityGateway.Gateway.Tests.Silence;

/// <summary>Everything that can happen between desks and a gateway with one patient; keeps what the desks were told in errors.</summary>
internal sealed class TalkativeDay(TestStores stores, TestTown town, SecretPatient patient)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly StringBuilder _errors = new();

    /// <summary>The errors as desks got them: status, details, trailers, and bodies over HTTP.</summary>
    public string Errors => _errors.ToString();

    public async Task PassAsync(Uri gateway)
    {
        var terminal = await town.AddTerminalAsync(TerminalRole.Reception, ProofClaims.Face);
        using var desk = new TestDesk(gateway, terminal);
        using var ambulance = new TestDesk(gateway, await town.AddTerminalAsync(TerminalRole.Ambulance, ProofClaims.Face | ProofClaims.Sight, "ambulance-1"));
        await AnswersAsync(desk, ambulance);
        await ApplicationsAsync(desk);
        await AppointmentsAsync(gateway, terminal);
        await BadCardsAsync(desk);
        await BadFormsAsync(desk);
        await OverHttpAsync(desk.Http);
        await ShutOutAsync(gateway);
        await RefusedRecordAsync(desk);
        await BrokenStoreAsync(desk);
        await PostgresAwayAsync(desk);
    }

    private async Task AnswersAsync(TestDesk desk, TestDesk ambulance)
    {
        Assert.Equal(Validity.Valid, (await desk.TapAsync(patient.Card)).Answer.Validity);
        Assert.Equal(Validity.Valid, (await desk.AskAsync(TestDesk.Claim(patient.Card, Proof.Face))).Answer.Validity);
        Assert.Equal(Validity.Valid, (await desk.AskAsync(TestDesk.Typed(patient.Person))).Answer.Validity);
        Assert.Equal(Validity.NotFound, (await desk.AskAsync(TestDesk.Typed(patient.Person, birthDate: patient.Person.BirthDate.AddDays(1)))).Answer.Validity);
        Assert.NotNull((await desk.AskAsync(TestDesk.Typed(patient.Person, DocumentKind.InsuranceCard))).Answer);
        var unconscious = TestDesk.Claim(patient.Card, Proof.Sight, Purpose.EmergencyTransport);
        unconscious.Emergency = new EmergencyGround { CannotConsent = true, Note = SecretPatient.Note };
        Assert.NotNull((await ambulance.AskAsync(unconscious)).Answer.Emergency);
        // An identifier may look like a My Number by chance; it is asked for, and said nowhere.
        var byChance = TestDesk.Typed(patient.Person);
        byChance.Document.Number = SecretPatient.LikeMyNumber;
        Assert.Equal(Validity.NotFound, (await desk.AskAsync(byChance)).Answer.Validity);
    }

    private async Task ApplicationsAsync(TestDesk desk)
    {
        var applications = new Contracts.V1.Applications.ApplicationsClient(desk.Channel);
        var query = new ApplicationQuery
        {
            EventId = TestDesk.NewEvent().ToString(),
            ApplicationId = SecretPatient.ApplicationId,
            BirthDate = JapanTime.Format(patient.Person.BirthDate),
        };
        Assert.Equal(Reason.ApplicationNotFound, (await applications.GetStatusAsync(query)).Refusal.Remedy.Reason);
        query.ApplicationId = SecretPatient.LikeMyNumber;
        Keep(await Assert.ThrowsAsync<RpcException>(async () => await applications.GetStatusAsync(query)));
    }

    private async Task AppointmentsAsync(Uri gateway, TestTerminal terminal)
    {
        using var site = new AppointmentDesk(gateway, terminal);
        var wrong = AppointmentDesk.Row(patient.Person, SecretPatient.LikeMyNumber);
        wrong.Document.InsurerNumber = patient.Person.Name;
        var results = await site.AskAsync(AppointmentDesk.Batch(AppointmentDesk.Row(patient.Person, patient.Person.Name), AppointmentDesk.Unknown(patient.Person), wrong));
        Assert.Equal(Validity.Valid, results[0].Answer.Validity);
        _errors.Append(results[2]).Append('\n');
        var batch = AppointmentDesk.Batch(AppointmentDesk.Row(patient.Person));
        batch.ServiceDate = batch.BatchId = patient.Person.Name;
        Keep(await site.RefusedAsync(batch));
        Keep(await Assert.ThrowsAsync<RpcException>(() => site.ProgressAsync(patient.Person.Numbers.Number + patient.Person.Name)));
    }

    private async Task BadCardsAsync(TestDesk desk)
    {
        Assert.Equal(Reason.CardLost, (await desk.TapAsync(patient.Lost)).Refusal.Remedy.Reason);
        Assert.NotNull((await desk.TapAsync(patient.Unbound)).Refusal);
        var challenge = await desk.ChallengeAsync();
        var another = desk.Tap(patient.Card, challenge);
        another.EventId = TestDesk.NewEvent().ToString();
        Assert.Equal(Reason.SignatureWrong, (await desk.AskAsync(another)).Refusal.Remedy.Reason);
        foreach (var broken in (byte[][])[new byte[700], patient.Card.Certificate[..^50], [.. patient.Card.Certificate, 1], Encoding.UTF8.GetBytes(new string('x', 900) + SecretPatient.LikeMyNumber)])
        {
            var tap = desk.Tap(patient.Card, challenge);
            tap.Card.Certificate = ByteString.CopyFrom(broken);
            await FailAsync(desk, tap);
        }
    }

    private async Task BadFormsAsync(TestDesk desk)
    {
        using var limit = new CancellationTokenSource(Deadline);
        using var call = desk.Terminals.Connect(cancellationToken: limit.Token);
        await call.RequestStream.WriteAsync(new TerminalMessage { Hello = new Hello { Agent = "test" } }, limit.Token);
        Assert.True(await call.ResponseStream.MoveNext(limit.Token));
        var faults = BadInputTests.Faults.Select(row => row.Data.Item3)
            .Append(l => l.Document.Symbol = patient.Person.Name + SecretPatient.LikeMyNumber + patient.Person.Name)
            .Append(l => l.Document.BirthDate = patient.Person.BirthDate.ToString("yyyy/MM/dd"))
            .Append(l => l.Emergency = new EmergencyGround { Note = $"{patient.Person.Name} {SecretPatient.LikeMyNumber}" })
            .Append(l => l.EventId = patient.Person.Name)
            .Append(l => l.ServiceDate = patient.Person.Name);
        foreach (var spoil in faults)
        {
            var lookUp = TestDesk.Typed(patient.Person);
            spoil(lookUp);
            await FailAsync(desk, lookUp);
            await call.RequestStream.WriteAsync(new TerminalMessage { LookUp = lookUp }, limit.Token);
            Assert.True(await call.ResponseStream.MoveNext(limit.Token));
            _errors.Append(call.ResponseStream.Current.Problem).Append('\n');
        }
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(limit.Token));

        using var rude = desk.Terminals.Connect(cancellationToken: limit.Token);
        await rude.RequestStream.WriteAsync(new TerminalMessage { Hello = new Hello { Agent = new string('x', 200), UnansweredEventIds = { patient.Person.Name } } }, limit.Token);
        Keep(await Assert.ThrowsAsync<RpcException>(() => rude.ResponseStream.MoveNext(limit.Token)));
    }

    private async Task OverHttpAsync(HttpClient client)
    {
        var good = JsonFormatter.Default.Format(TestDesk.Typed(patient.Person));
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("/v1/look-ups", Json(good))).StatusCode);
        string[] bodies =
        [
            good.Replace("\"1951-03-17\"", "{\"day\":\"1951-03-17\"}", StringComparison.Ordinal),
            good.Replace("\"symbol\"", $"\"{patient.Person.Numbers.Number}\"", StringComparison.Ordinal),
            good[..^4],
            $"\"{patient.Person.Numbers.Number}\"",
            $$"""{"eventId": 1, "card": {"certificate": "{{patient.Person.Name}}"} }""",
            good.Replace("DOCUMENT_KIND_ELIGIBILITY_CERTIFICATE", SecretPatient.LikeMyNumber, StringComparison.Ordinal),
        ];
        foreach (var body in bodies)
        {
            using var answer = await client.PostAsync("/v1/look-ups", Json(body));
            _errors.Append((int)answer.StatusCode).Append(' ').Append(await answer.Content.ReadAsStringAsync()).Append('\n');
        }
        // Not our interface, but what a client's programmer might try.
        var number = patient.Person.Numbers.Number;
        foreach (var path in (string[])[$"/v1/look-ups?document.number={number}", $"/v1/challenge?number={number}", $"/v1/persons/{number}", $"/v1/persons/{number}%00", $"/v1/look-ups/{Uri.EscapeDataString(patient.Person.Name)}"])
        {
            using var answer = await client.GetAsync(path);
            _errors.Append((int)answer.StatusCode).Append(' ').Append(await answer.Content.ReadAsStringAsync()).Append('\n');
        }

        static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
    }

    /// <summary>Postgres refuses the row, which it would quote in full.</summary>
    private async Task RefusedRecordAsync(TestDesk desk)
    {
        await using var connection = await town.Database.OpenAsSuperuserAsync();
        await connection.ExecuteAsync("ALTER TABLE access_record ADD CONSTRAINT closed_for_a_test CHECK (false) NOT VALID");
        await FailAsync(desk, desk.Tap(patient.Card, await desk.ChallengeAsync()));
        await FailAsync(desk, TestDesk.Typed(patient.Person));
        await connection.ExecuteAsync("ALTER TABLE access_record DROP CONSTRAINT closed_for_a_test");
    }

    /// <summary>A right is missing; and a value comes in a type that it can't have: faults of the installation, whatever is answered.</summary>
    private async Task BrokenStoreAsync(TestDesk desk)
    {
        await using var connection = await town.Database.OpenAsSuperuserAsync();
        (string Breaks, string Mends)[] faults =
        [
            ("REVOKE SELECT ON coverage FROM eg_gateway", "GRANT SELECT ON coverage TO eg_gateway"),
            ("ALTER TABLE person_detail RENAME birth_date TO born", "ALTER TABLE person_detail RENAME born TO birth_date"),
        ];
        foreach (var (breaks, mends) in faults)
        {
            await connection.ExecuteAsync(breaks);
            // Numbers that no cache holds.
            var fresh = TestDesk.Typed(patient.Person);
            fresh.Document.Symbol = "";
            try
            {
                await desk.AskAsync(fresh);
            }
            catch (RpcException e)
            {
                Keep(e);
            }
            await connection.ExecuteAsync(mends);
            await UntilAsync(async () => (await desk.TapAsync(patient.Card)).Answer.Freshness.Proved);
        }
    }

    private async Task PostgresAwayAsync(TestDesk desk)
    {
        string[] journalled;
        await using (await PostgresAway.BeginAsync(stores, town))
        {
            var tap = (await desk.TapAsync(patient.Card)).Answer;
            var typed = (await desk.AskAsync(TestDesk.Typed(patient.Person))).Answer;
            Assert.Equal((Validity.Unconfirmed, Validity.Unconfirmed), (tap.Validity, typed.Validity));
            Assert.NotNull((await desk.TapAsync(patient.Lost)).Refusal);
            journalled = [tap.EventId, typed.EventId];
        }
        await using var connection = await town.Database.OpenAsSuperuserAsync();
        await UntilAsync(async () => await connection.ExecuteScalarAsync<long>(
            "SELECT count(*) FROM access_record WHERE event_id = ANY(@ids)", new { ids = journalled.Select(Guid.Parse).ToArray() }) == journalled.Length);
    }

    private async Task ShutOutAsync(Uri gateway)
    {
        using (var unknown = new TestDesk(gateway, TestTown.NewTerminal(TerminalRole.Reception, name: "unknown")))
            Assert.Equal(StatusCode.Unauthenticated, await FailAsync(unknown, TestDesk.Typed(patient.Person)));
        var revoked = await town.AddTerminalAsync(TerminalRole.Reception, name: "revoked");
        await town.Terminals.RevokeAsync(revoked.Id, TestTown.Now, CancellationToken.None);
        using var desk = new TestDesk(gateway, revoked);
        // A connection that comes in the moment of the revocation may be closed under the call; the next one hears the reason.
        await UntilAsync(async () => await FailAsync(desk, TestDesk.Typed(patient.Person)) == StatusCode.Unauthenticated);
    }

    private async Task<StatusCode> FailAsync(TestDesk desk, LookUp lookUp)
    {
        var error = await desk.FailAsync(lookUp);
        Keep(error);
        return error.StatusCode;
    }

    private void Keep(RpcException error)
    {
        _errors.Append(error.Status).Append(' ').Append(error.GetRpcStatus()).Append('\n');
        foreach (var trailer in error.Trailers) _errors.Append(trailer.Key).Append('=').Append(trailer.IsBinary ? Encoding.UTF8.GetString(trailer.ValueBytes) : trailer.Value).Append('\n');
    }

    private static async Task UntilAsync(Func<Task<bool>> happened)
    {
        using var limit = new CancellationTokenSource(Deadline);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await happened()) await look.WaitForNextTickAsync(limit.Token);
    }
}
