using System.Text;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Settings;
using EligibilityGateway.Gateway.Tests.Access;
using Microsoft.Extensions.Logging;

namespace EligibilityGateway.Gateway.Tests.Silence;

/// <summary>Whatever happens at a desk, nothing that the gateway and its stores write for operators tells of the patient.</summary>
public sealed class SilenceTests(TestStores stores) : IAsyncLifetime
{
    private TestTown _town = null!;
    private SecretPatient _patient = null!;
    private TalkativeDay _day = null!;
    private long _postgresLogStart;

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        _patient = await SecretPatient.MoveInAsync(_town);
        _day = new TalkativeDay(stores, _town, _patient);
        _postgresLogStart = new FileInfo(await PostgresLogFileAsync()).Length;
    }

    public async ValueTask DisposeAsync() => await _town.DisposeAsync();

    [Fact]
    public async Task Log_at_every_level_traces_errors_and_Postgres_own_log_hold_nothing_of_the_patient()
    {
        using var log = new CapturedLog();
        using var traces = new CapturedTraces();
        await using (var gateway = await GatewayHost.StartAsync(
            _town.Settings(), CancellationToken.None, logging => logging.AddProvider(log).AddFilter<CapturedLog>(null, LogLevel.Trace)))
            await _day.PassAsync(gateway.Address);

        // Each channel is heard, down to its finest level.
        Assert.Contains("Postgres is out of reach", log.Text, StringComparison.Ordinal);
        Assert.Contains("Trace Grpc", log.Text, StringComparison.Ordinal);
        Assert.Contains("Debug Microsoft.AspNetCore", log.Text, StringComparison.Ordinal);
        Assert.Contains("record_look_ups", traces.Text, StringComparison.Ordinal);
        Assert.Contains("Microsoft.AspNetCore", traces.Text, StringComparison.Ordinal);
        AssertErrorsAreHeard();
        var postgres = await PostgresLogAsync();
        Assert.Contains("closed_for_a_test", postgres, StringComparison.Ordinal);

        AssertSilent(("log", log.Text), ("traces", traces.Text), ("errors", _day.Errors), ("Postgres' log", postgres));
    }

    [Fact]
    public async Task A_gateway_process_that_logs_all_it_can_prints_nothing_of_the_patient()
    {
        var all = new Dictionary<string, LogLevel> { ["default"] = LogLevel.Trace, ["Microsoft"] = LogLevel.Trace, ["Grpc"] = LogLevel.Trace, ["Npgsql"] = LogLevel.Trace };
        var gateway = await GatewayProcess.StartAsync(_town.Settings() with { Log = new LogSettings { Levels = all } });
        string printed, complained;
        await using (gateway)
        {
            await _day.PassAsync(gateway.Address);
            (printed, complained) = await gateway.KillAsync();
        }

        Assert.Contains("serving https://", printed, StringComparison.Ordinal);
        Assert.Contains("trce: Grpc.AspNetCore.Server", printed, StringComparison.Ordinal);
        Assert.Contains("dbug: Microsoft.AspNetCore", printed, StringComparison.Ordinal);
        Assert.Contains("Postgres refused one access record (SQLSTATE 23514)", printed, StringComparison.Ordinal);
        AssertErrorsAreHeard();

        AssertSilent(("output", printed), ("error output", complained), ("errors", _day.Errors), ("Postgres' log", await PostgresLogAsync()));
    }

    [Theory]
    [InlineData("the name is 沈黙寺　千代子")]
    [InlineData("escaped \\u6C88\\u9ED9\\u5BFA")]
    [InlineData("half width ﾁﾝﾓｸｼﾞ")]
    [InlineData("?number=88061532774165&x")]
    [InlineData("8806 1532\n7741-65")]
    [InlineData("born 1951-03-17")]
    [InlineData("BIRTH=19510317")]
    [InlineData("any 1111 2222 3333 at all")]
    [InlineData("any １１１１２２２２３３３３ at all")]
    public void A_text_that_tells_is_found(string text) => Assert.NotEmpty(_patient.Unspoken().FoundIn("test", text));

    [Fact]
    public void A_certificate_is_found_in_whatever_form_it_is_told()
    {
        var unspoken = _patient.Unspoken();
        var der = _patient.Card.Certificate;
        using var certificate = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(der);
        string[] forms =
        [
            certificate.ExportCertificatePem(), Convert.ToHexStringLower(der), Convert.ToBase64String(der), Convert.ToBase64String([0, .. der]), BitConverter.ToString(der),
            certificate.SerialNumber, certificate.Thumbprint, certificate.ToString(), _patient.Card.CardKey.ToString(), _patient.Card.CardKey.ToString("N"),
        ];
        Assert.All(forms, form => Assert.NotEmpty(unspoken.FoundIn("test", $"told: {form}.")));
    }

    [Fact]
    public void Ids_and_times_are_not_taken_for_a_patient() =>
        Assert.Empty(_patient.Unspoken().FoundIn("test", "2026-10-15 09:00:03.123 [1234] 0199e8b7-1234-7000-8000-123456789012 127.0.0.1:54321 0HNABCDEFGHIJ:00000001"));

    private void AssertErrorsAreHeard()
    {
        Assert.Contains("document.insurer_number", _day.Errors, StringComparison.Ordinal);
        Assert.Contains("The operator has not registered this terminal.", _day.Errors, StringComparison.Ordinal);
    }

    private void AssertSilent(params (string Channel, string Text)[] channels)
    {
        var unspoken = _patient.Unspoken();
        var found = channels.SelectMany(channel => unspoken.FoundIn(channel.Channel, channel.Text)).ToList();
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    private async Task<string> PostgresLogFileAsync() => Path.Combine((await stores.PostgresAsync()).Folder, "postgres.log");

    private async Task<string> PostgresLogAsync()
    {
        await using var log = new FileStream(await PostgresLogFileAsync(), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        log.Position = _postgresLogStart;
        using var reader = new StreamReader(log, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}
