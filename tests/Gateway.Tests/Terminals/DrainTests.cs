using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Demo;
using EligibilityGateway.Demo.Scenario;
using EligibilityGateway.Gateway.Tests.Access;
using EligibilityGateway.Gateway.Tests.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Terminals;

/// <summary>A real gateway process is told to stop while a look-up is under way; another one serves.</summary>
public sealed class DrainTests(TestStores stores) : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource _limit = new(Deadline);
    private TestTown _town = null!;
    private TestTerminal _terminal = null!;

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        _terminal = await _town.AddTerminalAsync(TerminalRole.Reception, ProofClaims.Face);
    }

    public async ValueTask DisposeAsync()
    {
        await _town.DisposeAsync();
        _limit.Dispose();
    }

    [Fact]
    public async Task A_stream_hears_of_it_and_what_is_under_way_is_answered_before_the_gateway_ends()
    {
        var card = await _town.AddCardAsync(await _town.AddPersonAsync());
        await using var gateway = await StartAsync("draining");
        using var desk = new TestDesk(gateway.Address, _terminal);
        using var stream = desk.Terminals.Connect(cancellationToken: _limit.Token);
        await stream.RequestStream.WriteAsync(new TerminalMessage { Hello = new Hello { Agent = "test" } }, _limit.Token);
        Assert.True(await stream.ResponseStream.MoveNext(_limit.Token));
        var tap = desk.Tap(card, stream.ResponseStream.Current.Welcome.Challenge.Value.ToByteArray());

        await using (await HoldRecordsAsync())
        {
            await stream.RequestStream.WriteAsync(new TerminalMessage { LookUp = tap }, _limit.Token);
            await _town.Database.UntilSomebodyWaitsForALockAsync();
            await gateway.TerminateAsync();
            Assert.True(await stream.ResponseStream.MoveNext(_limit.Token));
            Assert.NotNull(stream.ResponseStream.Current.Drain.ReconnectWithin);
        }

        Assert.True(await stream.ResponseStream.MoveNext(_limit.Token));
        Assert.Equal((tap.EventId, Validity.Valid), (stream.ResponseStream.Current.Answer.EventId, stream.ResponseStream.Current.Answer.Validity));
        // As told, the terminal leaves: its stream ends in good order, and so does the gateway.
        await stream.RequestStream.CompleteAsync();
        Assert.False(await stream.ResponseStream.MoveNext(_limit.Token));
        Assert.Equal(0, await gateway.EndAsync());
        Assert.Equal(1, await RecordsAsync());
    }

    [Fact]
    public async Task The_agent_gets_its_answer_and_goes_on_at_the_other_gateway()
    {
        var person = await _town.AddPersonAsync();
        await _town.DeliverAsync(new() { EligibilityCertificates = [new(1, person.Id, person.CoverageId, TestTown.Today.AddMonths(-1), TestTown.Today.AddYears(1))] });
        await using var first = await StartAsync("first");
        await using var second = await StartAsync("second");
        await using var agent = await StartAgentAsync(first.Address, second.Address);

        Task<(string, JsonElement Result)> underWay;
        await using (await HoldRecordsAsync())
        {
            underWay = agent.DoAsync(Typed(person), of: null, _limit.Token);
            await _town.Database.UntilSomebodyWaitsForALockAsync();
            await first.TerminateAsync();
        }
        var (_, answered) = await underWay;
        Assert.Equal(("answer", "VALIDITY_VALID"), (answered.GetProperty("kind").GetString(), answered.GetProperty("message").GetProperty("validity").GetString()));
        Assert.Equal(0, await first.EndAsync());

        // Only the other one is left to answer.
        var (_, next) = await agent.DoAsync(Typed(person), of: null, _limit.Token);
        Assert.Equal("VALIDITY_VALID", next.GetProperty("message").GetProperty("validity").GetString());
        Assert.Equal(2, await RecordsAsync());
    }

    private static JsonElement Typed(TestPerson person) => JsonSerializer.SerializeToElement(new Dictionary<string, string>
    {
        ["do"] = "type",
        ["document"] = "eligibility-certificate",
        ["insurerNumber"] = person.Insurer.ToString(),
        ["symbol"] = person.Numbers.Symbol,
        ["number"] = person.Numbers.Number,
        ["branch"] = person.Numbers.Branch ?? "",
        ["birthDate"] = JapanTime.Format(person.BirthDate),
    });

    private Task<GatewayProcess> StartAsync(string name) => GatewayProcess.StartAsync(_town.Settings(name) with { StorePatience = Deadline, StoreLongest = Deadline });

    private async Task<ReaderAgentProcess> StartAgentAsync(Uri first, Uri second)
    {
        var (certificate, key, cards) = (Path.Combine(_town.Folder, "desk.pem"), Path.Combine(_town.Folder, "desk.key"), Path.Combine(_town.Folder, "cards"));
        await File.WriteAllTextAsync(certificate, _terminal.Certificate.ExportCertificatePem(), _limit.Token);
        await File.WriteAllTextAsync(key, _terminal.Certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(), _limit.Token);
        Directory.CreateDirectory(cards);
        return await ReaderAgentProcess.StartAsync("reception",
            [
                .. AgentProgram.Find(AgentPath()), "simulate", "--gateway", first.ToString(), "--gateway", second.ToString(), "--certificate", certificate, "--key", key,
                "--trust", TestTown.TrustPath, "--cards", cards, "--spool", Path.Combine(_town.Folder, "spool"),
            ], _limit.Token);
    }

    /// <summary>Where the solution builds it, in the same configuration as these tests.</summary>
    private static string AgentPath()
    {
        var output = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var root = output.Parent!.Parent!.Parent!.Parent!.Parent!;
        return Path.Combine(root.FullName, "src", "ReaderAgent", "bin", output.Parent.Name, output.Name, "reader-agent.dll");
    }

    /// <summary>Until it is disposed of, nobody can insert a record.</summary>
    private async Task<NpgsqlConnection> HoldRecordsAsync()
    {
        var holder = await _town.Database.OpenAsSuperuserAsync();
        await holder.ExecuteAsync("BEGIN; LOCK TABLE access_record IN EXCLUSIVE MODE");
        return holder;
    }

    private Task<long> RecordsAsync() => _town.Database.ReadAsync<long>("SELECT count(*) FROM access_record");
}
