using System.Security.Cryptography.X509Certificates;
using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Keys;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Silence;
using EligibilityGateway.Rules.Facts;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Operator;

/// <summary>The operator's commands as processes, on a real database.</summary>
public sealed class CommandTests(TestStores stores) : IAsyncLifetime
{
    private const string Nowhere = "Host=127.0.0.1;Port=1;Username=nobody;Password=TellNobody;Timeout=2";

    private TestTown _town = null!;

    public async ValueTask InitializeAsync() => _town = await TestTown.OpenAsync(stores);

    public async ValueTask DisposeAsync() => await _town.DisposeAsync();

    [Fact]
    public async Task Migrate_leaves_a_current_schema_as_it_is_and_installs_a_missing_one()
    {
        var owner = _town.Database.ConnectionString(StoreRole.Owner);
        AssertSaid("The schema is up to date.", await GatewayCommand.RunAsync("migrate", "--owner", owner));

        await using (var connection = await _town.Database.OpenAsSuperuserAsync())
            await connection.ExecuteAsync("DROP SCHEMA eligibility CASCADE; CREATE SCHEMA eligibility AUTHORIZATION eg_owner");
        AssertSaid("Applied: 0001_core", await GatewayCommand.RunAsync("migrate", "--owner", owner));
        AssertSaid("The schema is up to date.", await GatewayCommand.RunAsync("migrate", "--owner", owner));
    }

    [Fact]
    public async Task Migrate_by_another_role_is_refused()
    {
        await using (var connection = await _town.Database.OpenAsSuperuserAsync())
            await connection.ExecuteAsync("DROP SCHEMA eligibility CASCADE; CREATE SCHEMA eligibility AUTHORIZATION eg_owner");
        (await GatewayCommand.RunAsync("migrate", "--owner", _town.Database.ConnectionString(StoreRole.Gateway))).AssertRefused();
    }

    [Fact]
    public async Task A_terminal_is_registered_and_then_revoked()
    {
        var terminal = TestTown.NewTerminal(TerminalRole.Pharmacy, name: "counter-1");
        var file = Write("terminal.pem", terminal.Certificate.ExportCertificatePem());
        var store = _town.Database.ConnectionString(StoreRole.Operator);
        AssertSaid("not registered", await GatewayCommand.RunAsync("terminal", "revoke", file, "--operator", store));
        AssertSaid("let in", await GatewayCommand.RunAsync("terminal", "register", file, "--operator", store));
        Assert.Equal("counter-1", await _town.Database.ReadAsync<string>("SELECT name FROM terminal WHERE terminal_id = $1 AND revoked_at IS NULL", terminal.Id));

        AssertSaid("shut out", await GatewayCommand.RunAsync("terminal", "revoke", file, "--operator", store));
        AssertSaid("revoked before", await GatewayCommand.RunAsync("terminal", "revoke", file, "--operator", store));
        Assert.Equal(1L, await _town.Database.ReadAsync<long>("SELECT count(*) FROM terminal WHERE terminal_id = $1 AND revoked_at IS NOT NULL", terminal.Id));
        var again = await GatewayCommand.RunAsync("terminal", "register", file, "--operator", store);
        again.AssertRefused("was revoked on", "certificate of a new key");
    }

    [Fact]
    public async Task Terminals_are_listed_and_shown_and_those_whose_certificates_end_soon_stand_out()
    {
        using var authority = new TestClientAuthority();
        var cancellation = TestContext.Current.CancellationToken;
        var (now, store) = (DateTimeOffset.UtcNow, _town.Database.ConnectionString(StoreRole.Operator));
        var soon = await RegisterAsync("soon", now.AddDays(59));
        var later = await RegisterAsync("later", now.AddDays(62));
        var revoked = await RegisterAsync("revoked", now.AddDays(30));
        await _town.Terminals.RevokeAsync(revoked, now, cancellation);

        var all = (await GatewayCommand.RunAsync("terminal", "list", "--operator", store)).Output;
        Assert.Contains($"{later}  0110113719  reception  later  let in; certificate ends ", all, StringComparison.Ordinal);
        Assert.Contains($"{soon}  0110113719  reception  soon  let in; CERTIFICATE ENDS ", all, StringComparison.Ordinal);
        Assert.Contains("in 59 days", all, StringComparison.Ordinal);
        Assert.Contains($"{revoked}  0110113719  reception  revoked  revoked ", all, StringComparison.Ordinal);
        var ending = (await GatewayCommand.RunAsync("terminal", "list", "--ending", "--institution", "0110113719", "--operator", store)).Output;
        Assert.StartsWith($"{soon}  ", Assert.Single(ending.TrimEnd().Split('\n')), StringComparison.Ordinal);
        AssertSaid($"{soon}  0110113719", await GatewayCommand.RunAsync("terminal", "show", soon.ToString(), "--operator", store));
        AssertSaid($"{later}  0110113719", await GatewayCommand.RunAsync("terminal", "show", Path.Combine(_town.Folder, "later.pem"), "--operator", store));
        (await GatewayCommand.RunAsync("terminal", "show", Guid.NewGuid().ToString(), "--operator", store)).AssertRefused("has no terminal");

        using var log = new CapturedLog();
        await using (await _town.StartGatewayAsync(log: log))
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
            while (!log.Text.Contains("1 terminals have certificates that end within 60 days", StringComparison.Ordinal)) await look.WaitForNextTickAsync(limit.Token);
        }

