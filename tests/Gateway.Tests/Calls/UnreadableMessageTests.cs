using System.Net;
using System.Text;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Terminals.Streams;
using EligibilityGateway.Gateway.Tests.Silence;
using EligibilityGateway.Gateway.Tests.Storage;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EligibilityGateway.Gateway.Tests.Calls;

/// <summary>
/// What can't be read at all ends its call with a status that says so: nothing under way is lost, nothing that was sent is repeated, and
/// the log is silent.
/// </summary>
public sealed class UnreadableMessageTests(TestStores stores) : IAsyncLifetime
{
    private const int MostMessageBytes = 4 << 20;
    private const string Connect = "eligibility.v1.Terminals/Connect";

    private static readonly JsonParser WithDetails = new(JsonParser.Settings.Default.WithTypeRegistry(Google.Protobuf.Reflection.TypeRegistry.FromFiles(Google.Rpc.ErrorDetailsReflection.Descriptor)));

    private static readonly byte[] Hello = Frame(new TerminalMessage { Hello = new Hello { Agent = "test" } });

    /// <summary>All calls of one message, with its name, and whether a text of it is its field number 1.</summary>
    private static readonly (string Method, string Message, bool HasText)[] OneMessage =
    [
        ("eligibility.v1.Eligibility/GetChallenge", "eligibility.v1.GetChallengeRequest", false),
        ("eligibility.v1.Eligibility/LookUpPerson", "eligibility.v1.LookUp", true),
        ("eligibility.v1.Charges/ReportCharge", "eligibility.v1.ChargeReport", true),
        ("eligibility.v1.Charges/TakeBackCharge", "eligibility.v1.ChargeTakenBack", true),
        ("eligibility.v1.Appointments/HandIn", "eligibility.v1.AppointmentBatch", true),
        ("eligibility.v1.Appointments/GetProgress", "eligibility.v1.GetProgressRequest", true),
        ("eligibility.v1.Appointments/GetResult", "eligibility.v1.GetResultRequest", true),
        ("eligibility.v1.Applications/GetStatus", "eligibility.v1.ApplicationQuery", true),
        ("grpc.health.v1.Health/Check", "grpc.health.v1.HealthCheckRequest", true),
        ("grpc.health.v1.Health/Watch", "grpc.health.v1.HealthCheckRequest", true),
    ];

