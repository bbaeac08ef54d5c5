using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Settings;
using EligibilityGateway.Gateway.Tests.Silence;
using Grpc.Core;

namespace EligibilityGateway.Gateway.Tests.Terminals;

/// <summary>What a client's certificate must be, and for how long, over real TLS. By the machine's clock, as TLS goes.</summary>
public sealed class ClientCertificateTests(TestStores stores) : IAsyncLifetime
{
    private static readonly TerminalIdentity Identity = new(InstitutionCode.Parse("0110113719"), TerminalRole.Reception, "desk-1", ProofClaims.None);

    private readonly TestClientAuthority _authority = new();
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(60));
    private TestTown _town = null!;
    private GatewaySettings _settings = null!;

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        _settings = _town.Settings() with { TerminalAuthorities = _authority.WriteTo(Path.Combine(_town.Folder, "own-authorities")) };
    }

    public async ValueTask DisposeAsync()
    {
        await _town.DisposeAsync();
        _authority.Dispose();
        _limit.Dispose();
    }

    [Fact]
    public async Task Common_certificates_come_in()
    {
        await using var gateway = await _town.StartGatewayAsync(_settings);
        foreach (var made in (Made[])[new(), new(RsaBits: 2048), new(Curve: ECCurve.NamedCurves.nistP384), new(Hash: HashAlgorithmName.SHA512), new(Usages: X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyAgreement)])
        {
            using var desk = await RegisteredAsync(gateway, made);
            Assert.NotEmpty(await desk.ChallengeAsync());
        }
    }

    [Fact]
    public async Task A_weak_certificate_gets_no_further_than_the_handshake()
    {
        using var log = new CapturedLog();
        await using var gateway = await _town.StartGatewayAsync(_settings, log);
        (string What, Made Made)[] weak =
        [
            ("an RSA key of 1024 bits", new(RsaBits: 1024)),
            ("a curve of 224 bits", new(Curve: ECCurve.CreateFromValue("1.3.132.0.33"))),
            ("a signature over SHA-1", new(Hash: HashAlgorithmName.SHA1)),
            ("a key that may not sign", new(Usages: X509KeyUsageFlags.KeyEncipherment)),
        ];
        foreach (var (what, made) in weak)
        {
            using var desk = await RegisteredAsync(gateway, made);
            var end = await Record.ExceptionAsync(() => desk.Http.GetAsync("/v1/challenge", _limit.Token));
            Assert.True(end is HttpRequestException, $"{what}: {end?.GetType().Name ?? "it came in"}");
        }
        Assert.Contains($"key may not sign. Its certificate names {Identity.ToUri()}; its id is ", log.Text, StringComparison.Ordinal);
        // The system's TLS may be as strict already; ours is so everywhere.
        foreach (var (what, made) in weak.Take(3))
        {
            using var certificate = _authority.Issue(Identity.ToUri(), hash: made.Hash, rsaBits: made.RsaBits, curve: made.Curve);
            Assert.False(Gateway.Terminals.Tls.MutualTls.IsStrong(certificate, isRoot: false), what);
        }
    }

    [Fact]
    public async Task TLS_is_of_version_1_3_unless_the_settings_allow_1_2()
    {
        using var certificate = _authority.Issue(Identity.ToUri());
        await _town.Terminals.RegisterAsync(certificate, _limit.Token);
        foreach (var allowed in (bool[])[false, true])
        {
            await using var gateway = await _town.StartGatewayAsync(_settings with { AllowTls12 = allowed });
            using var handler = TestDesk.HandlerFor(certificate);
            handler.SslOptions.EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls12;
            using var http = new HttpClient(handler) { BaseAddress = gateway.Address, DefaultRequestVersion = new Version(2, 0) };
            if (allowed) Assert.True((await http.GetAsync("/v1/challenge", _limit.Token)).IsSuccessStatusCode);
            else await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync("/v1/challenge", _limit.Token));
        }
    }

    [Fact]
    public async Task A_certificate_that_ends_ends_its_streams_with_the_reason_and_its_connections_within_a_second()
    {
        await using var gateway = await _town.StartGatewayAsync(_settings);
        // Certificates end at a full second.
        var ends = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 4);
        using var desk = await RegisteredAsync(gateway, new Made(Ends: ends));
        using var stream = desk.Terminals.Connect(cancellationToken: _limit.Token);
        await stream.RequestStream.WriteAsync(new TerminalMessage { Hello = new Hello { Agent = "test" } }, _limit.Token);
        Assert.True(await stream.ResponseStream.MoveNext(_limit.Token));
        Assert.NotEmpty(await desk.ChallengeAsync());
        using var silent = desk.Terminals.Connect(cancellationToken: _limit.Token);

        var end = await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext(_limit.Token));
        var told = DateTimeOffset.UtcNow;
        Assert.Equal(StatusCode.Unauthenticated, end.StatusCode);
        Assert.Contains("certificate has ended", end.Status.Detail, StringComparison.Ordinal);
        Assert.True(told >= ends, "It was ended early.");
        await Assert.ThrowsAsync<RpcException>(() => silent.ResponseStream.MoveNext(_limit.Token));
        // On the connection that is still open, and on a new one, nothing is served.
        await Assert.ThrowsAsync<RpcException>(desk.ChallengeAsync);
        var open = gateway.Services.GetService(typeof(Gateway.Terminals.OpenConnections)) as Gateway.Terminals.OpenConnections;
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (open!.Terminals().Length > 0) await look.WaitForNextTickAsync(_limit.Token);
    }

    private async Task<TestDesk> RegisteredAsync(GatewayHost gateway, Made made)
    {
        var certificate = _authority.Issue(Identity.ToUri(), made.Ends, made.Usages, made.Hash, made.RsaBits, made.Curve);
        await _town.Terminals.RegisterAsync(certificate, _limit.Token);
        return new TestDesk(gateway.Address, new TestTerminal(Identity, certificate));
    }

    private sealed record Made(DateTimeOffset? Ends = null, X509KeyUsageFlags? Usages = null, HashAlgorithmName? Hash = null, int? RsaBits = null, ECCurve? Curve = null);
}
