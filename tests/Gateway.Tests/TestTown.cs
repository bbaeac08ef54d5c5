using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Contracts;
using EligibilityGateway.Demo.Pki;
using EligibilityGateway.Gateway.Access;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Feeds.CardOffice;
using EligibilityGateway.Gateway.Feeds.Insurers;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Keys;
using EligibilityGateway.Gateway.Operator;
using EligibilityGateway.Gateway.Settings;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Terminals;
using EligibilityGateway.Rules.Cards;
using EligibilityGateway.Rules.Facts;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests;

/// <summary>
/// A small town to test a gateway in: a real database, certificates, terminals, and people whose facts come by the normal feeds. Gateways
/// are started on it, as many as a test needs.
/// </summary>
public sealed class TestTown : IAsyncDisposable
{
    public static readonly InsurerNumber Employees = Insurer("0113001");
    public static readonly InsurerNumber Union = Insurer("0613999");

    private static readonly Lazy<DemoPki> Pki = new(() => DemoPki.Open(TestFolder.NewPath(), TimeProvider.System));

    private readonly TestStores _stores;
    private readonly string _folder = TestFolder.NewPath();
    private readonly List<NpgsqlDataSource> _sources = [];
    private long _nextPerson = 1;

    private TestTown(TestStores stores, TestDatabase database)
    {
        _stores = stores;
        Database = database;
        InsurerFeed = new InsurerFeed(Source(StoreRole.InsurerFeed));
        CardOffice = new CardOfficeFeed(Source(StoreRole.CardOffice));
        Terminals = new TerminalRegistration(Source(StoreRole.Operator));
    }

    public TestDatabase Database { get; }

    public InsurerFeed InsurerFeed { get; }

    public CardOfficeFeed CardOffice { get; }

    public TerminalRegistration Terminals { get; }

    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public static DateOnly Today => JapanTime.Today(TimeProvider.System);

    /// <summary>Folder of those who issue the town's cards.</summary>
    public static string CardAuthoritiesFolder => Pki.Value.Cards.AnchorsFolder;

    /// <summary>The certificate that gateways' clients trust.</summary>
    public static string TrustPath => Pki.Value.Terminals.CertificatePath;

    public string Folder => _folder;

    public static async Task<TestTown> OpenAsync(TestStores stores)
    {
        var town = new TestTown(stores, await stores.CreateDatabaseAsync());
        Directory.CreateDirectory(town._folder);
        Directory.CreateDirectory(Path.Combine(town._folder, "terminal-authorities"));
        Directory.CreateDirectory(Path.Combine(town._folder, "lists"));
        File.Copy(Pki.Value.Terminals.CertificatePath, Path.Combine(town._folder, "terminal-authorities", "authority.pem"));
        GatewayKeys.WriteNew(Path.Combine(town._folder, "keys.json"));
        town.PublishRevocationList([], Now + TimeSpan.FromDays(1));
        await town.DeliverAsync(new InsurerDelivery { Insurers = [new(Employees, "全国健康保険協会 試験支部"), new(Union, "試験健康保険組合")] });
        return town;
    }

    /// <summary>Signs a revocation list into this town's own folder.</summary>
    public void PublishRevocationList(IEnumerable<byte[]> serials, DateTimeOffset nextUpdate)
    {
        // The authority writes into its own folder; each town has its own copy, so that lists don't meet.
        lock (Pki)
        {
            Pki.Value.Cards.PublishRevocationList(serials, Now - TimeSpan.FromMinutes(1), nextUpdate);
            foreach (var file in Directory.EnumerateFiles(Pki.Value.Cards.RevocationListsFolder))
                File.Copy(file, Path.Combine(_folder, "lists", Path.GetFileName(file)), overwrite: true);
        }
    }

    /// <summary>Settings of one gateway; each name has a journal of its own.</summary>
    public GatewaySettings Settings(string name = "one")
    {
        string certificate, key;
        // Written when first asked for, and classes begin side by side.
        lock (Pki) (certificate, key) = Pki.Value.Terminals.GatewayFiles();
        return new GatewaySettings
        {
            Listen = "https://127.0.0.1:0",
            Certificate = certificate,
            CertificateKey = key,
            TerminalAuthorities = Path.Combine(_folder, "terminal-authorities"),
            CardAuthorities = CardAuthoritiesFolder,
            RevocationLists = Path.Combine(_folder, "lists"),
            Postgres = Database.ConnectionString(StoreRole.Gateway),
            Redis = _stores.Redis.ConnectionString,
            Keys = Path.Combine(_folder, "keys.json"),
            Journal = Path.Combine(_folder, "journal-" + name),
            // Its disk is really taken, at every start of a gateway in every test.
            JournalMegabytes = 8,
            Purpose = GatewayPurpose.LoadTest,
            // The machines that tests run on stand still for longer than a hospital's: what is tested is not their speed.
            StorePatience = TimeSpan.FromSeconds(5),
            StoreLongest = TimeSpan.FromMinutes(1),
            WarmUp = TimeSpan.Zero,
            // One more way in, which must be closed to whom the others are.
            Reflection = true,
        };
    }

    public Task<GatewayHost> StartGatewayAsync(GatewaySettings? settings = null, ILoggerProvider? log = null) =>
        GatewayHost.StartAsync(settings ?? Settings(), CancellationToken.None, logging => { if (log is not null) logging.AddProvider(log); });

    /// <summary>A registered terminal's certificate.</summary>
    public async Task<TestTerminal> AddTerminalAsync(TerminalRole role, ProofClaims claims = ProofClaims.None, string name = "desk-1", string institution = "0110113719")
    {
        var terminal = NewTerminal(role, claims, name, institution);
        await Terminals.RegisterAsync(terminal.Certificate, CancellationToken.None);
        return terminal;
    }

