using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Rules.Facts;
using FsCheck;
using FsCheck.Fluent;

namespace EligibilityGateway.Gateway.Tests.Cards;

public sealed class CertificateInspectionTests
{
    // Three generations of one name, as the JPKI root has; an authority below the third.
    private static readonly TestAuthority[] Generations = [TestAuthority.Root(), TestAuthority.Root(), TestAuthority.Root()];
    private static readonly TestAuthority Below = Generations[2].Subordinate("CN=User authentication, O=JPKI-TEST, C=JP", pathLength: 0);
    private static readonly TestAuthority Stranger = TestAuthority.Root();
    private static readonly TrustAnchors Anchors = Load([.. Generations, Below]);

    [Fact]
    public void A_card_of_each_generation_is_known_by_the_signature_of_the_one_that_issued_it()
    {
        foreach (var generation in Generations)
            Assert.Equal(generation.Fingerprint, Passed(generation.Card()).Anchor);
    }

    [Fact]
    public void A_card_of_an_authority_below_a_root_has_that_authority_for_anchor()
    {
        Assert.Equal(Below.Fingerprint, Passed(Below.Card()).Anchor);
    }

    [Fact]
    public void The_facts_are_those_of_the_certificate()
    {
        using var key = RSA.Create(2048);
        var from = new DateTimeOffset(2024, 4, 1, 0, 0, 0, TimeSpan.FromHours(9));
        var until = new DateTimeOffset(2029, 3, 31, 23, 59, 59, TimeSpan.FromHours(9));
        var der = Below.Card(key, serial: [0, 0x81, 2, 3], from: from, until: until);

        var facts = Passed(der);

        Assert.Equal(SHA256.HashData(der), facts.Fingerprint);
        Assert.Equal(CardKey.Of(der), facts.CardKey);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(der))[..32], facts.CardKey.ToString("N"));
        Assert.Equal([0x81, 2, 3], facts.Serial);
        Assert.Equal(key.ExportParameters(false).Modulus, facts.Modulus);
        Assert.Equal(65537, facts.Exponent);
        Assert.Equal(from, facts.NotBefore);
        Assert.Equal(until, facts.NotAfter);
        Assert.Equal(TimeSpan.Zero, facts.NotAfter.Offset);
    }

    [Fact]
    public void Dates_are_not_judged_here()
    {
        Passed(Below.Card(from: DateTimeOffset.Parse("2020-01-02T00:00:00Z"), until: DateTimeOffset.Parse("2020-01-03T00:00:00Z")));
        Passed(Below.Card(from: DateTimeOffset.Parse("2039-01-01T00:00:00Z"), until: DateTimeOffset.Parse("2039-12-31T00:00:00Z")));
    }

    [Fact]
    public void Dates_of_an_authority_are_not_judged_here_either()
    {
        var ended = TestAuthority.Root("CN=Ended, C=JP", until: DateTimeOffset.Parse("2021-01-01T00:00:00Z"));

        Assert.IsType<CertificateInspection.Passed>(CertificateInspection.Of(ended.Card(from: DateTimeOffset.Parse("2020-06-01T00:00:00Z"), until: DateTimeOffset.Parse("2020-07-01T00:00:00Z")), Load(ended)));
    }

    [Fact]
    public void A_card_of_no_configured_authority_is_not_trusted_though_the_name_is_right()
    {
        AssertFault(CertificateFault.NotTrusted, Stranger.Card());
        AssertFault(CertificateFault.NotTrusted, TestAuthority.Root("CN=Somebody else").Card());
    }

    [Fact]
    public void A_card_of_an_authority_that_an_own_one_certified_but_nobody_configured_is_not_trusted()
    {
        AssertFault(CertificateFault.NotTrusted, Generations[0].Subordinate("CN=Not configured, C=JP").Card());
    }

    [Fact]
    public void A_certificate_that_signs_itself_is_not_trusted()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(TestAuthority.SharedName, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));

        AssertFault(CertificateFault.NotTrusted, certificate.RawData);
    }

    [Fact]
    public void An_authority_below_one_that_may_have_none_below_it_issues_nothing_that_counts()
    {
        var tooDeep = Below.Subordinate("CN=Too deep, C=JP");

        Assert.Equal(CertificateFault.NotTrusted, Assert.IsType<CertificateInspection.Failed>(
            CertificateInspection.Of(tooDeep.Card(), Load(Generations[2], Below, tooDeep))).Fault);
    }

    [Fact]
    public void A_critical_extension_that_nobody_knows_is_not_trusted()
    {
        AssertFault(CertificateFault.NotTrusted, Below.Card(extra: new X509Extension("1.2.3.4.5", [0x05, 0x00], critical: true)));
        Passed(Below.Card(extra: new X509Extension("1.2.3.4.5", [0x05, 0x00], critical: false)));
    }

    [Fact]
    public void Other_keys_and_algorithms_are_refused()
    {
        using var short1024 = RSA.Create(1024);
        using var long3072 = RSA.Create(3072);
        using var elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        AssertFault(CertificateFault.WrongAlgorithm, Below.Card(short1024));
        AssertFault(CertificateFault.WrongAlgorithm, Below.Card(long3072));
        AssertFault(CertificateFault.WrongAlgorithm, Below.Card(elliptic));
        AssertFault(CertificateFault.WrongAlgorithm, Below.Card(hash: HashAlgorithmName.SHA384));
        AssertFault(CertificateFault.WrongAlgorithm, Below.Card(hash: HashAlgorithmName.SHA512));
        AssertFault(CertificateFault.WrongAlgorithm, Below.Card(padding: RSASignaturePadding.Pss));
    }

    [Fact]
    public void Only_a_certificate_for_signing_that_is_no_authoritys_counts()
    {
        AssertFault(CertificateFault.WrongUse, Below.Card(uses: null));
        AssertFault(CertificateFault.WrongUse, Below.Card(uses: X509KeyUsageFlags.KeyEncipherment));
        AssertFault(CertificateFault.WrongUse, Below.Card(uses: X509KeyUsageFlags.NonRepudiation));
        AssertFault(CertificateFault.WrongUse, Below.Card(isAuthority: true));
        AssertFault(CertificateFault.WrongUse, Below.Certificate.RawData);
        Passed(Below.Card(uses: X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation));
    }

    [Fact]
    public void What_is_no_certificate_is_told_so()
    {
        var card = Below.Card();

        AssertFault(CertificateFault.NotACertificate, []);
        AssertFault(CertificateFault.NotACertificate, [0x30, 0x00]);
        AssertFault(CertificateFault.NotACertificate, [0x30, 0x82, 0xff, 0xff]);
        AssertFault(CertificateFault.NotACertificate, "-----BEGIN CERTIFICATE-----"u8.ToArray());
        AssertFault(CertificateFault.NotACertificate, new byte[CertificateInspection.MaxLength]);
        AssertFault(CertificateFault.NotACertificate, card[..^1]);
        AssertFault(CertificateFault.NotACertificate, [.. card, 0]);
        AssertFault(CertificateFault.NotACertificate, [.. card, .. card]);
        AssertFault(CertificateFault.NotACertificate, Below.RevocationList(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1)));
        using var certificate = X509CertificateLoader.LoadCertificate(card);
        AssertFault(CertificateFault.NotACertificate, System.Text.Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()));
    }

    [Fact]
    public void More_than_the_greatest_length_is_not_looked_at()
    {
        AssertFault(CertificateFault.TooLong, new byte[CertificateInspection.MaxLength + 1]);
        AssertFault(CertificateFault.TooLong, new byte[1 << 20]);
    }

    [Fact]
    public void A_certificate_with_any_byte_changed_never_passes_and_never_throws()
    {
        var card = Below.Card();

        Check.QuickThrowOnFailure(Prop.ForAll(Gen.Choose(0, card.Length - 1).ToArbitrary(), Gen.Choose(1, 255).ToArbitrary(), (at, change) =>
        {
            var changed = (byte[])card.Clone();
            changed[at] ^= (byte)change;
            return CertificateInspection.Of(changed, Anchors) is CertificateInspection.Failed;
        }));
    }

    [Fact]
    public void Random_bytes_never_pass_and_never_throw()
    {
        Check.QuickThrowOnFailure(Prop.ForAll<byte[]>(bytes => CertificateInspection.Of(bytes, Anchors) is CertificateInspection.Failed));
    }

    private static CertificateFacts Passed(byte[] der) => Assert.IsType<CertificateInspection.Passed>(CertificateInspection.Of(der, Anchors)).Facts;

    private static void AssertFault(CertificateFault expected, byte[] der) =>
        Assert.Equal(expected, Assert.IsType<CertificateInspection.Failed>(CertificateInspection.Of(der, Anchors)).Fault);

    private static TrustAnchors Load(params TestAuthority[] authorities)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["authorities.pem"], string.Concat(authorities.Select(authority => authority.Pem)));
        return TrustAnchors.Load(folder.Path);
    }
}
