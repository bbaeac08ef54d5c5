using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.Contracts;
using EligibilityGateway.Demo.Embedded;
using EligibilityGateway.Demo.Pki;
using EligibilityGateway.Demo.Population;
using EligibilityGateway.Demo.Scenario;
using EligibilityGateway.Gateway.Feeds.CardOffice;
using EligibilityGateway.Gateway.Feeds.Insurers;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Keys;
using EligibilityGateway.Gateway.Operator;
using EligibilityGateway.Gateway.Settings;
using EligibilityGateway.Gateway.Startup;
using EligibilityGateway.Gateway.Storage;
using Npgsql;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace EligibilityGateway.Demo;

/// <summary>One run of the demonstration. What it starts, it stops, in the reverse order.</summary>
internal sealed class Demonstration(DemoOptions options, IAnsiConsole console)
{
    // The demonstration's revocation list is current as long as one may leave it running.
    private static readonly TimeSpan RevocationListLife = TimeSpan.FromDays(30);

    /// <summary>0 where each answer was the expected one.</summary>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        var scenario = ScenarioFile.Embedded();
        var agentProgram = AgentProgram.Find(options.Agent);
        Directory.CreateDirectory(options.DataFolder);
        // Before anything is made: whoever has to choose another port should not wait for a population first.
        if (options.Port != 0 && !FreePort.IsFree(options.Port))
            throw new ScenarioException($"Port {options.Port} on 127.0.0.1 is taken: choose another with --port, or stop what listens there.");

        // 1. Stores.
        Line("Starting PostgreSQL and Redis ...");
        await using var postgres = await EmbeddedPostgres.StartAsync(In("postgres"), cancellation);
        if (postgres.IsAside) Line($"PostgreSQL's unprivileged user can't enter {options.DataFolder}: its files are in {postgres.Folder}.");
        using var redis = EmbeddedRedis.Start();
        await Migrator.MigrateAsync(postgres.ConnectionString(StoreRole.Owner), Line, cancellation);
        Line($"PostgreSQL on 127.0.0.1:{postgres.Port}, Redis on 127.0.0.1:{redis.Port}.");
        await LoadPopulationAsync(postgres, cancellation);

        // 2. The scenario's clock, its PKI, its persons.
        var clock = new ShiftedClock(scenario.Clock - TimeProvider.System.GetUtcNow());
        using var pki = DemoPki.Open(In("pki"), TimeProvider.System);
        pki.Cards.PublishRevocationList([], clock.GetUtcNow() - TimeSpan.FromHours(1), clock.GetUtcNow() + RevocationListLife);
        await using var insurerRole = NpgsqlDataSource.Create(postgres.ConnectionString(StoreRole.InsurerFeed));
        await using var cardOfficeRole = NpgsqlDataSource.Create(postgres.ConnectionString(StoreRole.CardOffice));
        await using var gatewayRole = NpgsqlDataSource.Create(postgres.ConnectionString(StoreRole.Gateway));
        var cardOffice = new CardOfficeFeed(cardOfficeRole);
        var reset = new ScenarioReset(scenario, new InsurerFeed(insurerRole), cardOffice, new ApplicationFeed(cardOfficeRole), pki.Cards, gatewayRole);
        await reset.RunAsync(cancellation);
        var terminals = await RegisterTerminalsAsync(scenario, pki, postgres, cancellation);

