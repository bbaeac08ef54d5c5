using System.Globalization;
using EligibilityGateway.Demo.Embedded;
using EligibilityGateway.Gateway.Access.Journal;
using EligibilityGateway.Gateway.Settings;
using EligibilityGateway.Gateway.Tests.Access;
using EligibilityGateway.Gateway.Tests.Feeds.Insurers.Deliveries;

namespace EligibilityGateway.Gateway.Tests.Operator;

/// <summary><c>gateway check</c> as a process: tells what <c>gateway serve</c> would say, changes nothing, and disturbs no gateway that runs.</summary>
public sealed class CheckCommandTests(TestStores stores) : IAsyncLifetime
{
    private InsurerTown _town = null!;

    public async ValueTask InitializeAsync() => _town = await InsurerTown.OpenAsync(stores);

    public async ValueTask DisposeAsync() => await _town.DisposeAsync();

    [Fact]
    public async Task Each_thing_is_told_on_a_line_and_nothing_is_changed()
    {
        var settings = Settings();
        var before = await EverythingAsync();
        var check = await CheckAsync(settings);
        Assert.Equal((0, ""), (check.ExitCode, check.Errors));
        var lines = check.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var subject in (string[])
        [
            "settings", "keys", "certificate", "terminalAuthorities", "insurerFeed.authorities", "cardAuthorities", "purpose", "revocationLists", "postgres", "insurerFeed.postgres", "redis", "journal",
            "insurerFeed.spool", "listen", "insurerFeed.listen", "ready",
        ])
        {
            Assert.Single(lines, line => line.StartsWith($"good   {subject}: ", StringComparison.Ordinal));
        }
        Assert.Equal(16 + 1, lines.Length);
        Assert.Equal("A gateway can start with these settings.", lines[^1]);
        Assert.Equal(before, await EverythingAsync());
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_and_not_the_first_alone()
    {
        var check = await CheckAsync(Settings() with { Redis = "127.0.0.1:1", Postgres = "Host=127.0.0.1;Port=1;Username=u;Password=TellNobody", Keys = Path.Combine(_town.Town.Folder, "none.json") });
        Assert.Equal((1, ""), (check.ExitCode, check.Errors));
        foreach (var subject in (string[])["redis", "postgres", "keys"]) Assert.Contains($"wrong  {subject}: ", check.Output, StringComparison.Ordinal);
        Assert.Contains("good   certificate: ", check.Output, StringComparison.Ordinal);
        Assert.EndsWith("A gateway can't start with these settings: 3 things are wrong.\n", check.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("TellNobody", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beside_the_gateway_that_runs_its_ports_and_its_journal_are_told_to_be_its_own()
    {
        var settings = Settings();
        await using var gateway = await GatewayProcess.StartAsync(settings);
        var before = await EverythingAsync();
        for (var again = 0; again < 2; again++)
        {
            var check = await CheckAsync(settings);
            Assert.Equal((0, ""), (check.ExitCode, check.Errors));
            Assert.Contains($"note   journal: {settings.Journal} is in use, by a gateway that runs.", check.Output, StringComparison.Ordinal);
            foreach (var subject in (string[])["listen", "insurerFeed.listen", "ready"]) Assert.Matches($"note   {subject}: .* is in use, by the gateway that runs", check.Output);
        }
        Assert.Equal(before, await EverythingAsync());

        // Where it is another gateway's journal, the port is simply taken.
        var other = await CheckAsync(settings with { Journal = settings.Journal + "-other" });
        Assert.Equal(1, other.ExitCode);
        Assert.Contains($"wrong  listen: The port {new Uri(settings.Listen).Port} of \"listen\" is taken", other.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journals_lock_is_seen_without_being_taken()
    {
        var folder = Path.Combine(_town.Town.Folder, "seen");
        Directory.CreateDirectory(folder);
        Assert.False(JournalLock.IsHeld(folder));
        using (JournalFolder.Open(folder)) Assert.True(JournalLock.IsHeld(folder));
        Assert.False(JournalLock.IsHeld(folder));

        // Who looks all the while is in nobody's way.
        using var stop = new CancellationTokenSource();
        var looking = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested) JournalLock.IsHeld(folder);
        }, TestContext.Current.CancellationToken);
        for (var i = 0; i < 200; i++)
            using (JournalFolder.Open(folder)) Assert.True(JournalLock.IsHeld(folder));
        await stop.CancelAsync();
        await looking;
    }

    /// <summary>With ports of their own, that are known beforehand.</summary>
    private GatewaySettings Settings()
    {
        var settings = _town.Settings();
        return settings with
        {
            Listen = string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{FreePort.Choose()}"),
            Ready = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Choose()}"),
            InsurerFeed = settings.InsurerFeed! with { Listen = string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{FreePort.Choose()}") },
        };
    }

    private async Task<GatewayCommand> CheckAsync(GatewaySettings settings)
    {
        var file = Path.Combine(TestFolder.NewPath() + ".json");
        settings.Save(file);
        try
        {
            return await GatewayCommand.RunAsync("check", "--config", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Files with their lengths and times, and the database's tables: whatever a look might change.</summary>
    private async Task<string> EverythingAsync()
    {
        var files = Directory.EnumerateFileSystemEntries(_town.Town.Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => $"{path} {(File.Exists(path) ? new FileInfo(path).Length : 0)} {Directory.GetLastWriteTimeUtc(path).Ticks}");
        var tables = await _town.Town.Database.ReadAsync<string>("SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relkind IN ('r', 'p')");
        return string.Join('\n', [.. files, tables]);
    }
}
