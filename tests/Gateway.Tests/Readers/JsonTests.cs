using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Storage;

namespace EligibilityGateway.Gateway.Tests.Readers;

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
        Assert.Superset(new HashSet<string?> { "event_id", "service_date", "by" }, fields.ToHashSet());
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
            EligibilityCertificates = [new(1, person.Id, person.CoverageId, TestTown.Today.AddMonths(-1), TestTown.Today.AddYears(1))],
        });

        var output = await RunAsync(Lines());
        var challenge = JsonDocument.Parse(output[0]).RootElement;
        Assert.NotEmpty(challenge.GetProperty("value").GetBytesFromBase64());
        Assert.Equal("300s", challenge.GetProperty("livesFor").GetString());
        var answer = JsonDocument.Parse(output[1]).RootElement.GetProperty("answer");
        Assert.Equal("VALIDITY_VALID", answer.GetProperty("validity").GetString());
        Assert.Equal(person.Name, answer.GetProperty("person").GetProperty("name").GetString());
        // The last line again: the same answer, no second record.
        Assert.Equal(output[1], output[2]);
        Assert.Equal(1, await _town.Database.ReadAsync<long>("SELECT count(*) FROM access_record"));
    }

    [GeneratedRegex("```sh\\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlock();

    /// <summary>The block of the documentation, its variables set to this gateway's, the last command twice, an end of line after each output.</summary>
    private string Lines()
    {
        var documentation = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "api.md"));
        var block = ShellBlock().Matches(documentation).Select(match => match.Groups[1].Value).Single(lines => lines.Contains("/v1/look-ups", StringComparison.Ordinal));
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
            """;
    }

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

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await _desk.Http.PostAsync("/v1/look-ups", content, _limit.Token);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync(_limit.Token)).RootElement);
    }
}