        // 3. The gateway and its terminals.
        Line($"Starting the gateway and {terminals.Count} reader agents ...");
        var settings = Settings(postgres, redis, pki, clock);
        await using var gateway = await GatewayHost.StartAsync(settings, cancellation, logging => logging.SetMinimumLevel(LogLevel.Error).AddSimpleConsole());
        var agents = new Dictionary<string, ReaderAgentProcess>();
        try
        {
            foreach (var (name, files) in terminals)
                agents[name] = await ReaderAgentProcess.StartAsync(
                    name, [.. agentProgram, .. AgentArguments(gateway.Address, pki, name, files, clock)], cancellation);
            Line($"The gateway serves at {gateway.Address} since {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s after the start; {agents.Count} reader agents are connected.");

            // 4. The scenario.
            var failed = await PlayAsync(scenario, new ScenarioPlayer(scenario, agents, reset, cardOffice, gatewayRole, clock), cancellation);
            if (options.Once) return failed == 0 ? 0 : 1;
            TellHowToTry(gateway, pki, terminals.First(), agentProgram, clock);
            await gateway.WaitForShutdownAsync(cancellation);
            return failed == 0 ? 0 : 1;
        }
        finally
        {
            await Task.WhenAll(agents.Values.Select(agent => agent.DisposeAsync().AsTask()));
        }
    }

    private async Task LoadPopulationAsync(EmbeddedPostgres postgres, CancellationToken cancellation)
    {
        await using var owner = NpgsqlDataSource.Create(postgres.ConnectionString(StoreRole.Owner));
        var population = new SyntheticPopulation(options.Seed, options.People);
        var outcome = await console.Progress().StartAsync(async progress =>
        {
            var bar = progress.AddTask("Synthetic population", maxValue: options.People);
            var loaded = await new PopulationLoader(owner).LoadAsync(population, new Progress<LoadProgress>(step => bar.Value = step.Loaded), cancellation);
            bar.Value = options.People;
            return loaded;
        });
        Line(outcome switch
        {
            LoadOutcome.Loaded loaded => $"{Counted.Of(loaded.People, "person", "people")} loaded in {loaded.Took.TotalSeconds:F1} s ({Counted.Of(loaded.Rows, "row")}){(loaded.MendedCutOff ? "; an earlier load had been cut off" : "")}.",
            LoadOutcome.AlreadyThere there => $"{Counted.Of(there.People, "person is", "people are")} there already.",
            LoadOutcome.AnotherThere other => throw new ScenarioException(
                $"{options.DataFolder} holds another population ({Counted.Of(other.People, "person", "people")}, seed {other.Seed}): ask for that one with --people and --seed, or for another folder with --data."),
            LoadOutcome.NotEmpty filled => throw new ScenarioException(
                $"The table {filled.Table} in {options.DataFolder} holds rows that no load brought in: ask for another folder with --data."),
            _ => throw new UnreachableException(),
        });
    }

    private static async Task<IReadOnlyDictionary<string, (string CertificatePath, string KeyPath)>> RegisterTerminalsAsync(
        ScenarioFile scenario, DemoPki pki, EmbeddedPostgres postgres, CancellationToken cancellation)
    {
        await using var operatorRole = NpgsqlDataSource.Create(postgres.ConnectionString(StoreRole.Operator));
        var registration = new TerminalRegistration(operatorRole);
        var terminals = new Dictionary<string, (string, string)>();
        foreach (var terminal in scenario.Terminals)
        {
            if (!TerminalIdentity.TryParse(terminal.Identity, out var identity)) throw new ScenarioException($"The terminal {terminal.Name} has no identity.");
            var files = pki.Terminals.TerminalFiles(terminal.Name, identity);
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(files.CertificatePath);
            await registration.RegisterAsync(certificate, cancellation);
            terminals[terminal.Name] = files;
        }
        return terminals;
    }

    private GatewaySettings Settings(EmbeddedPostgres postgres, EmbeddedRedis redis, DemoPki pki, ShiftedClock clock)
    {
        var server = pki.Terminals.GatewayFiles();
        var keys = In("gateway-keys.json");
        if (!File.Exists(keys))
        {
            // Under another name first: a file that was written in part would be refused at the next start.
            var unfinished = In("gateway-keys.json.new");
            File.Delete(unfinished);
            GatewayKeys.WriteNew(unfinished);
            File.Move(unfinished, keys);
        }
        GatewayKeys.AddMissingRings(keys);
        return new GatewaySettings
        {
            Listen = string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{options.Port}"),
            Certificate = server.CertificatePath,
            CertificateKey = server.KeyPath,
            TerminalAuthorities = Path.GetDirectoryName(pki.Terminals.CertificatePath)!,
            CardAuthorities = pki.Cards.AnchorsFolder,
            RevocationLists = pki.Cards.RevocationListsFolder,
            Postgres = postgres.ConnectionString(StoreRole.Gateway),
            Redis = redis.ConnectionString,
            Keys = keys,
            Journal = In("journal"),
            Ready = "http://127.0.0.1:0",
            ClockShift = clock.Shift,
            // There .NET serves no newer one.
            AllowTls12 = OperatingSystem.IsMacOS(),
            Purpose = GatewayPurpose.Demo,
            // A laptop that has just built everything is slow; an answer that waits a little is shown rather than one in doubt.
            StorePatience = TimeSpan.FromSeconds(5),
            StoreLongest = TimeSpan.FromSeconds(10),
        };
    }

    private IEnumerable<string> AgentArguments(Uri gateway, DemoPki pki, string name, (string CertificatePath, string KeyPath) files, ShiftedClock clock) =>
    [
        "simulate", "--gateway", gateway.GetLeftPart(UriPartial.Authority), "--certificate", files.CertificatePath, "--key", files.KeyPath,
        "--trust", pki.Terminals.CertificatePath, "--cards", pki.Cards.CardsFolder, "--spool", In(Path.Combine("spools", name)),
        "--clock-shift", clock.Shift.ToString("c", CultureInfo.InvariantCulture), "--lang", options.Language,
    ];

    private async Task<int> PlayAsync(ScenarioFile scenario, ScenarioPlayer player, CancellationToken cancellation)
    {
        var (played, failed) = (0, 0);
        await foreach (var step in player.PlayAsync(cancellation))
        {
            played++;
            var (title, at) = scenario.HeadlineOf(step.Step, options.Language == "ja");
            console.MarkupLine($"{(step.AsExpected ? "[green]✓[/]" : "[red]✗[/]")} [bold]{Markup.Escape(title)}[/][grey]{Markup.Escape(at)}[/]");
            console.Write(AsShown(step.Text));
            if (step.AsExpected) continue;
            failed++;
            foreach (var difference in step.Differences) console.MarkupLine($"    [red]{Markup.Escape(difference)}[/]");
        }
        Line(failed == 0 ? $"All {played} steps went as expected." : $"{failed} of {played} steps did not go as expected.");
        return failed;
    }

    /// <summary>A terminal's page, on a console of any width: what is too long for its line goes on in its own column.</summary>
    private static Rows AsShown(string page)
    {
        var shown = new List<Grid>();
        foreach (var line in page.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // A row has its value at least two spaces behind its label; a headline is one text.
            string[] cells = line.Split("  ", 2, StringSplitOptions.TrimEntries);
            if (shown.Count == 0 || shown[^1].Columns.Count != cells.Length)
            {
                var grid = new Grid().AddColumn(new GridColumn { NoWrap = cells.Length == 2, Padding = new Padding(4, 0, 2, 0) });
                shown.Add(cells.Length == 2 ? grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) }) : grid);
            }
            shown[^1].AddRow(cells.Select(cell => new Text(cell)).ToArray<IRenderable>());
        }
        return new Rows(shown);
    }

    private void TellHowToTry(
        GatewayHost gateway, DemoPki pki, KeyValuePair<string, (string CertificatePath, string KeyPath)> terminal, IReadOnlyList<string> agentProgram, ShiftedClock clock)
    {
        var (certificate, key) = terminal.Value;
        Line("Try it by hand; Ctrl-C ends it.");
        // Commands to copy: a line break put in by the console would be a part of them.
        var commands = console.Profile.Out.Writer;
        commands.WriteLine($"  curl {new Uri(gateway.ReadyAddress!, ReadyHost.Path)}");
        commands.WriteLine($"  curl --cacert {pki.Terminals.CertificatePath} --cert {certificate} --key {key} {gateway.Address.GetLeftPart(UriPartial.Authority)}/v1/challenge");
        commands.WriteLine($"  {string.Join(' ', [.. agentProgram, .. AgentArguments(gateway.Address, pki, "by-hand", terminal.Value, clock)])}");
    }

    private string In(string name) => Path.Combine(options.DataFolder, name);

    private void Line(string text) => console.WriteLine(text);
}