    /// <summary>A terminal that its authority certified and the operator has not registered.</summary>
    public static TestTerminal NewTerminal(TerminalRole role, ProofClaims claims = ProofClaims.None, string name = "desk-1", string institution = "0110113719")
    {
        var identity = new TerminalIdentity(InstitutionCode.Parse(institution), role, name, claims);
        return new TestTerminal(identity, Pki.Value.Terminals.IssueTerminal(identity));
    }

    /// <summary>A person of 40 with one open coverage, and what else the test says.</summary>
    public async Task<TestPerson> AddPersonAsync(DateOnly? birthDate = null, InsurerNumber? insurer = null, DateOnly? acquiredOn = null, DateOnly? lostOn = null, string? number = null)
    {
        var id = _nextPerson++;
        if (DocumentNumbers.TryParse("試験", number ?? id.ToString("0000000"), "00", out var numbers) is not null) throw new ArgumentException("No such number.", nameof(number));
        var person = new TestPerson(id, id * 10, birthDate ?? Today.AddYears(-40), insurer ?? Employees, numbers, $"試験　{id}太郎");
        await DeliverAsync(new InsurerDelivery
        {
            Persons = [new PersonEntry(id, new DateOnly(2000, 1, 1), person.Name, "ｼｹﾝ ﾀﾛｳ", "", Sex.Male, person.BirthDate, "", "")],
            Coverages = [person.Coverage(acquiredOn ?? Today.AddYears(-3), lostOn)],
        });
        return person;
    }

    /// <summary>A card of that person; in use and registered where nothing else is said.</summary>
    public async Task<TestCard> AddCardAsync(
        TestPerson person,
        bool registered = true,
        CardStatus status = CardStatus.InUse,
        DateTimeOffset? notBefore = null,
        DateTimeOffset? notAfter = null,
        CardCarrier carrier = CardCarrier.Plastic,
        DateOnly? lastDay = null,
        CardTerm? term = null)
    {
        var card = IssueCard(notBefore, notAfter);
        await BindAsync(person, card, registered, status, carrier, lastDay, term);
        return card;
    }

    /// <summary>The card office binds the card to the person.</summary>
    public async Task BindAsync(
        TestPerson person,
        TestCard card,
        bool registered = true,
        CardStatus status = CardStatus.InUse,
        CardCarrier carrier = CardCarrier.Plastic,
        DateOnly? lastDay = null,
        CardTerm? term = null)
    {
        if (CertificateInspection.Of(card.Certificate, TrustAnchors.Load(Pki.Value.Cards.AnchorsFolder)) is not CertificateInspection.Passed { Facts: var facts })
            throw new InvalidOperationException("The demo's authority issues good certificates.");
        var state = new CardState(status, Now - TimeSpan.FromDays(1), registered, registered ? RegistrationChannel.Portal : null, lastDay, term);
        var outcome = await CardOffice.BindAsync(person.Id, facts, carrier, state, CancellationToken.None);
        Assert.Equal(CardOfficeOutcome.Done, outcome);
    }

    /// <summary>A card that the card office has bound to nobody.</summary>
    public static TestCard IssueCard(DateTimeOffset? notBefore = null, DateTimeOffset? notAfter = null)
    {
        var issued = Pki.Value.Cards.Issue(notBefore ?? Now - TimeSpan.FromDays(365), notAfter ?? Now + TimeSpan.FromDays(4 * 365));
        var key = RSA.Create();
        key.ImportPkcs8PrivateKey(issued.PrivateKey, out _);
        return new TestCard(issued.Certificate, key);
    }

    /// <summary>Where the gateway had what it answered, as its record says.</summary>
    public async Task<Contracts.V1.Source> SourceOfAsync(Contracts.V1.Answer answer) => CanonicalRecord.Read(
        await Database.ReadAsync<byte[]>("SELECT canonical FROM eligibility.access_record WHERE event_id = $1 ORDER BY revision DESC LIMIT 1", Guid.Parse(answer.EventId))).Source;

    public async Task DeliverAsync(InsurerDelivery delivery)
    {
        var outcome = await InsurerFeed.DeliverAsync(delivery, CancellationToken.None);
        Assert.IsType<DeliveryOutcome.Accepted>(outcome);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources) await source.DisposeAsync();
        await Database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static InsurerNumber Insurer(string digits) =>
        InsurerNumber.TryParse(digits + Luhn.CheckDigit(digits), out var number) ? number : throw new FormatException(digits);

    private NpgsqlDataSource Source(StoreRole role)
    {
        var source = NpgsqlDataSource.Create(Database.ConnectionString(role));
        _sources.Add(source);
        return source;
    }
}

/// <summary>A terminal with its client certificate.</summary>
public sealed record TestTerminal(TerminalIdentity Identity, X509Certificate2 Certificate)
{
    public Guid Id => AdmittedTerminals.IdOf(Certificate);
}

/// <summary>A person of the town, with the numbers of the one coverage it began with.</summary>
public sealed record TestPerson(long Id, long CoverageId, DateOnly BirthDate, InsurerNumber Insurer, DocumentNumbers Numbers, string Name)
{
    public CoverageEntry Coverage(DateOnly acquiredOn, DateOnly? lostOn) =>
        new(CoverageId, Id, Insurer, "01", Numbers, Relation.Insured, Name, acquiredOn, lostOn, null);
}

/// <summary>A card with its key.</summary>
public sealed record TestCard(byte[] Certificate, RSA Key)
{
    public Guid CardKey => Gateway.Cards.CardKey.Of(Certificate);
}
