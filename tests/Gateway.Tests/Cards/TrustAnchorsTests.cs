using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Common;
using EligibilityGateway.Gateway.Cards;

namespace EligibilityGateway.Gateway.Tests.Cards;

public sealed class TrustAnchorsTests : IDisposable
{
    private static readonly TestAuthority First = TestAuthority.Root();
    private static readonly TestAuthority Second = TestAuthority.Root();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Several_files_and_several_certificates_in_one_are_read()
    {
        var below = First.Subordinate("CN=Below, C=JP");
        File.WriteAllText(_folder["one.pem"], "a line of explanation\n" + below.Pem + First.Pem);
        File.WriteAllText(_folder["two.crt"], Second.Pem.ReplaceLineEndings("\r\n"));

        var anchors = TrustAnchors.Load(_folder.Path);

        Assert.Equal(
            new[] { First, Second, below }.Select(authority => authority.Certificate.Thumbprint).Order(),
            anchors.Certificates.Select(certificate => certificate.Thumbprint).Order());
    }

    [Fact]
    public void An_authority_whose_issuer_stands_in_a_later_file_is_linked()
    {
        var below = First.Subordinate("CN=Below, C=JP");
        var belowThat = below.Subordinate("CN=Below that, C=JP");
        File.WriteAllText(_folder["a.pem"], belowThat.Pem);
        File.WriteAllText(_folder["b.pem"], below.Pem);
        File.WriteAllText(_folder["c.pem"], First.Pem);

        var anchors = TrustAnchors.Load(_folder.Path);

        Assert.Equal([belowThat.Certificate.Thumbprint], anchors.CardIssuers.Select(authority => authority.Certificate.Thumbprint));
    }

    [Fact]
    public void One_certificate_in_two_files_counts_once()
    {
        File.WriteAllText(_folder["a.pem"], First.Pem + First.Pem);
        File.WriteAllText(_folder["b.pem"], First.Pem);

        Assert.Single(TrustAnchors.Load(_folder.Path).Certificates);
    }

    [Fact]
    public void Hidden_files_are_passed_over()
    {
        File.WriteAllText(_folder["root.pem"], First.Pem);
        File.WriteAllText(_folder[".root.pem.new"], "half");

        Assert.Single(TrustAnchors.Load(_folder.Path).Certificates);
    }

    [Fact]
    public void A_missing_or_empty_folder_is_named()
    {
        Assert.Contains(_folder["nowhere"], Assert.Throws<SettingsException>(() => TrustAnchors.Load(_folder["nowhere"])).Message, StringComparison.Ordinal);
        Assert.Contains(_folder.Path, Assert.Throws<SettingsException>(() => TrustAnchors.Load(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_PEM_is_named_and_the_way_to_convert_it_told()
    {
        File.WriteAllBytes(_folder["root.cer"], First.Certificate.RawData);

        AssertRefused("root.cer", "openssl x509");
    }

    [Fact]
    public void A_private_key_does_not_belong_here()
    {
        using var key = RSA.Create(2048);
        File.WriteAllText(_folder["root.pem"], First.Pem + key.ExportPkcs8PrivateKeyPem());

        AssertRefused("root.pem", "private key");
    }

    [Fact]
    public void Nor_does_anything_else_in_PEM()
    {
        File.WriteAllText(_folder["root.pem"], First.Pem + PemEncoding.WriteString("X509 CRL", [1, 2, 3]));

        AssertRefused("root.pem", "X509 CRL");
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 })]
    [InlineData(new byte[] { 0x30, 0x03, 0x02, 0x01, 0x00 })]
    [InlineData(new byte[0])]
    public void A_certificate_that_cannot_be_read_is_named(byte[] der)
    {
        File.WriteAllText(_folder["root.pem"], PemEncoding.WriteString("CERTIFICATE", der));

        AssertRefused("root.pem", "can't be read");
    }

    [Fact]
    public void A_certificate_of_no_authority_is_refused()
    {
        File.WriteAllText(_folder["card.pem"], PemEncoding.WriteString("CERTIFICATE", First.Card()));

        AssertRefused("card.pem", "no authority");
    }

    [Fact]
    public void An_authority_that_may_not_sign_certificates_is_refused()
    {
        File.WriteAllText(_folder["a.pem"], First.Pem + First.Subordinate("CN=Lists alone, C=JP", uses: X509KeyUsageFlags.CrlSign).Pem);

        AssertRefused("a.pem", "no authority");
    }

    [Fact]
    public void An_authority_with_a_weak_or_another_kind_of_key_is_refused()
    {
        File.WriteAllText(_folder["weak.pem"], TestAuthority.Root(keyBits: 1024).Pem);
        AssertRefused("weak.pem", "2048");

        File.Delete(_folder["weak.pem"]);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Elliptic", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(_folder["elliptic.pem"], certificate.ExportCertificatePem());
        AssertRefused("elliptic.pem", "RSA");
    }

    [Fact]
    public void An_authority_whose_issuer_is_missing_is_refused_and_the_issuer_named()
    {
        File.WriteAllText(_folder["below.pem"], Second.Subordinate("CN=Below, C=JP").Pem);
        // Same name as the issuer, another generation's key: a name is not enough.
        File.WriteAllText(_folder["root.pem"], First.Pem);

        AssertRefused("below.pem", "JPKI for user authentication");
    }

    [Fact]
    public void A_file_too_large_for_a_list_of_authorities_is_not_read()
    {
        using (var file = File.Create(_folder["huge.pem"])) file.SetLength(TrustAnchors.MaxFileLength + 1);

        AssertRefused("huge.pem", "larger");
    }

    private void AssertRefused(string file, string why)
    {
        var fault = Assert.Throws<SettingsException>(() => TrustAnchors.Load(_folder.Path));
        Assert.Contains(file, fault.Message, StringComparison.Ordinal);
        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }
}
