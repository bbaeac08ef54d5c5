using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Terminals;
using EligibilityGateway.Gateway.Terminals.Streams;
using EligibilityGateway.Gateway.Tests.LookUps;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;

namespace EligibilityGateway.Gateway.Tests.Terminals;

/// <summary>Who is not let in gets in nowhere, and who is shut out is out at once, over real TLS.</summary>
public sealed class RevocationTests(TestStores stores) : IAsyncLifetime
{
    // Only a hang reaches it. That two seconds are kept is shown by what does it: no clock of the gateway but the farewell's is waited for.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _limit = new(Deadline);
    private TestTown _town = null!;
    private TestTerminal _terminal = null!;

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        _terminal = await _town.AddTerminalAsync(TerminalRole.Reception);
    }

    public async ValueTask DisposeAsync()
    {
        await _town.DisposeAsync();
        _limit.Dispose();
    }

    [Fact]
    public async Task A_revocation_ends_open_streams_with_the_remedy_by_its_notification_alone()
    {
        await using var gateway = await _town.StartGatewayAsync(_town.Settings() with { RevocationSweep = TimeSpan.FromHours(1) });
        using var desk = new TestDesk(gateway.Address, _terminal);
        using var stream = await OpenStreamAsync(desk);
        using var silent = desk.Terminals.Connect(cancellationToken: _limit.Token);
        using var watch = new Health.HealthClient(desk.Channel).Watch(new HealthCheckRequest(), cancellationToken: _limit.Token);
        Assert.True(await watch.ResponseStream.MoveNext(_limit.Token));

        Assert.True(await _town.Terminals.RevokeAsync(_terminal.Id, TestTown.Now, _limit.Token));

        AssertTellsTheRemedy(await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext(_limit.Token)));
        // A stream that never said hello, and one that is none of ours, end as well.
        await Assert.ThrowsAsync<RpcException>(() => silent.ResponseStream.MoveNext(_limit.Token));
        await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await watch.ResponseStream.MoveNext(_limit.Token))
            {
            }
        });
        Assert.False(_limit.IsCancellationRequested);
        await AssertIsServedNothingAsync(desk);
        using var anew = new TestDesk(gateway.Address, _terminal);
        await AssertGetsInNowhereAsync(anew);
        AssertTellsTheRemedy(await anew.FailAsync(new LookUp()));
        Assert.Contains("REASON_TERMINAL_REVOKED", await (await anew.Http.GetAsync("/v1/challenge", _limit.Token)).Content.ReadAsStringAsync(_limit.Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revocation_that_nobody_told_of_is_found_in_the_register()
    {
        await using var gateway = await _town.StartGatewayAsync();
        using var desk = new TestDesk(gateway.Address, _terminal);
        using var stream = await OpenStreamAsync(desk);

        await using (var connection = await _town.Database.OpenAsSuperuserAsync())
            await connection.ExecuteAsync("UPDATE terminal SET revoked_at = now(), version = version + 1 WHERE terminal_id = @id", new { id = _terminal.Id });

        AssertTellsTheRemedy(await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext(_limit.Token)));
        await AssertIsServedNothingAsync(desk);
    }

    [Fact]
    public async Task A_forged_notification_shuts_nobody_out()
    {
        await using var gateway = await _town.StartGatewayAsync(_town.Settings() with { RevocationSweep = TimeSpan.FromHours(1) });
        var other = await _town.AddTerminalAsync(TerminalRole.Reception, name: "desk-2");
        using var desk = new TestDesk(gateway.Address, _terminal);
        using var otherDesk = new TestDesk(gateway.Address, other);
        using var stream = await OpenStreamAsync(desk);
        using var otherStream = await OpenStreamAsync(otherDesk);
        // Any role of the database can do this.
        await using (var connection = await _town.Database.OpenAsync(StoreRole.InsurerFeed))
            await connection.ExecuteAsync($"NOTIFY terminal_revoked, '{_terminal.Id}'");

        // Notifications are heard in their order: with the one of a real revocation the forged one has been seen.
        Assert.True(await _town.Terminals.RevokeAsync(other.Id, TestTown.Now, _limit.Token));
        AssertTellsTheRemedy(await Assert.ThrowsAsync<RpcException>(() => otherStream.ResponseStream.MoveNext(_limit.Token)));
        await stream.RequestStream.WriteAsync(new TerminalMessage { ChallengeRequest = new ChallengeRequest() }, _limit.Token);
        Assert.True(await stream.ResponseStream.MoveNext(_limit.Token));
        using var anew = new TestDesk(gateway.Address, _terminal);
        Assert.NotEmpty(await anew.ChallengeAsync());
    }

    [Fact]
    public void Sweep_and_farewell_fit_into_two_seconds() =>
        Assert.True(_town.Settings().RevocationSweep + RevocationWatch.Farewell < TimeSpan.FromSeconds(2));

    [Fact]
    public async Task An_entry_that_was_read_just_before_the_revocation_lets_nobody_in_after_it()
    {
        await using var gateway = await _town.StartGatewayAsync();
        var register = gateway.Services.GetRequiredService<AdmittedTerminals>();
        // The register still says that it may come in: as a reading that began before the revocation does.
        register.ShutOut(_terminal.Id);
        Assert.Equal(AdmissionFault.Revoked, (await register.AdmitAsync(_terminal.Certificate, _limit.Token)).Fault);
        Assert.Empty(register.Admitted);
    }

    [Fact]
    public async Task A_terminal_that_the_operator_does_not_know_gets_in_nowhere_until_it_is_registered()
    {
        await using var gateway = await _town.StartGatewayAsync();
        var stranger = TestTown.NewTerminal(TerminalRole.Reception, name: "stranger");
        using var desk = new TestDesk(gateway.Address, stranger);
        await AssertGetsInNowhereAsync(desk);
        await _town.Terminals.RegisterAsync(stranger.Certificate, _limit.Token);
        await UntilLetInAsync(desk);
    }

    [Fact]
    public async Task A_certificate_of_another_authority_or_none_gets_no_further_than_the_handshake()
    {
        await using var gateway = await _town.StartGatewayAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var forged = SelfSigned(_terminal.Identity, key);
        foreach (var certificate in (X509Certificate2?[])[null, forged])
        {
            using var http = new HttpClient(TestDesk.HandlerFor(certificate)) { BaseAddress = gateway.Address };
            await Assert.ThrowsAsync<HttpRequestException>(() => WaysIn.TryHttpAsync(http));
        }
        using var desk = new TestDesk(gateway.Address, new TestTerminal(_terminal.Identity, forged));
        Assert.DoesNotContain(StatusCode.OK, (await WaysIn.TryGrpcAsync(desk)).Values);
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task A_kept_session_of_a_revoked_terminal_opens_nothing(string version)
    {
        await using var gateway = await _town.StartGatewayAsync(_town.Settings() with { AllowTls12 = true });
        var session = Path.Combine(_town.Folder, "session.pem");
        Assert.Contains("HTTP/1.1 200", await GetByOpensslAsync(gateway.Address, version, "-sess_out", session), StringComparison.Ordinal);
        await _town.Terminals.RevokeAsync(_terminal.Id, TestTown.Now, _limit.Token);
        // Where the gateway gave no ticket at all there is nothing to resume with.
        string[] resume = File.Exists(session) ? ["-sess_in", session] : [];
        var output = await GetByOpensslAsync(gateway.Address, [version, .. resume]);
        Assert.DoesNotContain("Reused, TLSv1", output, StringComparison.Ordinal);
        Assert.DoesNotContain("HTTP/1.1 200", output, StringComparison.Ordinal);
        Assert.DoesNotContain("livesFor", output, StringComparison.Ordinal);
    }

    /// <summary>A gateway remembers for a second that it did not know a certificate.</summary>
    private async Task UntilLetInAsync(TestDesk desk)
    {
        while (true)
        {
            try
            {
                Assert.NotEmpty(await desk.ChallengeAsync());
                return;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unauthenticated)
            {
                _limit.Token.ThrowIfCancellationRequested();
            }
        }
    }

    private async Task<AsyncDuplexStreamingCall<TerminalMessage, GatewayMessage>> OpenStreamAsync(TestDesk desk)
    {
        var stream = desk.Terminals.Connect(cancellationToken: _limit.Token);
        await stream.RequestStream.WriteAsync(new TerminalMessage { Hello = new Hello { Agent = "test" } }, _limit.Token);
        Assert.True(await stream.ResponseStream.MoveNext(_limit.Token));
        return stream;
    }

    private static void AssertTellsTheRemedy(RpcException end)
    {
        Assert.Equal(StatusCode.Unauthenticated, end.StatusCode);
        var remedy = end.GetRpcStatus()!.GetDetail<Remedy>()!;
        Assert.Equal((Reason.TerminalRevoked, Mender.Operator), (remedy.Reason, remedy.Mender));
        Assert.NotEqual("", remedy.DeskDoes.Ja);
    }

    private static async Task AssertGetsInNowhereAsync(TestDesk desk)
    {
        Assert.All(await WaysIn.TryGrpcAsync(desk), way => Assert.Equal((way.Key, StatusCode.Unauthenticated), (way.Key, way.Value)));
        Assert.All(await WaysIn.TryHttpAsync(desk.Http), way => Assert.Equal((way.Key, HttpStatusCode.Unauthorized), (way.Key, way.Value)));
    }

    /// <summary>On connections that are being closed: one may refuse by its end, whatever status that is read as.</summary>
    private static async Task AssertIsServedNothingAsync(TestDesk desk) =>
        Assert.All(await WaysIn.TryGrpcAsync(desk), way => Assert.True(way.Value is not StatusCode.OK and not StatusCode.DeadlineExceeded, $"{way}"));

    private static X509Certificate2 SelfSigned(TerminalIdentity identity, ECDsa key)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(identity.ToUri()));
        var request = new CertificateRequest("CN=forged", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        return request.CreateSelfSigned(TestTown.Now - TimeSpan.FromDays(1), TestTown.Now + TimeSpan.FromDays(1));
    }

    /// <summary>GET /v1/challenge; all that openssl says.</summary>
    private async Task<string> GetByOpensslAsync(Uri gateway, params string[] options)
    {
        var (certificate, key) = (Path.Combine(_town.Folder, "desk.pem"), Path.Combine(_town.Folder, "desk.key"));
        await File.WriteAllTextAsync(certificate, _terminal.Certificate.ExportCertificatePem(), _limit.Token);
        await File.WriteAllTextAsync(key, _terminal.Certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(), _limit.Token);
        var start = new ProcessStartInfo("openssl") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["s_client", "-connect", gateway.Authority, "-CAfile", TestTown.TrustPath, "-cert", certificate, "-key", key, "-ign_eof", .. options])
            start.ArgumentList.Add(argument);
        using var openssl = Process.Start(start)!;
        var (output, errors) = (openssl.StandardOutput.ReadToEndAsync(_limit.Token), openssl.StandardError.ReadToEndAsync(_limit.Token));
        await openssl.StandardInput.WriteAsync($"GET /v1/challenge HTTP/1.1\r\nHost: {gateway.Authority}\r\nConnection: close\r\n\r\n");
        openssl.StandardInput.Close();
        return await output + await errors;
    }
}
