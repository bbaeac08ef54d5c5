using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Demo.Scenario;
using EligibilityGateway.Gateway.Feeds.CardOffice;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Calls;

/// <summary>JSON over HTTP, with the details of its errors; and the lines of docs/api.md as they stand there.</summary>
public sealed partial class JsonTests(TestStores stores) : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _limit = new(Deadline);
    private TestTown _town = null!;
    private GatewayHost _gateway = null!;
    private TestTerminal _terminal = null!;
    private TestDesk _desk = null!;

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        _gateway = await _town.StartGatewayAsync();
        _terminal = await _town.AddTerminalAsync(TerminalRole.Reception);
        _desk = new TestDesk(_gateway.Address, _terminal);
    }

    public async ValueTask DisposeAsync()
    {
        _desk.Dispose();
        await _gateway.DisposeAsync();
        await _town.DisposeAsync();
        _limit.Dispose();
    }

    [Fact]
    public async Task A_fault_of_form_comes_with_its_field_violations()
    {
        var (status, body) = await PostAsync("""{"eventId": "tap-1", "purpose": "PURPOSE_CARE", "serviceDate": "2026-02-31"}""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(3, body.GetProperty("code").GetInt32());
        var detail = Assert.Single(body.GetProperty("details").EnumerateArray());
        Assert.Equal("type.googleapis.com/google.rpc.BadRequest", detail.GetProperty("@type").GetString());
        var fields = detail.GetProperty("fieldViolations").EnumerateArray().Select(violation => violation.GetProperty("field").GetString());
        Assert.Superset(new HashSet<string?> { "eventId", "serviceDate", "by" }, fields.ToHashSet());
    }

    // protobuf.dev/programming-guides/json takes a field's name in lowerCamelCase, and its own in the .proto file.
    [Theory]
    [InlineData("""{"eventId": "tap-1", "document": {"insurerNumber": "1", "birthDate": "1"}}""", "eventId", "document.insurerNumber", "document.birthDate")]
    [InlineData("""{"event_id": "tap-1", "document": {"insurer_number": "1", "birthDate": "1"}}""", "event_id", "document.insurer_number", "document.birthDate")]
    [InlineData("""{"document": {}, "bill": {"total_cost_yen": 2000000000, "earlierCostYen": 2000000000}}""", "eventId", "bill.total_cost_yen", "bill.earlierCostYen")]
    public async Task A_violation_has_the_name_that_the_caller_used(string json, params string[] fields) =>
        Assert.Superset(fields.ToHashSet<string?>(), (await ViolationsAsync(json)).Keys.ToHashSet<string?>());

    [Theory]
    [InlineData("""{"eventID": "tap-1"}""", "eventID", "no such field")]
    [InlineData("""{"document": {"insurerNo": "06139992"}}""", "document.insurerNo", "no such field")]
    [InlineData("""{"consents": [{"subject": "CONSENT_SUBJECT_LIMIT", "given": true}, {"topic": "LIMIT"}]}""", "consents[1].topic", "no such field")]
    [InlineData("""{"document": {"見本　花子": "06139992"}}""", "document.?", "no such field")]
    [InlineData("""{"123456789018": 1}""", "?", "no such field")]
    [InlineData("""{"document": {"symbol": "1", "symbol": "2"}}""", "document.symbol", "twice")]
    [InlineData("""{"serviceDate": "2026-10-15", "service_date": "2026-10-15"}""", "service_date", "twice")]
    [InlineData("""{"card": {}, "document": {}}""", "document", "Only one")]
    [InlineData("""{"purpose": "CARE"}""", "purpose", "PURPOSE_CARE, PURPOSE_DISPENSING")]
    [InlineData("""{"eventId": 7418529}""", "eventId", "text, in quotes")]
    [InlineData("""{"document": []}""", "document", "object")]
    [InlineData("""{"document": {"symbol": true}}""", "document.symbol", "text, in quotes")]
    [InlineData("""{"consents": {"given": true}}""", "consents", "list")]
    [InlineData("""{"consents": [null]}""", "consents[0]", "object")]
    [InlineData("""{"consents": [{"given": "true"}]}""", "consents[0].given", "true or false")]
    [InlineData("""{"card": {"certificate": "%"}}""", "card.certificate", "Base64")]
    [InlineData("""{"bill": {"totalCostYen": 1.5}}""", "bill.totalCostYen", "whole number from 0 to 4294967295")]
    [InlineData("""{"bill": {"totalCostYen": -1}}""", "bill.totalCostYen", "whole number")]
    [InlineData("""{"bill": {"totalCostYen": "4294967296"}}""", "bill.totalCostYen", "whole number")]
    [InlineData("""{"bill": {"totalCostYen": true}}""", "bill.totalCostYen", "whole number")]
    public async Task A_field_that_can_not_be_read_is_named_and_nothing_else_is_repeated(string json, string field, string says) =>
        Assert.Contains(says, (await ViolationsAsync(json))[field], StringComparison.Ordinal);

    [Fact]
    public async Task A_name_that_is_wrong_in_every_row_is_told_a_few_times()
    {
        var rows = string.Join(',', Enumerable.Repeat("""{"id": 1}""", 1_000));
        using var content = new StringContent($$"""{"rows": [{{rows}}]}""", Encoding.UTF8, "application/json");
        using var response = await _desk.Http.PostAsync("/v1/appointments", content, _limit.Token);
        var violations = ViolationsIn(JsonDocument.Parse(await response.Content.ReadAsStringAsync(_limit.Token)).RootElement);
        Assert.Equal(20, violations.Count);
        Assert.Contains("rows[19].id", violations.Keys);
    }

    [Fact]
    public async Task A_name_in_a_query_that_is_no_fields_is_named()
    {
        using var response = await _desk.Http.GetAsync("/v1/appointments/4711/result?from=1", _limit.Token);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(["from"], ViolationsIn(JsonDocument.Parse(await response.Content.ReadAsStringAsync(_limit.Token)).RootElement).Keys);
        foreach (var query in (string[])["fromRow=1", "from_row=1"])
        {
            using var known = await _desk.Http.GetAsync($"/v1/appointments/4711/result?{query}", _limit.Token);
            Assert.Equal(HttpStatusCode.NotFound, known.StatusCode);
        }
    }

    // null is the field left out; a number may have a fraction of zeros, an exponent, or quotes; bytes may be in Base64 of either alphabet.
    [Theory]
    [InlineData("\"consents\":[]", "\"consents\":null")]
    [InlineData("\"emergency\":{\"note\":\"\"}", "\"emergency\":null")]
    [InlineData("\"bill\":{\"totalCostYen\":150000}", "\"bill\":{\"totalCostYen\":\"150000\"}")]
    [InlineData("\"bill\":{\"totalCostYen\":150000}", "\"bill\":{\"totalCostYen\":150000.0}")]
    [InlineData("\"bill\":{\"totalCostYen\":150000}", "\"bill\":{\"totalCostYen\":1.5e5,\"earlierCostYen\":null}")]
    [InlineData("\"purpose\":\"PURPOSE_CARE\"", "\"purpose\":1")]
    [InlineData("\"card\":null", "\"card\":null,\"emergency\":null")]
    public async Task What_proto3_allows_is_read(string plain, string allowed)
    {
        var person = await _town.AddPersonAsync();
        var one = await AnswerAsync(person, plain);
        Assert.Equal(one, await AnswerAsync(person, allowed));
        Assert.Contains("VALIDITY_VALID", one, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-_-_")]
    [InlineData("+/+/")]
    [InlineData("AA")]
    [InlineData("AA==")]
    public async Task Bytes_are_read_in_Base64_of_either_alphabet_with_padding_or_without(string bytes)
    {
        var violations = await ViolationsAsync($$$"""{"card": {"certificate": "AAAA", "proof": "PROOF_FACE", "signature": "{{{bytes}}}"}}""");
        Assert.Contains("card.signature", violations.Keys);
        Assert.DoesNotContain("Base64", violations["card.signature"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_answer_is_kept_on_its_way_or_taken_for_something_else()
    {
        var stranger = TestTown.NewTerminal(TerminalRole.Reception, name: "stranger");
        using var unknown = new TestDesk(_gateway.Address, stranger);
        using var typed = new StringContent(Google.Protobuf.JsonFormatter.Default.Format(TestDesk.Typed(await _town.AddPersonAsync())), Encoding.UTF8, "application/json");
        using var wrong = new StringContent("{}", Encoding.UTF8, "application/json");
        HttpResponseMessage[] answers =
        [
            await _desk.Http.PostAsync("/v1/look-ups", typed, _limit.Token),
            await _desk.Http.PostAsync("/v1/look-ups", wrong, _limit.Token),
            await _desk.Http.GetAsync("/v1/challenge", _limit.Token),
            await _desk.Http.GetAsync("/v1/nowhere", _limit.Token),
            await unknown.Http.GetAsync("/v1/challenge", _limit.Token),
        ];
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.Unauthorized], answers.Select(answer => answer.StatusCode));
        Assert.All(answers, answer =>
        {
            Assert.True(answer.Headers.CacheControl?.NoStore);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            answer.Dispose();
        });
    }

    [Fact]
    public async Task A_gateway_that_can_record_nothing_says_when_to_try_again()
    {
        // As a record that Postgres refuses for its data: the answer is withheld, and nothing is recorded.
        await _town.Database.ExecuteAsync(StoreRole.Owner, "ALTER TABLE access_record ADD CHECK (validity < 0)");
        var person = await _town.AddPersonAsync();
        var (status, body) = await PostAsync(Google.Protobuf.JsonFormatter.Default.Format(TestDesk.Typed(person)));
        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        var detail = Assert.Single(body.GetProperty("details").EnumerateArray());
        Assert.Equal("type.googleapis.com/google.rpc.RetryInfo", detail.GetProperty("@type").GetString());
        Assert.Equal("0.500s", detail.GetProperty("retryDelay").GetString());
    }

    [Fact]
    public async Task The_lines_of_the_documentation_work_as_they_stand()
    {
        // The certificate that they type in, of the demonstration's scenario.
        Assert.True(InsurerNumber.TryParse("139907", out var insurer));
        Assert.Null(DocumentNumbers.TryParse("国77", "9000888", "01", out var numbers));
        await _town.DeliverAsync(new() { Insurers = [new(insurer, "試験市")] });
        var person = await _town.AddPersonAsync(new DateOnly(1966, 7, 8), insurer);
        await _town.DeliverAsync(new()
        {
            Coverages = [(person with { Numbers = numbers }).Coverage(TestTown.Today.AddYears(-3), null)],
            EligibilityCertificates = [new(1, person.Id, person.CoverageId, new DateOnly(2026, 8, 1), new DateOnly(2031, 7, 31))],
        });
        // Its application for a card.
        await using (var office = NpgsqlDataSource.Create(_town.Database.ConnectionString(StoreRole.CardOffice)))
        {
            var application = Assert.Single(ScenarioFile.Embedded().Applications);
            Assert.True(CardApplicationId.TryParse(application.Id, out var id));
            await new ApplicationFeed(office).ReportAsync([new(id, application.Born, new(application.Step, application.On, ""))], _limit.Token);
        }

        var output = await RunAsync(Lines());
        var challenge = JsonDocument.Parse(output[0]).RootElement;
        Assert.NotEmpty(challenge.GetProperty("value").GetBytesFromBase64());
        Assert.Equal("300s", challenge.GetProperty("livesFor").GetString());
        var answer = JsonDocument.Parse(output[1]).RootElement.GetProperty("answer");
        Assert.Equal("VALIDITY_VALID", answer.GetProperty("validity").GetString());
        Assert.Equal(person.Name, answer.GetProperty("person").GetProperty("name").GetString());
        // The last line again: the same answer, no second record.
        Assert.Equal(output[1], output[2]);
        var eventId = answer.GetProperty("eventId").GetGuid();
        Assert.Equal(1, await _town.Database.ReadAsync<long>("SELECT count(*) FROM access_record WHERE event_id = $1", eventId));
        var (accepted, progress) = (JsonDocument.Parse(output[3]).RootElement, JsonDocument.Parse(output[4]).RootElement);
        Assert.Equal((2, 2), (accepted.GetProperty("received").GetInt32(), progress.GetProperty("received").GetInt32()));
        Assert.Equal(accepted.GetProperty("receptionNumber").GetString(), progress.GetProperty("receptionNumber").GetString());
        Assert.Equal(accepted.GetProperty("batchId").GetString(), JsonDocument.Parse(output[5]).RootElement.GetProperty("progress").GetProperty("batchId").GetString());
        var application042 = JsonDocument.Parse(output[6]).RootElement.GetProperty("status");
        Assert.Equal(("APPLICATION_STATE_IN_PROCESS", "2026-10-05"), (application042.GetProperty("state").GetString(), application042.GetProperty("since").GetString()));
    }

    [GeneratedRegex("```sh\\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlock();

    /// <summary>The blocks of the documentation, their variables set to this gateway's, the look-up twice, an end of line after each output.</summary>
    private string Lines()
    {
        var block = BlockOf("api.md", "/v1/look-ups");
        var (certificate, key) = (Path.Combine(_town.Folder, "desk.pem"), Path.Combine(_town.Folder, "desk.key"));
        File.WriteAllText(certificate, _terminal.Certificate.ExportCertificatePem());
        File.WriteAllText(key, _terminal.Certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        var lines = block.Split('\n').Where(line => !line.StartsWith("ca=", StringComparison.Ordinal) && !line.StartsWith("gateway=", StringComparison.Ordinal)).ToList();
        Assert.Equal(block.Split('\n').Length - 2, lines.Count);
        var look = string.Join('\n', lines.SkipWhile(line => !line.Contains("/v1/look-ups", StringComparison.Ordinal)));
        return $$"""
            set -eu
            ca='{{TestTown.TrustPath}}' cert='{{certificate}}' key='{{key}}' gateway='{{_gateway.Address.GetLeftPart(UriPartial.Authority)}}'
            curl() { command curl -sS --fail-with-body --max-time 30 -w '\n' "$@"; }
            {{string.Join('\n', lines)}}
            {{look}}
            {{BlockOf("api.md", "/v1/appointments/$reception")}}
            {{BlockOf("cards.md", "/v1/card-applications")}}
            """;
    }

    private static string BlockOf(string page, string with) => ShellBlock().Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", page)))
        .Select(match => match.Groups[1].Value).Single(lines => lines.Contains(with, StringComparison.Ordinal));

    private async Task<string[]> RunAsync(string script)
    {
        var start = new ProcessStartInfo("sh") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8, StandardInputEncoding = new UTF8Encoding(false) };
        using var shell = Process.Start(start)!;
        var (output, errors) = (shell.StandardOutput.ReadToEndAsync(_limit.Token), shell.StandardError.ReadToEndAsync(_limit.Token));
        await shell.StandardInput.WriteAsync(script);
        shell.StandardInput.Close();
        await shell.WaitForExitAsync(_limit.Token);
        Assert.True(shell.ExitCode == 0, await errors + await output);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The person's numbers typed, with more of the message as it is written in JSON; without what is another's in each answer.</summary>
    private async Task<string> AnswerAsync(TestPerson person, string more)
    {
        var numbers = Google.Protobuf.JsonFormatter.Default.Format(TestDesk.Typed(person, DocumentKind.InsuranceCard).Document);
        var purpose = more.Contains("purpose", StringComparison.Ordinal) ? "" : "\"purpose\":\"PURPOSE_CARE\",";
        var (status, body) = await PostAsync($$"""{"eventId":"{{TestDesk.NewEvent()}}","serviceDate":"2025-10-15",{{purpose}}"document":{{numbers}},{{more}}}""");
        Assert.True(status == HttpStatusCode.OK, body.ToString());
        var answer = System.Text.Json.Nodes.JsonNode.Parse(body.GetProperty("answer").GetRawText())!.AsObject();
        answer.Remove("eventId");
        answer.Remove("freshness");
        answer.Remove("limitConsent");
        return answer.ToJsonString();
    }

    private async Task<Dictionary<string, string>> ViolationsAsync(string json)
    {
        var (status, body) = await PostAsync(json);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.DoesNotContain("7418529", body.ToString(), StringComparison.Ordinal);
        return ViolationsIn(body);
    }

    private static Dictionary<string, string> ViolationsIn(JsonElement body) => Assert.Single(body.GetProperty("details").EnumerateArray()).GetProperty("fieldViolations").EnumerateArray()
        .ToDictionary(violation => violation.GetProperty("field").GetString()!, violation => violation.GetProperty("description").GetString()!);

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await _desk.Http.PostAsync("/v1/look-ups", content, _limit.Token);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync(_limit.Token)).RootElement);
    }
}
