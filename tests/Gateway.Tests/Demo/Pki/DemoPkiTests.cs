using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using EligibilityGateway.Contracts;
using EligibilityGateway.Demo.Pki;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Startup;
using EligibilityGateway.Gateway.Tests.Cards;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EligibilityGateway.Gateway.Tests.Demo.Pki;

public sealed class DemoPkiTests : IClassFixture<DemoPkiTests.Prepared>, IDisposable
{
    private static readonly DateTimeOffset From = new(2024, 4, 1, 0, 0, 0, JapanTime.Offset);
    private static readonly DateTimeOffset Until = new(2029, 3, 31, 23, 59, 59, JapanTime.Offset);
    private static readonly DateTimeOffset Now = new(2026, 10, 15, 9, 0, 0, JapanTime.Offset);
    private static readonly TerminalIdentity Desk = new(InstitutionCode.Parse("0110113719"), TerminalRole.Reception, "desk-1", ProofClaims.Face | ProofClaims.Sight);

    private readonly TemporaryFolder _folder = new();

    public DemoPkiTests(Prepared prepared)
    {
        foreach (var path in Directory.EnumerateFiles(prepared.Folder.Path, "*", SearchOption.AllDirectories))
        {
            var copy = _folder[Path.GetRelativePath(prepared.Folder.Path, path)];
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_card_passes_the_gateways_inspection_and_signs()
    {
        using var pki = Open();
        var card = pki.Cards.Issue(From, Until);

        var passed = Assert.IsType<CertificateInspection.Passed>(CertificateInspection.Of(card.Certificate, TrustAnchors.Load(pki.Cards.AnchorsFolder)));
        Assert.Equal(From, passed.Facts.NotBefore);
        Assert.Equal(Until, passed.Facts.NotAfter);
        Assert.Equal(pki.Cards.Anchor, passed.Facts.Anchor);
        var digest = SHA256.HashData("a tap"u8);
        using var key = RSA.Create();
        key.ImportPkcs8PrivateKey(card.PrivateKey, out _);
        Assert.True(CardSignature.Verify(passed.Facts.Modulus, passed.Facts.Exponent, digest, key.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
    }

    [Fact]
    public void A_card_says_nothing_about_its_holder()
    {
        using var pki = Open();
        using var certificate = X509CertificateLoader.LoadCertificate(pki.Cards.Issue(From, Until).Certificate);

        Assert.Equal($"CN={certificate.SerialNumber}, C=JP", certificate.Subject);
        Assert.Contains("O=JPKI-TEST", certificate.Issuer, StringComparison.Ordinal);
    }

    [Fact]
    public void Card_files_have_the_format_that_the_simulated_chip_reads()
    {
        using var pki = Open();
        pki.Cards.EnsureCard("employee", From, Until);

        using var json = JsonDocument.Parse(File.ReadAllBytes(pki.Cards.CardPath("employee")));

        Assert.Equal(["pin", "token", "certificate", "privateKey"], json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal("1234", json.RootElement.GetProperty("pin").GetString());
        Assert.Equal("JPKIAPICCTOKEN", json.RootElement.GetProperty("token").GetString());
        using var certificate = X509CertificateLoader.LoadCertificate(json.RootElement.GetProperty("certificate").GetBytesFromBase64());
        using var key = RSA.Create();
        key.ImportPkcs8PrivateKey(json.RootElement.GetProperty("privateKey").GetBytesFromBase64(), out _);
        using var withKey = certificate.CopyWithPrivateKey(key);
    }

    [Fact]
    public void A_card_without_certificate_has_null_for_it()
    {
        using var pki = Open();
        pki.Cards.EnsureCardWithoutCertificate("no-certificate", pin: "0000");

        using var json = JsonDocument.Parse(File.ReadAllBytes(pki.Cards.CardPath("no-certificate")));

        Assert.Equal("0000", json.RootElement.GetProperty("pin").GetString());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("certificate").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("privateKey").ValueKind);
    }

    [Fact]
    public async Task From_an_empty_folder_it_makes_all_that_is_needed()
    {
        using var empty = new TemporaryFolder();
        using var pki = DemoPki.Open(empty["made/on/the/way"], TimeProvider.System);
        IssueAll(pki);

        await AssertAllFitsTogether(pki);
    }

    [Fact]
    public void A_second_start_finds_everything_as_it_was()
    {
        var first = Contents();

        using (var pki = Open()) IssueAll(pki);

        Assert.Equal(first, Contents());
    }

    [Theory]
    [InlineData("terminal-authorities/terminal-authority.crt.pem")]
    [InlineData("terminal-authority.key.pem")]
    [InlineData("gateway.crt.pem")]
    [InlineData("gateway.key.pem")]
    [InlineData("terminals/desk.crt.pem")]
    [InlineData("terminals/desk.key.pem")]
    [InlineData("card-authorities/card-root.crt.pem")]
    [InlineData("card-root.key.pem")]
    [InlineData("card-authorities/user-authentication-authority.crt.pem")]
    [InlineData("user-authentication-authority.key.pem")]
    [InlineData("revocation-lists/user-authentication-authority.crl.pem")]
    [InlineData("cards/employee.json")]
    public async Task A_folder_where_one_file_is_missing_cut_short_empty_or_rubbish_is_mended(string file)
    {
        foreach (var harm in (Action<string>[])[File.Delete, CutShort, path => File.WriteAllBytes(path, [0xff, 0x00])])
        {
            harm(_folder[file]);

            using var pki = Open();
            IssueAll(pki);
            await AssertAllFitsTogether(pki);
        }

        static void CutShort(string path)
        {
            using var stream = File.OpenWrite(path);
            stream.SetLength(stream.Length / 2);
        }
    }

    [Fact]
    public async Task A_file_left_half_written_by_a_kill_is_no_trouble()
    {
        File.WriteAllText(_folder["card-authorities/.card-root.crt.pem.new"], "-----BEGIN CERT");
        File.WriteAllText(_folder["revocation-lists/.user-authentication-authority.crl.pem.new"], "");
        File.Delete(_folder["card-authorities/card-root.crt.pem"]);

        using var again = Open();
        IssueAll(again);
        await AssertAllFitsTogether(again);
    }

    [Fact]
    public void Private_keys_are_their_owners_alone()
    {
        if (OperatingSystem.IsWindows()) return;
        using var pki = Open();
        IssueAll(pki);

        var secrets = Contents()
            .Where(file => file.Value.Contains("PRIVATE KEY", StringComparison.Ordinal) || file.Value.Contains("privateKey", StringComparison.Ordinal))
            .Select(file => file.Key).ToList();

        Assert.Equal(6, secrets.Count);
        foreach (var path in secrets) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void Nothing_secret_lies_in_the_folders_that_a_gateway_reads()
    {
        using var pki = Open();
        IssueAll(pki);

        Assert.Equal(["card-root.crt.pem", "user-authentication-authority.crt.pem"], Directory.EnumerateFiles(pki.Cards.AnchorsFolder).Select(Path.GetFileName).Order());
        Assert.Equal(["terminal-authority.crt.pem"], Directory.EnumerateFiles(Path.GetDirectoryName(pki.Terminals.CertificatePath)!).Select(Path.GetFileName));
        Assert.Equal(["user-authentication-authority.crl.pem"], Directory.EnumerateFiles(pki.Cards.RevocationListsFolder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Gateway_and_terminal_shake_hands_over_mutual_TLS()
    {
        using var pki = Open();
        IssueAll(pki);

        Assert.Equal(Desk, await ShakeHands(pki));
    }

    [Fact]
    public async Task A_terminals_certificate_can_be_made_in_memory_alone()
    {
        using var pki = Open();
        using var certificate = pki.Terminals.IssueTerminal(Desk with { Name = "load-17" });

        Assert.True(certificate.HasPrivateKey);
        Assert.Equal(Desk with { Name = "load-17" }, TerminalIdentity.FromCertificate(certificate));
        Assert.Equal(Desk with { Name = "load-17" }, await ShakeHands(pki, certificate));
    }

    [Fact]
    public void A_file_name_that_is_given_to_another_terminal_gets_a_new_certificate()
    {
        using var pki = Open();
        var (path, _) = pki.Terminals.TerminalFiles("desk", Desk);
        var before = File.ReadAllText(path);

        pki.Terminals.TerminalFiles("desk", Desk with { Claims = ProofClaims.None });

        Assert.NotEqual(before, File.ReadAllText(path));
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(path);
        Assert.Equal(ProofClaims.None, TerminalIdentity.FromCertificate(certificate)!.Claims);
    }

    [Fact]
    public void Certificates_that_soon_end_are_made_anew_and_the_authority_too()
    {
        using var folder = new TemporaryFolder();
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        string gateway, authority;
        using (var pki = DemoPki.Open(folder.Path, clock))
        {
            gateway = File.ReadAllText(pki.Terminals.GatewayFiles().CertificatePath);
            authority = File.ReadAllText(pki.Terminals.CertificatePath);
        }

        clock.Advance(TimeSpan.FromDays(340));
        using (var pki = DemoPki.Open(folder.Path, clock))
        {
            Assert.NotEqual(gateway, File.ReadAllText(pki.Terminals.GatewayFiles().CertificatePath));
            Assert.Equal(authority, File.ReadAllText(pki.Terminals.CertificatePath));
        }

        clock.Advance(TimeSpan.FromDays(3600));
        using (var pki = DemoPki.Open(folder.Path, clock)) Assert.NotEqual(authority, File.ReadAllText(pki.Terminals.CertificatePath));
    }

    [Fact]
    public void A_card_of_other_dates_PIN_or_token_is_made_anew()
    {
        using var pki = Open();
        var first = pki.Cards.EnsureCard("one", From, Until);

        Assert.Equal(first.Certificate, pki.Cards.EnsureCard("one", From, Until).Certificate);
        var otherDates = pki.Cards.EnsureCard("one", From, Until.AddDays(1));
        Assert.NotEqual(first.Certificate, otherDates.Certificate);
        var otherPin = pki.Cards.EnsureCard("one", From, Until.AddDays(1), pin: "4321");
        Assert.NotEqual(otherDates.Certificate, otherPin.Certificate);
        Assert.NotEqual(otherPin.Certificate, pki.Cards.EnsureCard("one", From, Until.AddDays(1), pin: "4321", token: CardFile.Phone).Certificate);
    }

    [Fact]
    public void A_card_whose_key_is_anothers_is_made_anew()
    {
        using var pki = Open();
        var card = pki.Cards.EnsureCard("one", From, Until);
        (card with { PrivateKey = pki.Cards.Issue(From, Until).PrivateKey }).Write(pki.Cards.CardPath("one"));

        Assert.NotEqual(card.Certificate, pki.Cards.EnsureCard("one", From, Until).Certificate);
    }

    [Fact]
    public void Moments_within_a_second_make_no_new_card()
    {
        using var pki = Open();
        var card = pki.Cards.EnsureCard("one", From.AddMilliseconds(250), Until.AddMilliseconds(999));

        Assert.Equal(card.Certificate, pki.Cards.EnsureCard("one", From.AddMilliseconds(250), Until.AddMilliseconds(999)).Certificate);
    }

    [Fact]
    public void Everything_it_issues_is_known_as_the_demos()
    {
        using var pki = Open();
        IssueAll(pki);

        foreach (var path in Directory.EnumerateFiles(_folder.Path, "*.crt.pem", SearchOption.AllDirectories))
        {
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(path);
            Assert.True(DemoMark.IsOn(certificate), path);
        }
        using var card = X509CertificateLoader.LoadCertificate(pki.Cards.Issue(From, Until).Certificate);
        Assert.True(DemoMark.IsOn(card));
    }

    [Theory]
    [InlineData("CN=Some root, O=JPKI, C=JP")]
    [InlineData("CN=Some root, OU=JPKI for user authentication, O=JPKI-TEST, C=JP")]
    [InlineData("CN=Eligibility Gateway demo - not for use, O=JPKI, C=JP")]
    [InlineData("OU=One + CN=Two, O=Three")]
    public void Anothers_certificates_are_not(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest(name, key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));

        Assert.False(DemoMark.IsOn(certificate));
    }

    private DemoPki Open() => DemoPki.Open(_folder.Path, TimeProvider.System);

    private static void IssueAll(DemoPki pki)
    {
        pki.Terminals.GatewayFiles();
        pki.Terminals.TerminalFiles("desk", Desk);
        pki.Cards.EnsureCard("employee", From, Until);
        if (!File.Exists(Path.Combine(pki.Cards.RevocationListsFolder, "user-authentication-authority.crl.pem")) || !ListIsCurrent(pki))
            pki.Cards.PublishRevocationList([], Now.AddHours(-1), Now.AddDays(1));
    }

    private static bool ListIsCurrent(DemoPki pki)
    {
        using var lists = Lists(pki);
        return lists.IsCurrent(Now);
    }

    private static RevocationLists Lists(DemoPki pki) =>
        new(pki.Cards.RevocationListsFolder, TrustAnchors.Load(pki.Cards.AnchorsFolder), TimeProvider.System, NullLogger<RevocationLists>.Instance);

    private static async Task AssertAllFitsTogether(DemoPki pki)
    {
        Assert.Equal(Desk, await ShakeHands(pki));
        var card = pki.Cards.EnsureCard("employee", From, Until);
        Assert.IsType<CertificateInspection.Passed>(CertificateInspection.Of(card.Certificate, TrustAnchors.Load(pki.Cards.AnchorsFolder)));
        Assert.True(ListIsCurrent(pki));
    }

    private Dictionary<string, string> Contents() =>
        Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).ToDictionary(path => path, File.ReadAllText);

    /// <summary>A TLS connection to "localhost", each side trusting only the demo's authority; who the terminal is in the gateway's eyes.</summary>
    private static async Task<TerminalIdentity?> ShakeHands(DemoPki pki, X509Certificate2? terminal = null)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var authority = X509CertificateLoader.LoadCertificateFromFile(pki.Terminals.CertificatePath);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(authority);
        var gatewayFiles = pki.Terminals.GatewayFiles();
        var deskFiles = pki.Terminals.TerminalFiles("desk", Desk);
        using var gateway = X509Certificate2.CreateFromPemFile(gatewayFiles.CertificatePath, gatewayFiles.KeyPath);
        using var desk = X509Certificate2.CreateFromPemFile(deskFiles.CertificatePath, deskFiles.KeyPath);

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        var accepting = listener.AcceptTcpClientAsync(deadline.Token);
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, deadline.Token);
        using var server = await accepting;
        await using var serverTls = new SslStream(server.GetStream());
        await using var clientTls = new SslStream(client.GetStream());
        await Task.WhenAll(
            serverTls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = gateway, ClientCertificateRequired = true, CertificateChainPolicy = policy }, deadline.Token),
            clientTls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", ClientCertificates = [terminal ?? desk], CertificateChainPolicy = policy }, deadline.Token));
        return TerminalIdentity.FromCertificate((X509Certificate2)serverTls.RemoteCertificate!);
    }

    /// <summary>A PKI made once, since making RSA keys takes long; each test has a copy.</summary>
    public sealed class Prepared : IDisposable
    {
        public Prepared()
        {
            using var pki = DemoPki.Open(Folder.Path, TimeProvider.System);
            IssueAll(pki);
        }

        internal TemporaryFolder Folder { get; } = new();

        public void Dispose() => Folder.Dispose();
    }
}
