using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Dapper;
using EligibilityGateway.Common;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Feeds.Insurers.Deliveries;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Settings;
using EligibilityGateway.Gateway.Startup;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Cards;
using EligibilityGateway.Gateway.Tests.Startup;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Operator;

/// <summary>
/// <c>gateway serve</c> in production, which takes nothing of the demonstration's, no store that forgets, and nothing that it could not
/// serve with. Whatever it refuses, <c>gateway check</c> tells in the same words.
/// </summary>
public sealed class RefusalTests(TestStores stores) : IAsyncLifetime
{
    private static readonly Lazy<TestAuthority> Own = new(() => TestAuthority.Root("CN=An operator's own, C=JP"));

    private TestTown _town = null!;

    public async ValueTask InitializeAsync() => _town = await TestTown.OpenAsync(stores);

    public async ValueTask DisposeAsync() => await _town.DisposeAsync();

    [Fact]
    public async Task With_certificates_and_keys_of_its_own_a_gateway_starts_in_production()
    {
        await using var gateway = await _town.StartGatewayAsync(Production());
        Assert.NotEqual(0, gateway.Address.Port);
    }

    [Fact]
    public async Task The_demonstrations_certificates_are_refused() => await AssertEachRefusedAsync(
        (Production() with { Certificate = _town.Settings().Certificate, CertificateKey = _town.Settings().CertificateKey }, "is the demonstration's, whose keys anybody can make: use your own"),
        (Production() with { TerminalAuthorities = _town.Settings().TerminalAuthorities }, "is the demonstration's"),
        (Production() with { CardAuthorities = _town.Settings().CardAuthorities }, "is the demonstration's"));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_published_challenge_key_is_refused_active_or_not(int active)
    {
        var settings = Production();
        await AssertEachRefusedAsync((settings with
        {
            Keys = await KeysAsync(settings, "published.json", keys =>
            {
                keys["challenges"]!["keys"]!["2"] = PublishedTestKeys.Demo;
                keys["challenges"]!["active"] = active;
            }),
        }, "holds a challenge key that is published in the source: make keys with `gateway keys new FILE`"));
    }

