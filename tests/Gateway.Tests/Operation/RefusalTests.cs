using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Dapper;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Tests.Cards;

namespace EligibilityGateway.Gateway.Tests.Operation;

/// <summary><c>gateway serve</c> in production, which takes nothing of the demonstration's and no store that forgets.</summary>
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
    public async Task The_demonstrations_server_certificate_is_refused() =>
        await AssertRefusedAsync(Production() with { Certificate = _town.Settings().Certificate, CertificateKey = _town.Settings().CertificateKey }, "demonstration's", "use your own");

    [Fact]
    public async Task The_demonstrations_terminal_authority_is_refused() =>
        await AssertRefusedAsync(Production() with { TerminalAuthorities = _town.Settings().TerminalAuthorities }, "demonstration's", "use your own");

    [Fact]
    public async Task The_demonstrations_card_authority_is_refused() =>
        await AssertRefusedAsync(Production() with { CardAuthorities = _town.Settings().CardAuthorities }, "demonstration's", "use your own");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_published_challenge_key_is_refused_active_or_not(int active)
    {
        var settings = Production();
        var keys = JsonNode.Parse(await File.ReadAllTextAsync(settings.Keys))!;
        keys["challenges"]!["keys"]!["2"] = PublishedTestKeys.Demo;
        keys["challenges"]!["active"] = active;
        var file = Path.Combine(_town.Folder, "published.json");
        await File.WriteAllTextAsync(file, keys.ToJsonString());
        await AssertRefusedAsync(settings with { Keys = file }, "published", "gateway keys new");
    }

    [Fact]
    public async Task A_moved_clock_is_refused() => await AssertRefusedAsync(Production() with { ClockShift = TimeSpan.FromDays(-1) }, "clockShift", "take it out");

    [Fact]
    public async Task A_journal_too_small_to_serve_is_refused() => await AssertRefusedAsync(Production() with { JournalMegabytes = 7 }, "journalMegabytes", "from 8 to 16384");

    [Fact]
    public void Bounds_without_sense_are_refused_each_by_its_name()
    {
        var settings = Production();
        settings.CheckBounds();
        foreach (var (name, bad) in new (string, GatewaySettings)[]
        {
            ("storePatience", settings with { StorePatience = TimeSpan.Zero }),
            ("revocationSweep", settings with { RevocationSweep = TimeSpan.FromSeconds(-1) }),
            ("missPeriod", settings with { MissPeriod = TimeSpan.Zero }),
            ("missBudget", settings with { MissBudget = 0 }),
            ("cacheCapacity", settings with { CacheCapacity = 0 }),
            ("journalMegabytes", settings with { JournalMegabytes = 16_385 }),
        })
        {
            Assert.Contains($"\"{name}\"", Assert.Throws<SettingsException>(bad.CheckBounds).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_connection_string_that_is_none_is_refused() =>
        await AssertRefusedAsync(Production() with { Postgres = "eligibility, please" }, "\"postgres\"", "no connection string");

    [Fact]
    public async Task Commits_that_do_not_wait_for_the_disk_are_refused()
    {
        await using var connection = await _town.Database.OpenAsSuperuserAsync();
        await connection.ExecuteAsync($"ALTER ROLE eg_gateway IN DATABASE {_town.Database.Name} SET synchronous_commit = off");
        await AssertRefusedAsync(Production(), "synchronous_commit", "set it on");
    }

    private static async Task AssertRefusedAsync(GatewaySettings settings, params string[] because)
    {
        var file = settings.Journal + ".settings.json";
        settings.Save(file);
        (await GatewayCommand.RunAsync("serve", "--config", file)).AssertRefused(because);
    }

    /// <summary>All of the operator's own.</summary>
    private GatewaySettings Production()
    {
        var authorities = Path.Combine(_town.Folder, "own");
        Directory.CreateDirectory(authorities);
        var certificate = Path.Combine(authorities, "own.pem");
        var key = Path.Combine(_town.Folder, "own.key");
        File.WriteAllText(certificate, Own.Value.Pem);
        File.WriteAllText(key, Own.Value.Certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return _town.Settings() with
        {
            Purpose = GatewayPurpose.Production,
            Certificate = certificate,
            CertificateKey = key,
            TerminalAuthorities = authorities,
            CardAuthorities = authorities,
        };
    }
}
