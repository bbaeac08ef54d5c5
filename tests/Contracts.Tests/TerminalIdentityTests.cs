using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EligibilityGateway.Contracts.Tests;

public sealed class TerminalIdentityTests
{
    private const string Desk = "urn:eligibility-gateway:terminal:0110113719:reception:desk-1:face+sight";

    [Fact]
    public void Every_role_and_claim_reads_back_as_it_was_written()
    {
        foreach (var role in Enum.GetValues<TerminalRole>().Where(r => r != TerminalRole.None))
            foreach (var claims in new[] { ProofClaims.None, ProofClaims.Face, ProofClaims.Sight, ProofClaims.Face | ProofClaims.Sight })
            {
                var identity = new TerminalIdentity(InstitutionCode.Parse("0110113719"), role, "desk-1", claims);
                Assert.True(TerminalIdentity.TryParse(identity.ToUri(), out var read));
                Assert.Equal(identity, read);
            }
    }

    [Theory]
    [InlineData("urn:eligibility-gateway:terminal:0110113718:reception:desk-1:none")]
    [InlineData("urn:eligibility-gateway:terminal:0110113719:admin:desk-1:none")]
    [InlineData("urn:eligibility-gateway:terminal:0110113719:reception:Desk:none")]
    [InlineData("urn:eligibility-gateway:terminal:0110113719:reception::none")]
    [InlineData("urn:eligibility-gateway:terminal:0110113719:reception:desk-1:all")]
    [InlineData("urn:eligibility-gateway:terminal:0110113719:reception:desk-1")]
    [InlineData("urn:eligibility-gateway:terminal:0110113719:reception:desk-1:none:more")]
    [InlineData("urn:other:terminal:0110113719:reception:desk-1:none")]
    public void What_names_no_terminal_is_no_identity(string uri) => Assert.False(TerminalIdentity.TryParse(uri, out _));

    [Fact]
    public void A_certificate_names_its_terminal_among_other_names()
    {
        Assert.Equal(Desk, TerminalIdentity.FromCertificate(Certificate("https://example.invalid/", Desk))!.ToUri());
        Assert.Null(TerminalIdentity.FromCertificate(Certificate("https://example.invalid/")));
    }

    [Fact]
    public void A_certificate_that_names_two_terminals_names_none() =>
        Assert.Null(TerminalIdentity.FromCertificate(Certificate(Desk, Desk.Replace("desk-1", "desk-2", StringComparison.Ordinal))));

    private static X509Certificate2 Certificate(params string[] uris)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("example.invalid");
        foreach (var uri in uris) names.AddUri(new Uri(uri));
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(1));
    }
}