    private readonly CapturedLog _log = new();
    private TestTown _town = null!;
    private GatewayHost _gateway = null!;
    private TestTerminal _terminal = null!;
    private TestDesk _desk = null!;
    private RawGrpc _raw = null!;

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        _gateway = await GatewayHost.StartAsync(_town.Settings(), CancellationToken.None, logging => logging.AddProvider(_log).AddFilter<CapturedLog>(null, LogLevel.Trace));
        _terminal = await _town.AddTerminalAsync(TerminalRole.Reception, ProofClaims.Face);
        _desk = new TestDesk(_gateway.Address, _terminal);
        _raw = new RawGrpc(_gateway.Address, _terminal.Certificate);
    }

    public async ValueTask DisposeAsync()
    {
        _raw.Dispose();
        _desk.Dispose();
        await _gateway.DisposeAsync();
        await _town.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    public async Task A_call_of_one_message_ends_with_what_is_wrong_with_it()
    {
        var complaints = new List<string?>();
        foreach (var (method, name, hasText) in OneMessage)
            foreach (var message in BrokenMessages.For(name, MostMessageBytes, hasText ? BrokenMessages.First : null).Concat(BrokenMessages.Alone()))
                complaints.Add(message.Complaint(method, await _raw.CallAsync(method, message.Frame, message.Encoding)));
        AssertNone(complaints);
        AssertSilent();
    }

    [Fact]
    public async Task A_stream_ends_with_what_is_wrong_with_its_first_message()
    {
        var complaints = new List<string?>();
        foreach (var message in BrokenTerminalMessages()) complaints.Add(message.Complaint(Connect, await _raw.CallAsync(Connect, message.Frame, message.Encoding)));
        foreach (var message in BrokenMessages.For("grpc.reflection.v1alpha.ServerReflectionRequest", MostMessageBytes, BrokenMessages.First))
            complaints.Add(message.Complaint("reflection", await _raw.CallAsync("grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", message.Frame, message.Encoding)));
        AssertNone(complaints);
        AssertSilent();
    }

    [Fact]
    public async Task A_stream_ends_with_what_is_wrong_with_a_later_message_whether_its_client_ends_or_not()
    {
        var complaints = new List<string?>();
        foreach (var message in BrokenTerminalMessages())
        {
            // What is cut short is so by the end alone.
            var isCut = message.What is "cut in its frame" or "shorter than its length";
            foreach (var open in isCut ? [false] : (bool[])[false, true])
            {
                var end = await _raw.CallAsync(Connect, [.. Hello, .. message.Frame], message.Encoding, open);
                complaints.Add(message.Complaint(Connect, end) ?? (end.Messages.Count == 1 ? null : $"{message.What}: no welcome"));
            }
        }
        AssertNone(complaints);
        AssertSilent();
    }

    [Fact]
    public async Task What_was_asked_before_is_answered_before_the_status_comes()
    {
        var person = await _town.AddPersonAsync();
        var card = await _town.AddCardAsync(person);
        LookUp[] asked = [TestDesk.Claim(card, Proof.Face), TestDesk.Claim(card, Proof.Face), TestDesk.Typed(person)];
        var cp932 = BrokenTerminalMessages().Single(message => message.What == "CP932");
        await using var other = await _town.Database.OpenAsSuperuserAsync();
        await using var holding = await other.BeginTransactionAsync();
        await using (var command = other.CreateCommand())
        {
            command.CommandText = "LOCK TABLE eligibility.access_record IN EXCLUSIVE MODE";
            await command.ExecuteNonQueryAsync();
        }
        // The answers can't leave while the records wait; the message behind them is there already.
        var call = _raw.CallAsync(Connect, [.. Hello, .. asked.SelectMany(lookUp => Frame(new TerminalMessage { LookUp = lookUp })), .. cp932.Frame]);
        await _town.Database.UntilSomebodyWaitsForALockAsync();
        Assert.False(call.IsCompleted);
        await holding.RollbackAsync();

        var end = await call;
        Assert.Null(cp932.Complaint(Connect, end));
        var answers = end.Messages.Skip(1).Select(bytes => GatewayMessage.Parser.ParseFrom(bytes).Answer).ToDictionary(answer => answer.EventId);
        Assert.Equal(asked.Select(lookUp => lookUp.EventId).Order(), answers.Keys.Order());
        Assert.All(answers.Values, answer => Assert.True(answer.Freshness.Proved));
        Assert.Equal(asked.Length, await _town.Database.ReadAsync<long>("SELECT count(*) FROM eligibility.access_record"));
        // The same again gets the same, on a stream of its own.
        Assert.Equal(answers[asked[0].EventId], (await _desk.AskAsync(asked[0])).Answer);
    }

    [Fact]
    public async Task A_message_of_nothing_is_a_problem_on_a_stream_that_goes_on()
    {
        var person = await _town.AddPersonAsync();
        var card = await _town.AddCardAsync(person);
        var end = await _raw.CallAsync(Connect, [.. Hello, .. RawGrpc.Frame([]), .. Frame(new TerminalMessage { LookUp = TestDesk.Claim(card, Proof.Face) })]);
        Assert.Equal(StatusCode.OK, end.Status);
        var messages = end.Messages.Select(bytes => GatewayMessage.Parser.ParseFrom(bytes)).ToList();
        Assert.Equal(
            [GatewayMessage.MessageOneofCase.Welcome, GatewayMessage.MessageOneofCase.Problem, GatewayMessage.MessageOneofCase.Answer],
            messages.Select(message => message.MessageCase));
        Assert.Equal((int)StatusCode.InvalidArgument, messages[1].Problem.Status.Code);

        var first = await _raw.CallAsync(Connect, RawGrpc.Frame([]));
        Assert.Equal(StatusCode.InvalidArgument, first.Status);
        Assert.Contains("hello", first.Rich!.GetDetail<Google.Rpc.BadRequest>()!.FieldViolations[0].Field, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_calls_on_the_connection_go_on()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var stream = _desk.Terminals.Connect(cancellationToken: limit.Token);
        await stream.RequestStream.WriteAsync(new TerminalMessage { Hello = new Hello { Agent = "test" } }, limit.Token);
        Assert.True(await stream.ResponseStream.MoveNext(limit.Token));
        using var raw = new RawGrpc(_gateway.Address, _terminal.Certificate);
        foreach (var message in BrokenTerminalMessages()) await raw.CallAsync(Connect, [.. Hello, .. message.Frame], message.Encoding);
        Assert.Equal(StatusCode.OK, (await raw.CallAsync("eligibility.v1.Eligibility/GetChallenge", RawGrpc.Frame([]))).Status);
        await stream.RequestStream.WriteAsync(new TerminalMessage { ChallengeRequest = new ChallengeRequest() }, limit.Token);
        Assert.True(await stream.ResponseStream.MoveNext(limit.Token));
        Assert.NotEmpty(stream.ResponseStream.Current.Challenge.Value);
    }

    [Fact]
    public async Task A_message_as_long_as_it_may_be_is_read()
    {
        var longest = new LookUp { ServiceDate = new string('9', MostMessageBytes - 5) };
        Assert.Equal(MostMessageBytes, longest.CalculateSize());
        var end = await _raw.CallAsync("eligibility.v1.Eligibility/LookUpPerson", RawGrpc.Frame(longest.ToByteArray()));
        Assert.Contains(end.Rich!.GetDetail<Google.Rpc.BadRequest>()!.FieldViolations, violation => violation.Field == "service_date");
    }

    [Fact]
    public async Task A_line_that_is_cut_within_a_message_is_no_fault_of_anybodys()
    {
        var person = await _town.AddPersonAsync();
        var lookUp = TestDesk.Typed(person);
        using var cut = new CancellationTokenSource();
        var call = _raw.CallAsync(Connect, [.. Hello, .. Frame(new TerminalMessage { LookUp = lookUp }), 0, 0, 0], open: true, cut: cut.Token);
        await UntilAsync(async () => await _town.Database.ReadAsync<long>("SELECT count(*) FROM eligibility.access_record") == 1);
        await cut.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await UntilAsync(() => Task.FromResult(_gateway.Services.GetRequiredService<TerminalStreams>().Open == 0));
        Assert.Equal(lookUp.EventId, (await _desk.AskAsync(lookUp)).Answer.EventId);
        Assert.Equal(1, await _town.Database.ReadAsync<long>("SELECT count(*) FROM eligibility.access_record"));
        AssertSilent();
    }

    /// <summary>A body and its content type; each holds the word SECRET or bytes that are no UTF-8.</summary>
    public static TheoryData<string, byte[], string> NoJson => new()
    {
        { "CP932", [.. "{\"eventId\":\""u8, 0x8E, 0x8E, 0x8C, 0xB1, .. "\"}"u8], "application/json" },
        { "a lone surrogate", """{"eventId":"SECRET\ud800"}"""u8.ToArray(), "application/json" },
        { "no JSON", "SECRET"u8.ToArray(), "application/json" },
        { "not even text", [0xFF, 0xFE, 0], "application/json" },
        { "cut", """{"eventId":"SECRET"""u8.ToArray(), "application/json" },
        { "nothing", [], "application/json" },
        { "null", "null"u8.ToArray(), "application/json" },
        { "an array", """["SECRET"]"""u8.ToArray(), "application/json" },
        { "a value that is none of its enum's", """{"purpose":"SECRET"}"""u8.ToArray(), "application/json" },
        { "a number where a text belongs", """{"eventId":7418529,"serviceDate":"SECRET"}"""u8.ToArray(), "application/json" },
        { "a text where a number belongs", """{"bill":{"totalCostYen":"SECRET"}}"""u8.ToArray(), "application/json" },
        { "no Base64", """{"card":{"certificate":"SECRET%"}}"""u8.ToArray(), "application/json" },
        { "two of a oneof", """{"card":{},"document":{"number":"SECRET"}}"""u8.ToArray(), "application/json" },
        { "too deep", Encoding.ASCII.GetBytes(new string('[', 100_000)), "application/json" },
        { "too long", new byte[MostMessageBytes + 6], "application/json" },
        { "a charset that nobody knows", "{}"u8.ToArray(), "application/json; charset=SECRET" },
        { "Shift_JIS", "{}"u8.ToArray(), "application/json; charset=shift_jis" },
        { "another content type", "{}"u8.ToArray(), "text/SECRET" },
    };

    [Theory]
    [MemberData(nameof(NoJson), DisableDiscoveryEnumeration = true)]
    public async Task What_is_no_JSON_of_the_message_is_refused_and_not_repeated(string what, byte[] body, string contentType)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var response = await _desk.Http.PostAsync("/v1/look-ups", content);
        await AssertRefusedAsync(what, response, "eligibility.v1.LookUp");
        AssertSilent();
    }

    [Theory]
    [InlineData("/v1/appointments/1/result?fromRow=SECRET")]
    [InlineData("/v1/appointments/1/result?fromRow=99999999999")]
    [InlineData("/v1/appointments/1/result?fromRow=1&fromRow=2")]
    public async Task A_value_in_a_path_that_can_not_be_is_refused_and_not_repeated(string path)
    {
        using var response = await _desk.Http.GetAsync(path);
        await AssertRefusedAsync(path, response, "eligibility.v1.GetResultRequest");
    }

    [Fact]
    public async Task What_is_not_even_HTTP_is_said_nowhere()
    {
        foreach (var version in (Version[])[HttpVersion.Version11, HttpVersion.Version20])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/persons/{BrokenMessages.Secret}%00") { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            try
            {
                using var response = await _desk.Http.SendAsync(request);
                Assert.DoesNotContain(BrokenMessages.Secret, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }
            catch (HttpRequestException)
            {
                // Reset: that says it, too.
            }
        }
        AssertSilent();
    }

    [Fact]
    public async Task Another_content_type_than_gRPCs_is_left_to_HTTP()
    {
        using var content = new StringContent("x", Encoding.UTF8, "text/plain");
        using var response = await _desk.Http.PostAsync("/eligibility.v1.Eligibility/LookUpPerson", content);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    private static IEnumerable<BrokenMessage> BrokenTerminalMessages() =>
        // The text is hello's agent.
        BrokenMessages.For("eligibility.v1.TerminalMessage", MostMessageBytes, text => BrokenMessages.First(BrokenMessages.First(text)));

    private static byte[] Frame(TerminalMessage message) => RawGrpc.Frame(message.ToByteArray());

    private static void AssertNone(IEnumerable<string?> complaints)
    {
        var all = complaints.OfType<string>().ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }

    private static async Task AssertRefusedAsync(string what, HttpResponseMessage response, string message)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{what}: {response.StatusCode} {body}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("SECRET", body, StringComparison.OrdinalIgnoreCase);
        var status = WithDetails.Parse<Google.Rpc.Status>(body);
        Assert.Equal((3, true), (status.Code, status.Message.StartsWith($"The request is no {message} in JSON", StringComparison.Ordinal)));
    }

    /// <summary>A client's rubbish is nobody's fault here, and nothing of it is in the log, whatever its level.</summary>
    private void AssertSilent()
    {
        var log = _log.Text;
        Assert.DoesNotContain(log.Split('\n'), line => line.StartsWith("Error ", StringComparison.Ordinal) || line.StartsWith("Critical ", StringComparison.Ordinal) || line.StartsWith("Warning ", StringComparison.Ordinal));
        foreach (var told in (string[])[BrokenMessages.Secret, "SECRET", "bytes [", "Google.Protobuf", "JsonException"])
            Assert.DoesNotContain(log.Split('\n'), line => line.Contains(told, StringComparison.Ordinal));
        Assert.Contains("Trace Grpc", log, StringComparison.Ordinal);
    }

    private static async Task UntilAsync(Func<Task<bool>> happened)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await happened()) await look.WaitForNextTickAsync(limit.Token);
    }
}
