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
    [InlineData("urn:eligibility-gateway:terminal:0110113718:reception:desk-1:none", "checks the others (Luhn): after 011011371 it is 9")]
    [InlineData("urn:eligibility-gateway:terminal:4810113710:reception:desk-1:none", "begins with its prefecture, 01 to 47, and 48 is none")]
    [InlineData("urn:eligibility-gateway:terminal:0010113710:reception:desk-1:none", "begins with its prefecture, 01 to 47, and 00 is none")]
    [InlineData("urn:eligibility-gateway:terminal:011011371:reception:desk-1:none", "has 10 digits")]
    [InlineData("urn:eligibility-gateway:terminal:０110113719:reception:desk-1:none", "has 10 digits")]
    [InlineData("urn:eligibility-gateway:terminal:0110113719:admin:desk-1:none", "its role is none of reception, pharmacy, ambulance, ")]
    [InlineData("urn:eligibility-gateway:terminal:0110113719:reception:Desk:none", "has 1 to 32 of a–z, 0–9 and hyphen")]
    [InlineData("urn:eligibility-gateway:terminal:0110113719:reception::none", "has 1 to 32 of a–z, 0–9 and hyphen")]
    [InlineData("urn:eligibility-gateway:terminal:0110113719:reception:desk-1:all", "its claims are none of none, face, sight or face+sight")]
    [InlineData("urn:eligibility-gateway:terminal:0110113719:reception:desk-1", "INSTITUTION:ROLE:NAME:CLAIMS")]
    [InlineData("urn:eligibility-gateway:terminal:0110113719:reception:desk-1:none:more", "INSTITUTION:ROLE:NAME:CLAIMS")]
    [InlineData("urn:other:terminal:0110113719:reception:desk-1:none", "INSTITUTION:ROLE:NAME:CLAIMS")]
    public void What_names_no_terminal_is_no_identity_and_the_fault_names_the_rule(string uri, string rule)
    {
        Assert.False(TerminalIdentity.TryParse(uri, out _, out var fault));
        Assert.Contains(rule, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void The_form_tells_every_rule_of_a_name()
    {
        foreach (var rule in (string[])[Desk[..Desk.IndexOf("0110113719", StringComparison.Ordinal)], "10 digits", "prefecture, 01 to 47", "Luhn", "1 to 32", "face+sight"])
            Assert.Contains(rule, TerminalIdentity.Form, StringComparison.Ordinal);
        foreach (var role in Enum.GetValues<TerminalRole>().Where(role => role != TerminalRole.None))
            Assert.Contains(TerminalIdentity.RoleName(role), TerminalIdentity.Form, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_names_its_terminal_among_other_names()
    {
        Assert.Equal(Desk, TerminalIdentity.FromCertificate(Certificate("https://example.invalid/", Desk))!.ToUri());
        Assert.Null(TerminalIdentity.FromCertificate(Certificate("https://example.invalid/"), out var fault));
        Assert.Equal("it has no such URI", fault);
    }

    [Fact]
    public void A_certificate_that_names_two_terminals_names_none()
    {
        Assert.Null(TerminalIdentity.FromCertificate(Certificate(Desk, Desk.Replace("desk-1", "desk-2", StringComparison.Ordinal)), out var fault));
        Assert.Equal("it has more than one such URI", fault);
    }

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