    [Fact]
    public async Task A_key_file_that_is_none_is_refused_and_no_key_of_it_repeated()
    {
        var settings = Production();
        var secret = JsonNode.Parse(await File.ReadAllTextAsync(settings.Keys))!["answers"]!["keys"]!["1"]!.GetValue<string>();
        var faults = new (string Keys, string Because)[]
        {
            (await KeysAsync(settings, "swapped.json", keys => keys["answers"]!["keys"] = new JsonObject { [secret] = "1" }), "ring \"answers\": each key is an id from 0 to 255 with 32 bytes in Base64"),
            (await KeysAsync(settings, "short.json", keys => keys["answers"]!["keys"]!["1"] = secret[..20]), "ring \"answers\": each key is an id"),
            (await KeysAsync(settings, "inactive.json", keys => keys["journal"]!["active"] = 2), "ring \"journal\": each key is an id"),
            (await KeysAsync(settings, "text.json", keys => keys["journal"] = secret), "has not the form of one"),
            (await KeysAsync(settings, "many.json", keys => keys["journal"]!["active"] = 300), "has not the form of one"),
            (await KeysAsync(settings, "missing.json", keys => keys.AsObject().Remove("journal")), "has no ring \"journal\""),
            (Path.Combine(_town.Folder, "none.json"), "none.json can't be read"),
        };
        foreach (var (keys, because) in faults) Assert.DoesNotContain(secret[..20], await RefusalOf(settings with { Keys = keys }, because), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_with_secrets_that_others_may_read_are_refused_unless_the_operator_says_so()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has other rights.");
            return;
        }
        var settings = Production();
        settings.Save(Path.Combine(_town.Folder, "gateway.json"));
        settings = GatewaySettings.Load(Path.Combine(_town.Folder, "gateway.json"));
        // What the gateway writes itself is its owner's alone.
        await using (await _town.StartGatewayAsync(settings))
        {
        }
        foreach (var (file, said) in new[] { (settings.ReadFrom!, "The settings file"), (settings.Keys, "The key file"), (settings.CertificateKey, "The server's key") })
        {
            foreach (var mode in new[] { UnixFileMode.GroupRead, UnixFileMode.OtherRead, UnixFileMode.OtherWrite })
            {
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | mode);
                var refusal = await RefusalOf(settings, "by others than its owner");
                Assert.StartsWith($"{said} {file} ", refusal, StringComparison.Ordinal);
                await using (await GatewayHost.StartAsync(settings, Cancellation, _ => { }, new StartOptions { InsecureFiles = true }))
                {
                }
            }
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task A_moved_clock_is_refused() => await AssertEachRefusedAsync((Production() with { ClockShift = TimeSpan.FromDays(-1) }, "only a demonstration or a load test may do: take it out"));

    [Fact]
    public void Bounds_without_sense_are_refused_each_by_its_name()
    {
        var settings = Production();
        settings.CheckBounds();
        foreach (var (name, bad) in new (string, GatewaySettings)[]
        {
            ("storePatience", settings with { StorePatience = TimeSpan.Zero }),
            ("storePatience", settings with { StorePatience = TimeSpan.FromDays(50) }),
            ("revocationSweep", settings with { RevocationSweep = TimeSpan.FromSeconds(-1) }),
            ("revocationSweep", settings with { RevocationSweep = TimeSpan.FromDays(50) }),
            ("missPeriod", settings with { MissPeriod = TimeSpan.Zero }),
            ("missPeriod", settings with { MissPeriod = TimeSpan.MaxValue }),
            ("missBudget", settings with { MissBudget = 0 }),
            ("appointmentMissBudget", settings with { AppointmentMissBudget = 0 }),
            ("cacheCapacity", settings with { CacheCapacity = 2 }),
            ("cacheCapacity", settings with { CacheCapacity = int.MaxValue }),
            ("clockShift", settings with { ClockShift = TimeSpan.MinValue + TimeSpan.FromDays(1) }),
            ("journalMegabytes", settings with { JournalMegabytes = 7 }),
            ("journalMegabytes", settings with { JournalMegabytes = 16_385 }),
        })
        {
            Assert.Contains($"\"{name}\"", Assert.Throws<SettingsException>(bad.CheckBounds).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_server_certificate_that_no_terminal_would_accept_is_refused()
    {
        var (good, now) = (Production(), TestTown.Now);
        var (ended, notYet, forClients) = (
            TestCertificates.Write(_town.Folder, "ended", now.AddYears(-1), now.AddMinutes(-1)),
            TestCertificates.Write(_town.Folder, "not-yet", now.AddDays(1), now.AddYears(1)),
            TestCertificates.Write(_town.Folder, "for-clients", now.AddDays(-1), now.AddYears(1), TestCertificates.ForClients));
        var locked = Write("locked.key", Own.Value.Certificate.GetRSAPrivateKey()!.ExportEncryptedPkcs8PrivateKeyPem("TellNobody", new(System.Security.Cryptography.PbeEncryptionAlgorithm.Aes256Cbc, System.Security.Cryptography.HashAlgorithmName.SHA256, 1)));
        var (text, certificateAlone) = (Write("text.pem", "hello"), Write("certificate.key", await File.ReadAllTextAsync(good.Certificate, Cancellation)));
        await AssertEachRefusedAsync(
            (good with { CertificateKey = ended.Key }, "belongs to another certificate than"),
            (good with { CertificateKey = text }, "holds no private key"),
            (good with { CertificateKey = certificateAlone }, "holds no private key"),
            (good with { CertificateKey = locked }, "is locked with a password"),
            (good with { CertificateKey = Path.Combine(_town.Folder, "none.key") }, "none.key"),
            (good with { Certificate = text }, "holds no certificate in PEM"),
            (good with { Certificate = Write("broken.pem", "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n") }, "holds a certificate that can't be read"),
            (good with { Certificate = Path.Combine(_town.Folder, "none.pem") }, "none.pem"),
            (good with { Certificate = ended.Certificate, CertificateKey = ended.Key }, "ended on"),
            (good with { Certificate = notYet.Certificate, CertificateKey = notYet.Key }, "set the machine's clock right"),
            (good with { Certificate = forClients.Certificate, CertificateKey = forClients.Key }, "is not for servers"));
    }

    [Fact]
    public async Task Authorities_with_which_nobody_could_come_in_are_refused()
    {
        var (good, now) = (Production(), TestTown.Now);
        var (none, empty, leaves, ended, text) = (Path.Combine(_town.Folder, "nowhere"), Folder("empty"), Folder("leaves"), Folder("ended"), Folder("text"));
        TestCertificates.Write(leaves, "leaf", now.AddDays(-1), now.AddYears(1));
        TestCertificates.Write(ended, "authority", now.AddYears(-1), now.AddDays(-1), isAuthority: true);
        File.WriteAllText(Path.Combine(text, "text.pem"), "hello");
        await AssertEachRefusedAsync(
        [
            .. new (string Folder, string Because)[] { (none, "nowhere"), (empty, "holds no certificate in a *.pem file"), (text, "holds no certificate in a *.pem file"), (leaves, "holds no authority's certificate"), (ended, "have all ended") }
                .SelectMany(fault => new (GatewaySettings, string)[]
                {
                    (good with { TerminalAuthorities = fault.Folder }, fault.Because),
                    (good with { InsurerFeed = InsurerFeed() with { Authorities = fault.Folder } }, fault.Because),
                }),
            (good with { CardAuthorities = none }, "There is no folder"),
            (good with { CardAuthorities = empty }, "holds no certificate"),
            (good with { CardAuthorities = text }, "holds no certificate in PEM"),
        ]);
    }

    [Fact]
    public async Task Without_a_revocation_list_no_card_could_be_answered_for()
    {
        var (good, foreign) = (Production(), Folder("foreign-lists"));
        await File.WriteAllBytesAsync(Path.Combine(foreign, "list.crl"), TestAuthority.Root("CN=Nobody we know, C=JP").RevocationList(TestTown.Now.AddDays(-1), TestTown.Now.AddDays(1)), Cancellation);
        await AssertEachRefusedAsync(
            (good with { RevocationLists = Folder("no-lists") }, "holds no revocation list of a card authority: put the authorities' lists there"),
            (good with { RevocationLists = Path.Combine(_town.Folder, "nowhere") }, "There is no folder"),
            (good with { RevocationLists = foreign }, "holds no revocation list of a card authority"));
    }

    [Fact]
    public async Task A_revocation_list_that_is_too_old_is_told_of_and_is_no_reason_not_to_start()
    {
        var settings = Production();
        await File.WriteAllBytesAsync(Path.Combine(settings.RevocationLists, "own.crl"), Own.Value.RevocationList(TestTown.Now.AddDays(-9), TestTown.Now.AddDays(-2)), Cancellation);
        await using var gateway = await _town.StartGatewayAsync(settings);
        var note = Assert.Single(await CheckAsync(settings), finding => finding is { Kind: FindingKind.Note, Subject: "revocationLists" });
        Assert.Contains("was to be renewed by", note.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_ends_soon_is_warned_of()
    {
        var (good, now) = (Production(), TestTown.Now);
        var soon = TestCertificates.Write(_town.Folder, "soon", now.AddYears(-1), now.AddDays(29));
        var authorities = Folder("soon-authorities");
        TestCertificates.Write(authorities, "soon-authority", now.AddYears(-1), now.AddDays(5), isAuthority: true);
        using var log = new Silence.CapturedLog();
        await using (await _town.StartGatewayAsync(good with { Certificate = soon.Certificate, CertificateKey = soon.Key, TerminalAuthorities = authorities }, log))
        {
            foreach (var name in (string[])["CN=soon", "CN=soon-authority"])
                Assert.Matches($"Warning EligibilityGateway.*The certificate {name}, .* ends on .* put a new one there", log.Text);
        }
    }

    [Fact]
    public async Task A_Postgres_with_which_it_could_not_serve_is_refused()
    {
        var good = Production();
        await AssertEachRefusedAsync(
        [
            .. new (Action<NpgsqlConnectionStringBuilder> Spoil, string Because)[]
            {
                (c => c.SearchPath = null, "does not lead to the schema eligibility: add Search Path=eligibility"),
                (c => c.SearchPath = "public", "does not lead to the schema eligibility"),
                (c => c.Password = "TellNobody", "Postgres can't be used as \"postgres\" in the settings says: the password is wrong"),
                (c => c.Database = "no_such_database", "there is no database of that name"),
                (c => c.Host = "no-such-host.invalid", "the host is not found"),
                (c => c.Port = 1, "nothing listens at that host and port"),
                (c => c.Options = "-c default_transaction_read_only=on", "takes no writes"),
            }.Select(fault => (good with { Postgres = Spoilt(good.Postgres, fault.Spoil), PlainStores = true }, fault.Because)),
            (good with { Postgres = "eligibility, please" }, "\"postgres\" in the settings is no connection string"),
            (good with { Postgres = _town.Database.ConnectionString(StoreRole.InsurerFeed) }, "may not call record_look_ups: serve with eg_gateway"),
            (good with { Postgres = _town.Database.ConnectionString(StoreRole.Owner) }, "serve with eg_gateway"),
            (good with { InsurerFeed = InsurerFeed() with { Postgres = _town.Database.ConnectionString(StoreRole.Gateway) } }, "may not write insurer_batch: serve with eg_insurer_feed"),
            (good with { InsurerFeed = InsurerFeed() with { Postgres = Spoilt(InsurerFeed().Postgres, c => c.Password = "TellNobody") } }, "\"insurerFeed.postgres\" in the settings says: the password is wrong"),
            (good with { InsurerFeed = InsurerFeed() with { Postgres = "TellNobody" } }, "\"insurerFeed.postgres\" in the settings is no connection string"),
        ]);
    }

    [Fact]
    public async Task A_database_that_is_not_migrated_is_refused()
    {
        await using (var connection = await _town.Database.OpenAsSuperuserAsync())
            await connection.ExecuteAsync("DROP SCHEMA eligibility CASCADE; CREATE SCHEMA eligibility AUTHORIZATION eg_owner");
        await AssertEachRefusedAsync((Production(), "run `gateway migrate` first"));
    }

    [Fact]
    public async Task Commits_that_do_not_wait_for_the_disk_are_refused()
    {
        await using var connection = await _town.Database.OpenAsSuperuserAsync();
        await connection.ExecuteAsync($"ALTER ROLE eg_gateway IN DATABASE {_town.Database.Name} SET synchronous_commit = off");
        await AssertEachRefusedAsync((Production(), "synchronous_commit off"));
    }

    [Fact]
    public async Task A_Redis_that_refuses_or_does_not_answer_is_refused()
    {
        var good = Production();
        var postgres = new NpgsqlConnectionStringBuilder(good.Postgres).Port;
        var redis = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{stores.Redis.Port}");
        await AssertEachRefusedAsync(
            (good with { Redis = $"{redis},password=TellNobody" }, "refuses the password or the user"),
            (good with { Redis = redis }, "refuses the password or the user"),
            (good with { Redis = "127.0.0.1:1,password=TellNobody" }, "does not answer: nothing listens at that host and port"),
            (good with { Redis = "no-such-host.invalid:6379", PlainStores = true }, "does not answer: the host is not found"),
            (good with { Redis = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{postgres}") }, "something listens there, but no Redis"),
            (good with { Redis = $"{redis},pasword=TellNobody" }, "\"redis\" in the settings is no connection string"),
            (good with { Redis = $"redis://:TellNobody@{redis}" }, "\"redis\" in the settings is no connection string"),
            (good with { Redis = "127.0.0.1:port" }, "\"redis\" in the settings is no connection string"));
    }

    [Fact]
    public async Task A_store_outside_this_machine_is_refused_without_verified_TLS_unless_the_operator_says_so()
    {
        var good = Production();
        var (postgres, feed) = (Spoilt(good.Postgres, c => c.Host = "127.0.0.1,no-such-host.invalid"), InsurerFeed());
        await AssertEachRefusedAsync(
            (good with { Postgres = postgres }, "\"postgres\" in the settings leads outside this machine without verified TLS"),
            (good with { Postgres = Spoilt(postgres, c => c.SslMode = SslMode.Require) }, "\"postgres\" in the settings leads outside"),
            (good with { InsurerFeed = feed with { Postgres = Spoilt(feed.Postgres, c => c.Host = "no-such-host.invalid") } }, "\"insurerFeed.postgres\" in the settings leads outside"),
            (good with { Redis = "no-such-host.invalid:6379,password=TellNobody" }, "\"redis\" in the settings leads outside this machine without TLS"),
            (good with { Redis = "no-such-host.invalid:6379,ssl=true" }, "the host is not found"));
    }

    [Fact]
    public async Task In_an_outage_of_Redis_an_operator_may_start_a_gateway_without_it_but_not_with_a_wrong_password()
    {
        var options = new StartOptions { WithoutRedis = true };
        await using (await GatewayHost.StartAsync(Production() with { Redis = "127.0.0.1:1" }, Cancellation, _ => { }, options))
        {
        }
        var wrong = Production() with { Redis = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{stores.Redis.Port},password=wrong") };
        await Assert.ThrowsAsync<SettingsException>(() => GatewayHost.StartAsync(wrong, Cancellation, _ => { }, options));
    }

    [Fact]
    public async Task A_journal_in_the_wrong_place_is_refused_and_not_made()
    {
        var good = Production();
        var mistyped = Path.Combine(_town.Folder, "jurnal");
        await AssertEachRefusedAsync((good with { Journal = mistyped }, "There is no folder"), (good with { Journal = Write("file", "") }, "is a file"));
        Assert.False(Directory.Exists(mistyped));
        await AssertEachRefusedAsync((good with { InsurerFeed = InsurerFeed() with { Spool = Path.Combine(good.Keys, "spool") } }, "\"insurerFeed.spool\" can't be written"));

        // Who only tries it out is not asked to make folders.
        await using var gateway = await _town.StartGatewayAsync(_town.Settings() with { Journal = mistyped });
        Assert.True(Directory.Exists(mistyped));
    }

    [Fact]
    public async Task A_folder_that_is_not_the_gateways_own_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "Root may write everywhere, and Windows does not tell beforehand.");
        var good = Production();
        var foreign = Folder("foreign");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(foreign, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await AssertEachRefusedAsync(
            (good with { Journal = foreign }, "This user may not write in the folder"),
            (good with { InsurerFeed = InsurerFeed() with { Spool = foreign } }, "\"insurerFeed.spool\" can't be written"));
    }

    [Fact]
    public async Task A_new_journal_is_told_of_in_production()
    {
        using var log = new Silence.CapturedLog();
        var settings = Production();
        await using (await _town.StartGatewayAsync(settings, log)) Assert.Contains("a new journal is begun there", log.Text, StringComparison.Ordinal);
        using var later = new Silence.CapturedLog();
        await using (await _town.StartGatewayAsync(settings, later)) Assert.DoesNotContain("a new journal", later.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_another_ones_is_refused()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;
        var good = Production();
        await AssertEachRefusedAsync(
            (good with { Listen = Https(taken) }, $"The port {taken} of \"listen\" is taken"),
            (good with { Listen = "https://192.0.2.1:0" }, "is none of this machine's"),
            (good with { InsurerFeed = InsurerFeed() with { Listen = Https(taken) } }, $"The port {taken} of \"insurerFeed.listen\" is taken"),
            (good with { Ready = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{taken}") }, $"The port {taken} of \"ready\" is taken"),
            (good with { Listen = Https(7443), InsurerFeed = InsurerFeed() with { Listen = Https(7443) } }, "\"listen\" and \"insurerFeed.listen\" have the same port"),
            (good with { Ready = "http://0.0.0.0:0" }, "loopback"));

        static string Https(int port) => string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{port}");
    }

    [Fact]
    public async Task As_a_process_it_says_so_on_one_line_and_nothing_else()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var good = Production();
        (GatewaySettings Settings, string Because)[] cases =
        [
            (good with { CertificateKey = TestCertificates.Write(_town.Folder, "another", TestTown.Now, TestTown.Now.AddDays(1)).Key }, "belongs to another certificate"),
            (good with { Postgres = Spoilt(good.Postgres, c => c.SearchPath = null) }, "Search Path=eligibility"),
            (good with { Redis = "127.0.0.1:1" }, "--without-redis"),
            (good with { Listen = string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}") }, "is taken"),
            (good with { CacheCapacity = 0 }, "cacheCapacity"),
        ];
        foreach (var (settings, because) in cases)
        {
            var file = Path.Combine(_town.Folder, "gateway.json");
            settings.Save(file);
            (await GatewayCommand.RunAsync("serve", "--config", file)).AssertRefused(because);
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task AssertEachRefusedAsync(params (GatewaySettings Settings, string Because)[] cases)
    {
        foreach (var (settings, because) in cases) await RefusalOf(settings, because);
    }

    /// <summary>What a start says of the fault, on one line, and a check in the same words.</summary>
    private static async Task<string> RefusalOf(GatewaySettings settings, string because)
    {
        var refusal = (await Assert.ThrowsAsync<SettingsException>(() => GatewayHost.StartAsync(settings, Cancellation, _ => { }))).Message;
        Assert.Contains(because, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal);
        Assert.DoesNotContain("TellNobody", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", refusal, StringComparison.Ordinal);
        Assert.Contains(await CheckAsync(settings), finding => finding.Kind == FindingKind.Wrong && finding.Text == refusal);
        return refusal;
    }

    private static async Task<IReadOnlyList<CheckFinding>> CheckAsync(GatewaySettings settings)
    {
        var findings = new List<CheckFinding>();
        await GatewayCheck.LookAsync(settings, new CheckReport(findings.Add), Cancellation);
        return findings;
    }

    private static string Spoilt(string connectionString, Action<NpgsqlConnectionStringBuilder> spoil)
    {
        var spoilt = new NpgsqlConnectionStringBuilder(connectionString);
        spoil(spoilt);
        return spoilt.ConnectionString;
    }

    private async Task<string> KeysAsync(GatewaySettings settings, string name, Action<JsonNode> spoil)
    {
        var keys = JsonNode.Parse(await File.ReadAllTextAsync(settings.Keys, Cancellation))!;
        spoil(keys);
        return Write(name, keys.ToJsonString());
    }

    private string Folder(string name) => Directory.CreateDirectory(Path.Combine(_town.Folder, name)).FullName;

    private string Write(string name, string text)
    {
        var file = Path.Combine(_town.Folder, name);
        File.WriteAllText(file, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }

    private InsurerFeedSettings InsurerFeed() => new()
    {
        Listen = "https://127.0.0.1:0",
        Authorities = Folder("own"),
        Postgres = _town.Database.ConnectionString(StoreRole.InsurerFeed),
        Spool = Path.Combine(_town.Folder, "spool"),
    };

    /// <summary>All of the operator's own.</summary>
    private GatewaySettings Production()
    {
        var (authorities, lists) = (Folder("own"), Folder("own-lists"));
        File.WriteAllBytes(Path.Combine(lists, "own.crl"), Own.Value.RevocationList(TestTown.Now.AddDays(-1), TestTown.Now.AddDays(1)));
        var certificate = Path.Combine(authorities, "own.pem");
        File.WriteAllText(certificate, Own.Value.Pem);
        return _town.Settings() with
        {
            Purpose = GatewayPurpose.Production,
            Certificate = certificate,
            CertificateKey = Write("own.key", Own.Value.Certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem()),
            TerminalAuthorities = authorities,
            CardAuthorities = authorities,
            RevocationLists = lists,
            Journal = Folder("own-journal"),
        };
    }
}
