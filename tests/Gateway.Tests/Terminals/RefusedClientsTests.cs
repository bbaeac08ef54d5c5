using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Terminals.Tls;
using EligibilityGateway.Gateway.Tests.Silence;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace EligibilityGateway.Gateway.Tests.Terminals;

public sealed class RefusedClientsTests : IDisposable
{
    private static readonly TerminalIdentity Identity = new(InstitutionCode.Parse("0110113719"), TerminalRole.Reception, "desk-1", ProofClaims.None);

    private readonly CapturedLog _log = new();
    private readonly ILoggerFactory _loggers;
    private readonly FakeTimeProvider _clock = new();
    private readonly RefusedClients _refused;
    private readonly TestClientAuthority _authority = new();

    public RefusedClientsTests()
    {
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));
        _refused = new RefusedClients(_clock, _loggers.CreateLogger<RefusedClients>());
    }

    public void Dispose()
    {
        _refused.Dispose();
        _authority.Dispose();
        _loggers.Dispose();
        _log.Dispose();
    }

    [Fact]
    public void Ten_a_second_are_told_one_by_one_and_the_rest_is_counted()
    {
        using var certificate = _authority.Issue(Identity.ToUri());
        for (var second = 1; second <= 2; second++)
        {
            for (var i = 0; i < 100; i++) _refused.Tell(certificate, "the terminal was revoked");
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(10 * second, Count("A client is refused: the terminal was revoked. Its certificate names urn:eligibility-gateway:terminal:0110113719:reception:desk-1:"));
            Assert.Equal(second, Count("90 more clients were refused in that second."));
        }
        _refused.Tell(certificate, "the terminal was revoked");
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(21, Count("A client is refused"));
        Assert.Equal(2, Count("more clients"));
    }

    [Fact]
    public void Of_a_certificate_of_another_authority_its_subject_is_not_told_since_that_may_be_a_person()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var issuer = new X500DistinguishedName("CN=Some other authority");
        using var stranger = new CertificateRequest("CN=見本　花子", key, HashAlgorithmName.SHA256)
            .Create(issuer, X509SignatureGenerator.CreateForECDsa(issuerKey), DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), [1]);
        _refused.TellStranger(stranger);
        Assert.Contains("its issuer as CN=Some other authority", _log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("花子", _log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(ClientCertificate.IdOf(stranger).ToString(), _log.Text, StringComparison.Ordinal);
    }

    private int Count(string words) => _log.Text.Split('\n').Count(line => line.Contains(words, StringComparison.Ordinal));
}