        async Task<Guid> RegisterAsync(string name, DateTimeOffset ends)
        {
            var identity = new TerminalIdentity(InstitutionCode.Parse("0110113719"), TerminalRole.Reception, name, ProofClaims.None);
            using var certificate = authority.Issue(identity.ToUri(), ends);
            Write($"{name}.pem", certificate.ExportCertificatePem());
            await _town.Terminals.RegisterAsync(certificate, cancellation);
            return ClientCertificate.IdOf(certificate);
        }
    }

    [Fact]
    public async Task An_insurers_client_that_was_revoked_is_not_admitted_again()
    {
        using var authority = new TestClientAuthority();
        using var certificate = authority.Issue(InsurerIdentity.ToUri(TestTown.Union));
        var (file, store) = (Write("insurer.pem", certificate.ExportCertificatePem()), _town.Database.ConnectionString(StoreRole.Operator));
        AssertSaid("let in for", await GatewayCommand.RunAsync("insurer", "admit", file, "--operator", store));
        AssertSaid("shut out", await GatewayCommand.RunAsync("insurer", "revoke", file, "--operator", store));
        (await GatewayCommand.RunAsync("insurer", "admit", file, "--operator", store)).AssertRefused("was revoked on", "certificate of a new key");
    }

    [Fact]
    public async Task A_card_is_reported_lost_by_its_certificate_or_its_key()
    {
        var store = _town.Database.ConnectionString(StoreRole.CardOffice);
        var first = await _town.AddCardAsync(await _town.AddPersonAsync());
        var second = await _town.AddCardAsync(await _town.AddPersonAsync());
        var pem = Write("card.pem", X509CertificateLoader.LoadCertificate(first.Certificate).ExportCertificatePem());
        AssertSaid("The card is reported lost.", await GatewayCommand.RunAsync("card", "lost", pem, "--card-office", store));
        AssertSaid("was reported lost before", await GatewayCommand.RunAsync("card", "lost", pem, "--card-office", store));
        AssertSaid("The card is reported lost.", await GatewayCommand.RunAsync("card", "lost", second.CardKey.ToString(), "--card-office", store));
        foreach (var card in (TestCard[])[first, second])
            Assert.Equal((short)CardStatus.Lost, await _town.Database.ReadAsync<short>("SELECT status FROM card_state WHERE card_key = $1 ORDER BY revision DESC LIMIT 1", card.CardKey));
    }

    [Fact]
    public async Task A_card_that_is_unknown_or_revoked_is_not_reported_lost()
    {
        var store = _town.Database.ConnectionString(StoreRole.CardOffice);
        (await GatewayCommand.RunAsync("card", "lost", Guid.NewGuid().ToString(), "--card-office", store)).AssertRefused("no such card");
        var revoked = await _town.AddCardAsync(await _town.AddPersonAsync(), status: CardStatus.Revoked);
        (await GatewayCommand.RunAsync("card", "lost", revoked.CardKey.ToString(), "--card-office", store)).AssertRefused("nothing was changed");
    }

    [Fact]
    public async Task A_cards_life_is_reported_by_hand_and_counts_from_the_next_tap()
    {
        var store = _town.Database.ConnectionString(StoreRole.CardOffice);
        var person = await _town.AddPersonAsync();
        var (old, fresh, other) = (await _town.AddCardAsync(person, registered: false), await _town.AddCardAsync(person, registered: false), await _town.AddCardAsync(await _town.AddPersonAsync()));
        await using var gateway = await _town.StartGatewayAsync();
        using var desk = new TestDesk(gateway.Address, await _town.AddTerminalAsync(TerminalRole.Reception));
        Assert.Equal(Reason.CardNotRegistered, await ReasonAsync(old));

        await SaysAsync("The card is registered.", "registered", old.CardKey.ToString(), "--at", "portal");
        await SaysAsync("was registered before", "registered", old.CardKey.ToString(), "--at", "atm");
        Assert.Equal(Reason.Unspecified, await ReasonAsync(old));
        await SaysAsync("The card is reported lost.", "lost", old.CardKey.ToString());
        Assert.Equal(Reason.CardLost, await ReasonAsync(old));
        await SaysAsync("in use again", "found", old.CardKey.ToString());
        await SaysAsync("in use already", "found", old.CardKey.ToString());
        Assert.Equal(Reason.Unspecified, await ReasonAsync(old));

        (await GatewayCommand.RunAsync("card", "replaced", old.CardKey.ToString(), old.CardKey.ToString(), "--card-office", store)).AssertRefused("not itself");
        (await GatewayCommand.RunAsync("card", "replaced", old.CardKey.ToString(), other.CardKey.ToString(), "--card-office", store)).AssertRefused("of two persons");
        await SaysAsync("replaced by the new one", "replaced", old.CardKey.ToString(), fresh.CardKey.ToString());
        Assert.Equal(Reason.CardReplaced, await ReasonAsync(old));
        // The registration went over with it.
        Assert.Equal(Reason.Unspecified, await ReasonAsync(fresh));
        (await GatewayCommand.RunAsync("card", "found", old.CardKey.ToString(), "--card-office", store)).AssertRefused("does not come back");
        await SaysAsync("The card is ended.", "revoked", fresh.CardKey.ToString());
        Assert.Equal(Reason.CardRevoked, await ReasonAsync(fresh));

        var later = JapanTime.Format(TestTown.Today.AddYears(2));
        await SaysAsync("last day is moved", "extended", other.CardKey.ToString(), "--until", later);
        await SaysAsync("That was its last day before.", "extended", other.CardKey.ToString(), "--until", later);
        (await GatewayCommand.RunAsync("card", "extended", other.CardKey.ToString(), "--until", JapanTime.Format(TestTown.Today), "--card-office", store)).AssertRefused("nothing was changed");
        (await GatewayCommand.RunAsync("card", "extended", other.CardKey.ToString(), "--until", "2026-02-30", "--card-office", store)).AssertRefused("--until");
        Assert.Equal(Reason.Unspecified, await ReasonAsync(other));
        await SaysAsync("cards are ended", "died", other.CardKey.ToString());
        await SaysAsync("reported before", "died", other.CardKey.ToString());
        Assert.Equal(Reason.CardHolderDied, await ReasonAsync(other));

        async Task SaysAsync(string what, params string[] arguments) => AssertSaid(what, await GatewayCommand.RunAsync(["card", .. arguments, "--card-office", store]));

        async Task<Reason> ReasonAsync(TestCard card)
        {
            var result = await desk.TapAsync(card);
            return (result.Refusal?.Remedy ?? result.Answer.Remedy)?.Reason ?? Reason.Unspecified;
        }
    }

    [Fact]
    public async Task Each_command_refuses_bad_input_on_one_line()
    {
        var terminal = Write("good.pem", TestTown.NewTerminal(TerminalRole.Reception).Certificate.ExportCertificatePem());
        var card = Write("card.der", "");
        await File.WriteAllBytesAsync(card, TestTown.IssueCard().Certificate);
        using var authority = new TestClientAuthority();
        using var wrongDigit = authority.Issue("urn:eligibility-gateway:terminal:0110113718:reception:desk-1:none");
        using var wrongInsurer = authority.Issue("urn:eligibility-gateway:insurer:1");
        var (wrongTerminal, insurer) = (Write("wrong.pem", wrongDigit.ExportCertificatePem()), Write("insurer.pem", wrongInsurer.ExportCertificatePem()));
        var (noFile, noCertificate) = (Path.Combine(_town.Folder, "none.pem"), Write("text.pem", "hello"));
        var wrongRole = _town.Database.ConnectionString(StoreRole.Gateway);
        (string[] Arguments, string Because)[] cases =
        [
            (["migrate", "--owner", Nowhere], "--owner"),
            (["migrate", "--owner", "secret and no connection string"], "no connection string"),
            (["terminal", "register", noFile, "--operator", Nowhere], "none.pem"),
            (["terminal", "register", noCertificate, "--operator", Nowhere], "text.pem"),
            (["terminal", "register", card, "--operator", Nowhere], "names no terminal"),
            (["terminal", "register", wrongTerminal, "--operator", Nowhere], "checks the others (Luhn): after 011011371 it is 9. It needs one URI among its alternative names, urn:eligibility-gateway:terminal:INSTITUTION:ROLE:NAME:CLAIMS. INSTITUTION is"),
            (["insurer", "admit", insurer, "--operator", Nowhere], "urn:eligibility-gateway:insurer:NUMBER, each an insurer number of 8 digits, or 6"),
            (["terminal", "list", "--institution", "4810113710", "--operator", Nowhere], "begins with its prefecture, 01 to 47, and 48 is none"),
            (["terminal", "register", terminal, "--operator", Nowhere], "--operator"),
            (["terminal", "register", terminal, "--operator", "Port=many"], "no connection string"),
            (["terminal", "register", terminal, "--operator", wrongRole], "the role may not do that"),
            (["terminal", "revoke", noCertificate, "--operator", Nowhere], "text.pem"),
            (["card", "lost", noFile, "--card-office", Nowhere], "none.pem"),
            (["card", "lost", noCertificate, "--card-office", Nowhere], "text.pem"),
            (["card", "lost", new string('0', 12), "--card-office", Nowhere], "My Number"),
            (["card", "lost", new string('0', 23), "--card-office", Nowhere], "application"),
            (["card", "lost", card, "--card-office", Nowhere], "--card-office"),
            (["card", "lost", card, "--card-office", wrongRole], "the role may not do that"),
            (["keys", "new", Path.Combine(_town.Folder, "no", "such", "folder.json")], "can't be written"),
            (["keys", "new", Path.Combine(_town.Folder, "keys.json")], "never overwritten"),
            (["serve", "--config", noFile], "none.pem"),
            (["serve", "--config", noCertificate], "text.pem"),
            (["check", "--config", noFile], "none.pem"),
            (["migrate", "--owner", ""], "no connection string"),
            (["migrate", "--owner", "Host=127.0.0.1;Port=99999"], "no connection string"),
            (["migrate", "--owner", Without("Search Path", _town.Database.ConnectionString(StoreRole.Owner))], "add Search Path=eligibility"),
            (["card", "lost", card, "--card-office", Without("Search Path", _town.Database.ConnectionString(StoreRole.CardOffice))], "Search Path=eligibility"),
            (["card", "lost", card, "--card-office", Without("Password", _town.Database.ConnectionString(StoreRole.CardOffice))], "it asks for a password"),
        ];
        foreach (var (arguments, because) in cases)
        {
            var command = await GatewayCommand.RunAsync(arguments);
            command.AssertRefused(because);
            Assert.DoesNotContain("TellNobody", command.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_command_line_that_is_wrong_is_told_on_one_line_that_repeats_nothing_but_names()
    {
        (string Line, string Said)[] cases =
        [
            ("", "A command is missing after `gateway`: serve, check, migrate,"),
            ("serv", "`gateway` has no such command: did you mean serve?"),
            ("card", "A command is missing after `gateway card`: lost, found,"),
            ("card lst", "`gateway card` has no such command: did you mean lost?"),
            ("card whatever", "`gateway card` has no such command: lost, found,"),
            ("card lost TellNobody TellNobody", "There is a word too many after `gateway card lost`."),
            ("card lost TellNobody", "Option '--card-office' is required."),
            ("serve", "Option '--config' is required. `gateway serve --help` says what it takes."),
            ("serve --config", "'--config'"),
            ("serve --config a --config b", "'--config'"),
            ("serve --cnfig TellNobody", "`gateway serve` has no option --cnfig: did you mean --config?"),
            ("serve --cnfig=TellNobody", "`gateway serve` has no option --cnfig: did you mean --config?"),
            ("decide --json --lang TellNobody", "--lang is one of: ja, en."),
            ("decide --json=TellNobody", "There is a word too many after `gateway decide`."),
            ("expenses --format TellNobody --person 7 --year 2026 --asked-by me --expenses x", "--format is one of: csv, xml."),
            ("card registered TellNobody --at TellNobody --card-office x", "--at is one of: portal, atm."),
        ];
        foreach (var (line, said) in cases)
        {
            var command = await GatewayCommand.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            command.AssertRefused(said);
            Assert.DoesNotContain("TellNobody", command.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("System.", command.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task New_keys_are_good_and_their_owners_alone()
    {
        var file = Path.Combine(_town.Folder, "fresh.json");
        AssertSaid("fresh.json", await GatewayCommand.RunAsync("keys", "new", file));
        Assert.False(PublishedTestKeys.AreIn(GatewayKeys.Load(file).Challenges));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Keys_are_added_activated_removed_and_shown_with_their_use()
    {
        var file = Path.Combine(_town.Folder, "rotated.json");
        GatewayKeys.WriteNew(file);
        AssertSaid("Key 2 is in the ring \"answers\"", await GatewayCommand.RunAsync("keys", "add", file, "answers"));
        (await GatewayCommand.RunAsync("keys", "remove", file, "answers", "1")).AssertRefused("is active: activate another one first");
        AssertSaid("Key 2 of the ring \"answers\"", await GatewayCommand.RunAsync("keys", "activate", file, "answers", "2"));
        (await GatewayCommand.RunAsync("keys", "activate", file, "answers", "2")).AssertRefused("is active already");
        var settings = _town.Settings() with { Keys = file };
        await using (var gateway = await _town.StartGatewayAsync(settings))
        {
            using var desk = new TestDesk(gateway.Address, await _town.AddTerminalAsync(TerminalRole.Reception));
            await desk.TapAsync(await _town.AddCardAsync(await _town.AddPersonAsync()));
        }
        var shown = await GatewayCommand.RunAsync("keys", "show", file, "--gateway", _town.Database.ConnectionString(StoreRole.Gateway), "--journal", settings.Journal);
        AssertSaid("challenges 1: active, SHA-256 ", shown);
        Assert.Matches("(?m)^answers 1: not active, SHA-256 [0-9a-f]{16}…; 0 of 4,294,967,296 messages used, 0 %$", shown.Output);
        Assert.Matches("(?m)^answers 2: active, SHA-256 [0-9a-f]{16}…; 1,048,576 of 4,294,967,296 messages used, 0.02 %$", shown.Output);
        Assert.Matches("(?m)^cacheValues 1: active, .*; 1,048,576 of ", shown.Output);
        Assert.Matches("(?m)^journal 1: active, .*; 0 of ", shown.Output);
        Assert.Equal(7, shown.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        foreach (var ring in System.Text.Json.Nodes.JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!.AsObject())
            foreach (var key in ring.Value!["keys"]!.AsObject()) Assert.DoesNotContain(key.Value!.GetValue<string>()[..8], shown.Output, StringComparison.Ordinal);

        var copy = Path.Combine(_town.Folder, "records-alone.json");
        AssertSaid("The ring \"records\" is in", await GatewayCommand.RunAsync("keys", "copy", file, "records", copy));
        (await GatewayCommand.RunAsync("keys", "copy", file, "records", copy)).AssertRefused("exists already");
        Assert.Matches("^records 1: active, SHA-256 [0-9a-f]{16}…\n$", (await GatewayCommand.RunAsync("keys", "show", copy)).Output);
        AssertSaid("The ring \"answers\" is in", await GatewayCommand.RunAsync("keys", "add", copy, "answers"));

        AssertSaid("From each gateway's next start with this file on answers that it sealed", await GatewayCommand.RunAsync("keys", "remove", file, "answers", "1"));
        (string[] Arguments, string Because)[] cases =
        [
            (["add", file, "TellNobody"], "RING is one of: challenges, cacheNames, cacheValues, answers, journal, records"),
            (["remove", file, "answers", "1"], "has no key 1: it has 2"),
            (["remove", file, "answers", "TellNobody"], "a whole number from 0 to 255"),
            (["activate", file, "answers", "256"], "a whole number from 0 to 255"),
            (["add", Path.Combine(_town.Folder, "none.json"), "answers"], "can't be read"),
            (["add", Write("text.json", "hello"), "answers", "--insecure-files"], "has not the form of one"),
            (["show", file, "--journal", Path.Combine(_town.Folder, "none")], "names no folder"),
        ];
        foreach (var (arguments, because) in cases)
        {
            var refused = await GatewayCommand.RunAsync(["keys", .. arguments]);
            refused.AssertRefused(because);
            Assert.DoesNotContain("TellNobody", refused.Errors, StringComparison.Ordinal);
        }
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        (await GatewayCommand.RunAsync("keys", "add", file, "answers")).AssertRefused("by others than its owner");
        AssertSaid("Key 3 is in", await GatewayCommand.RunAsync("keys", "add", file, "answers", "--insecure-files"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    private static string Without(string keyword, string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        builder.Remove(keyword);
        return builder.ConnectionString;
    }

    private static void AssertSaid(string what, GatewayCommand command)
    {
        Assert.Equal((0, ""), (command.ExitCode, command.Errors));
        Assert.Contains(what, command.Output, StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(_town.Folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}
