using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.ReaderAgent.Tests.Cards;
using EligibilityGateway.ReaderAgent.Tests.Peer;
using Google.Protobuf;

namespace EligibilityGateway.ReaderAgent.Tests.Simulate;

public sealed class SimulateProcessTests : IDisposable
{
    private readonly PeerPki _pki = new();
    private readonly TemporaryFolder _folder = new();

    public SimulateProcessTests()
    {
        _pki.WriteTerminal(_folder);
        TestCards.First.Lay(_folder["cards"], "hanako");
        TestCards.WithoutCertificate.Lay(_folder["cards"], "plain");
    }

    public void Dispose()
    {
        _pki.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("--clock-shift", "soon", "--clock-shift has the form [-][d.]hh:mm:ss.")]
    [InlineData("--lang", "fr", "--lang")]
    [InlineData("--gateway", "http://TellNobody", "--gateway is an address of the form https://host:port.")]
    [InlineData("--spol", "TellNobody", "`reader-agent simulate` has no option --spol: did you mean --spool?")]
    public async Task A_wrong_command_line_is_told_on_one_line_and_nothing_is_started(string option, string value, string said)
    {
        using var agent = new AgentProcess(_folder, [new Uri("https://127.0.0.1:1")], option, value);
        Assert.Equal(2, await agent.EndAsync());
        var errors = await agent.Errors;
        Assert.StartsWith("reader-agent: ", errors, StringComparison.Ordinal);
        Assert.Contains(said, errors, StringComparison.Ordinal);
        Assert.Equal(errors.IndexOf('\n', StringComparison.Ordinal), errors.Length - 1);
        Assert.DoesNotContain("TellNobody", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_says_who_it_is_taps_types_resends_and_ends_with_its_input()
    {
        await using var gateway = await PeerGateway.StartAsync(_pki);
        using var agent = new AgentProcess(_folder, [gateway.Address]);
        var stream = await gateway.WelcomeNextAsync();
        var ready = await agent.NextAsync();
        Assert.True(ready.GetProperty("ready").GetBoolean());
        Assert.Equal("0110113719", ready.GetProperty("institution").GetString());
        Assert.Equal("desk-1", ready.GetProperty("terminal").GetString());

        agent.Say("""{"id":"1","do":"tap","card":"hanako","pin":"1234","proof":"pin","purpose":"care","serviceDate":null,"consents":[],"emergency":null}""");
        var tapped = await stream.NextLookUpAsync();
        Assert.Equal(Proof.Pin, tapped.Card.Proof);
        Assert.True(EventId.TryParse(tapped.EventId, out var id));
        var digest = new byte[32];
        CardProofInput.Digest(PeerPki.Reception.Institution, "desk-1", Purpose.Care, id, PeerStream.ChallengeBytes, digest);
        Assert.True(SignatureCheck.Fits(tapped.Card.Certificate.ToByteArray(), digest, tapped.Card.Signature.ToByteArray()));
        await stream.AnswerAsync(tapped.EventId);
        var answered = await agent.NextAsync();
        Assert.Equal(("1", "answer", tapped.EventId), (answered.GetProperty("id").GetString(), answered.GetProperty("kind").GetString(), answered.GetProperty("eventId").GetString()));
        Assert.Equal("試験　花子", JsonParser.Default.Parse<Answer>(answered.GetProperty("message").GetRawText()).Person.Name);
        Assert.StartsWith("VALID on 2026-10-15", answered.GetProperty("text").GetString(), StringComparison.Ordinal);

        agent.Say("""{"id":"2","do":"resend","of":"1"}""");
        Assert.Equal(tapped.ToByteString(), (await stream.NextLookUpAsync()).ToByteString());
        await stream.AnswerAsync(tapped.EventId);
        Assert.Equal(tapped.EventId, (await agent.NextAsync()).GetProperty("eventId").GetString());

        agent.Say("""{"id":"3","do":"type","document":"eligibility-notice","insurerNumber":"06139463","symbol":"12","number":"7418529","branch":"01","birthDate":"1980-01-02","consents":[{"subject":"limit","given":true}]}""");
        var typed = await stream.NextLookUpAsync();
        Assert.Equal(new DocumentTyped { Kind = DocumentKind.EligibilityNotice, InsurerNumber = "06139463", Symbol = "12", Number = "7418529", Branch = "01", BirthDate = "1980-01-02" }, typed.Document);
        Assert.Equal(new Consent { Subject = ConsentSubject.Limit, Given = true }, Assert.Single(typed.Consents));
        // The answer comes after the input has ended: the program waits for it.
        var exit = agent.EndAsync();
        await stream.AnswerAsync(typed.EventId);
        Assert.Equal("3", (await agent.NextAsync()).GetProperty("id").GetString());
        stream.End(Grpc.Core.StatusCode.OK);
        Assert.Equal(0, await exit);
        var errors = await agent.Errors.Soon();
        foreach (var secret in new[] { "7418529", "花子", "1234", "1980" }) Assert.DoesNotContain(secret, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_patient_pays_is_reported_of_the_look_up_and_taken_back_under_its_id()
    {
        await using var gateway = await PeerGateway.StartAsync(_pki);
        using var agent = new AgentProcess(_folder, [gateway.Address]);
        var stream = await gateway.WelcomeNextAsync();
        await agent.NextAsync();
        agent.Say("""{"id":"1","do":"tap","card":"hanako","proof":"sight","consents":[{"subject":"month-elsewhere","given":true}]}""");
        var tapped = await stream.NextLookUpAsync();
        Assert.Equal(new Consent { Subject = ConsentSubject.MonthElsewhere, Given = true }, Assert.Single(tapped.Consents));
        await stream.AnswerAsync(tapped.EventId);
        await agent.NextAsync();

        agent.Say("""{"id":"2","do":"charge","of":"1","totalCost":100000,"charged":29000,"held":true,"serviceDate":"2026-10-15"}""");
        var held = Assert.IsType<ChargeReport>(await gateway.NextChargeAsync());
        Assert.Equal((tapped.EventId, ChargeStage.Held, 29_000u, "2026-10-15"), (held.LookUpEventId, held.Stage, held.ChargedYen, held.ServiceDate));
        Assert.Equal(("2", "charge", "Kept: the charge is held until 2027-01-31."), Said(await agent.NextAsync()));
        agent.Say("""{"id":"3","do":"charge","of":"1","collects":"2","totalCost":100000,"charged":30000}""");
        var collected = Assert.IsType<ChargeReport>(await gateway.NextChargeAsync());
        Assert.Equal((held.ChargeId, ChargeStage.Collected), (collected.ChargeId, collected.Stage));
        await agent.NextAsync();
        agent.Say("""{"id":"4","do":"take-back","of":"3"}""");
        Assert.Equal(held.ChargeId, Assert.IsType<ChargeTakenBack>(await gateway.NextChargeAsync()).ChargeId);
        Assert.Equal(("4", "charge", "Taken back: the charge counts no more."), Said(await agent.NextAsync()));

        agent.Say("""{"id":"5","do":"charge","of":"1","totalCost":1000001,"charged":0}""");
        await gateway.NextChargeAsync();
        Assert.Equal("problem", Said(await agent.NextAsync()).Kind);
        agent.Say("""{"id":"6","do":"charge","of":"9","totalCost":1,"charged":0}""");
        Assert.Equal("bad-command", Said(await agent.NextAsync()).Kind);
        agent.Say("""{"id":"7","do":"take-back","of":"9"}""");
        Assert.Equal("bad-command", Said(await agent.NextAsync()).Kind);

        static (string? Id, string? Kind, string? Text) Said(System.Text.Json.JsonElement result) =>
            (result.GetProperty("id").GetString(), result.GetProperty("kind").GetString(), result.GetProperty("text").GetString());
    }

    [Fact]
    public async Task An_event_unanswered_at_a_kill_is_asked_again_by_the_next_run()
    {
        await using var gateway = await PeerGateway.StartAsync(_pki);
        LookUp sent;
        using (var killed = new AgentProcess(_folder, [gateway.Address]))
        {
            var cut = await gateway.WelcomeNextAsync();
            killed.Say("""{"id":"1","do":"tap","card":"hanako","proof":"sight"}""");
            sent = await cut.NextLookUpAsync();
            await killed.KillAsync();
        }
        using var agent = new AgentProcess(_folder, [gateway.Address]);
        var stream = await gateway.WelcomeNextAsync();
        Assert.Equal([sent.EventId], stream.Hello.UnansweredEventIds);
        Assert.Equal(sent.ToByteString(), (await stream.NextLookUpAsync()).ToByteString());
        await stream.AnswerAsync(sent.EventId);
        Assert.True((await agent.NextAsync()).GetProperty("ready").GetBoolean());
        var left = await agent.NextAsync();
        Assert.Equal(sent.EventId, left.GetProperty("eventId").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, left.GetProperty("id").ValueKind);
        Assert.Equal(0, await agent.EndAsync());
        Assert.Empty(Directory.GetFiles(_folder["spool"], "*.event"));
    }

    [Fact]
    public async Task A_card_without_certificate_is_told_to_the_gateway_and_card_errors_stay_at_the_desk()
    {
        await using var gateway = await PeerGateway.StartAsync(_pki);
        using var agent = new AgentProcess(_folder, [gateway.Address]);
        var stream = await gateway.WelcomeNextAsync();
        await agent.NextAsync();
        agent.Say("""{"id":"1","do":"tap","card":"hanako","pin":"9999"}""");
        var wrong = await agent.NextAsync();
        Assert.Equal(("card-error", "The PIN is wrong. Tries left: 2."), (wrong.GetProperty("kind").GetString(), wrong.GetProperty("text").GetString()));
        agent.Say("""{"id":"2","do":"tap","card":"nobody","pin":"1234"}""");
        Assert.Equal("card-error", (await agent.NextAsync()).GetProperty("kind").GetString());
        agent.Say("""{"id":"3","do":"tap","card":"plain","pin":"1234"}""");
        var sent = (await stream.NextLookUpAsync()).Card;
        Assert.Equal(new CardPresented { Proof = Proof.Pin, ReadFault = CardReadFault.NoCertificate }, sent);
        await agent.KillAsync();
    }

    [Fact]
    public async Task Lines_that_are_no_commands_are_answered_and_the_next_goes_on()
    {
        using var agent = new AgentProcess(_folder, [new Uri("https://127.0.0.1:9")]);
        foreach (var line in new[]
        {
            "tap hanako",
            "null",
            "[]",
            """{"id":"1"}""",
            """{"id":"1","do":"dance"}""",
            """{"id":"1","do":"tap"}""",
            """{"id":"1","do":"tap","card":"hanako","colour":"red"}""",
            """{"id":"1","do":"tap","card":"hanako","proof":"smile"}""",
            """{"id":"1","do":"tap","card":"hanako","proof":"face","purpose":"curiosity"}""",
            """{"id":"1","do":"tap","card":"hanako","proof":"face","consents":[{"subject":"everything","given":true}]}""",
            """{"id":"1","do":"type","document":"passport"}""",
            """{"id":"1","do":"resend","of":"0"}""",
        })
        {
            agent.Say(line);
            Assert.Equal("bad-command", (await agent.NextAsync()).GetProperty("kind").GetString());
        }
        agent.Say("""{"id":"9","do":"status"}""");
        var status = await agent.NextAsync();
        Assert.Equal(("9", "connecting", 0), (status.GetProperty("id").GetString(), status.GetProperty("state").GetString(), status.GetProperty("pending").GetInt32()));
        Assert.Equal(0, await agent.EndAsync());
    }

    [Fact]
    public async Task A_note_with_what_looks_like_a_my_number_never_leaves()
    {
        await using var gateway = await PeerGateway.StartAsync(_pki);
        using var agent = new AgentProcess(_folder, [gateway.Address]);
        var stream = await gateway.WelcomeNextAsync();
        await agent.NextAsync();
        // Twelve digits with a right check digit, of no person's.
        agent.Say("""{"id":"1","do":"tap","card":"hanako","proof":"sight","emergency":{"cannotConsent":true,"note":"found 1234-5678-9018"}}""");
        Assert.Equal("problem", (await agent.NextAsync()).GetProperty("kind").GetString());
        Assert.Equal(0, await agent.EndAsync());
        await stream.TerminalLeft;
        Assert.True(stream.NothingCame);
    }

    // By seconds, by more than a gateway's window, by a day: each tap was refused, and a charge had another day.
    [Theory]
    [InlineData("00:01:01")]
    [InlineData("-00:11:00")]
    [InlineData("400.00:00:00")]
    public async Task A_machine_whose_clock_is_off_asks_and_reports_by_the_gateways_time(string off)
    {
        await using var gateway = await PeerGateway.StartAsync(_pki);
        using var agent = new AgentProcess(_folder, [gateway.Address], "--clock-shift", off);
        var stream = await gateway.NextStreamAsync();
        var told = DateTimeOffset.UtcNow;
        await stream.WelcomeAsync(gatewayTime: told);
        await agent.NextAsync();

        agent.Say("""{"id":"1","do":"tap","card":"hanako","pin":"1234"}""");
        var tapped = await stream.NextLookUpAsync();
        AssertOfNow(tapped.EventId);
        await stream.AnswerAsync(tapped.EventId);
        Assert.Equal(tapped.EventId, (await agent.NextAsync()).GetProperty("eventId").GetString());
        agent.Say("""{"id":"2","do":"type","document":"eligibility-certificate","insurerNumber":"06139463","symbol":"12","number":"7418529","branch":"01","birthDate":"1980-01-02"}""");
        AssertOfNow((await stream.NextLookUpAsync()).EventId);
        agent.Say("""{"id":"3","do":"charge","of":"1","totalCost":100000,"charged":30000}""");
        var charge = Assert.IsType<ChargeReport>(await gateway.NextChargeAsync());
        AssertOfNow(charge.ChargeId);
        Assert.Contains(charge.ServiceDate, new[] { JapanTime.Format(JapanTime.DateOf(told)), JapanTime.Format(JapanTime.Today(TimeProvider.System)) });
        agent.Say("""{"id":"4","do":"status"}""");
        var status = await agent.NextAsync();
        while (status.GetProperty("kind").GetString() != "status") status = await agent.NextAsync();
        Assert.Contains("CLOCK OFF by ", status.GetProperty("text").GetString(), StringComparison.Ordinal);
        await agent.KillAsync();

        void AssertOfNow(string text)
        {
            Assert.True(EventId.TryParse(text, out var id));
            Assert.InRange(id.Time, told.AddMilliseconds(-1), DateTimeOffset.UtcNow);
        }
    }

    [Fact]
    public async Task The_clock_of_event_ids_is_shifted_as_the_command_line_says()
    {
        await using var gateway = await PeerGateway.StartAsync(_pki);
        using var agent = new AgentProcess(_folder, [gateway.Address], "--clock-shift", "-30.01:00:00");
        var stream = await gateway.WelcomeNextAsync();
        agent.Say("""{"id":"1","do":"tap","card":"hanako","proof":"face"}""");
        Assert.True(EventId.TryParse((await stream.NextLookUpAsync()).EventId, out var id));
        var shift = DateTimeOffset.UtcNow - id.Time;
        Assert.InRange(shift, TimeSpan.FromHours(30 * 24 + 1) - TimeSpan.FromMinutes(1), TimeSpan.FromHours(30 * 24 + 1) + TimeSpan.FromMinutes(1));
        await agent.KillAsync();
    }

    [Fact]
    public async Task Without_its_certificate_it_ends_with_one_line()
    {
        File.Delete(_folder["terminal.key.pem"]);
        using var agent = new AgentProcess(_folder, [new Uri("https://127.0.0.1:9")]);
        Assert.Equal(2, await agent.EndAsync());
        Assert.Single((await agent.Errors.Soon()).Trim().Split('\n'));
    }
}
