using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using EligibilityGateway.Gateway.Insurers.Deliveries;

namespace EligibilityGateway.Gateway;

/// <summary>What a gateway needs to know to serve. Read from one JSON file; relative paths are relative to that file.</summary>
public sealed record GatewaySettings
{
    /// <summary>Where terminals connect: https://ADDRESS:PORT; port 0 takes a free one.</summary>
    public required string Listen { get; init; }

    /// <summary>The server's certificate (PEM, with intermediates if any) and its key (PEM).</summary>
    public required string Certificate { get; init; }

    public required string CertificateKey { get; init; }

    /// <summary>Folder of PEM files: who may issue terminals' certificates.</summary>
    public required string TerminalAuthorities { get; init; }

    /// <summary>Folder of PEM files: who may issue cards' user-authentication certificates.</summary>
    public required string CardAuthorities { get; init; }

    /// <summary>Folder of X.509 revocation lists of the card authorities.</summary>
    public required string RevocationLists { get; init; }

    /// <summary>Connection string of the serving role (eg_gateway).</summary>
    public required string Postgres { get; init; }

    /// <summary>Redis, as StackExchange.Redis writes it: host:port[,option=value …].</summary>
    public required string Redis { get; init; }

    /// <summary>The key file (see <see cref="Keys.GatewayKeys"/>).</summary>
    public required string Keys { get; init; }

    /// <summary>Folder of the local journal: on a volume that outlives the process.</summary>
    public required string Journal { get; init; }

    /// <summary>
    /// Disk that the journal takes for good at the first start, in MiB, 8 or more; a sixteenth of it is the emergency lane's reserve.
    /// 256 MiB hold about three minutes at 1,000 look-ups a second.
    /// </summary>
    public int JournalMegabytes { get; init; } = 256;

    /// <summary>By how much the clock of the domain is moved. Only for demonstrations and load tests.</summary>
    public TimeSpan ClockShift { get; init; }

    public GatewayPurpose Purpose { get; init; } = GatewayPurpose.Production;

    /// <summary>How many findings the process keeps. One takes about 1.5 KB.</summary>
    public int CacheCapacity { get; init; } = 100_000;

    /// <summary>
    /// How long a look-up waits for Postgres before the gateway looks whether that is away; where it is, the record goes to the journal
    /// and the answer is in doubt (promise P1).
    /// </summary>
    public TimeSpan StorePatience { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a look-up waits for a Postgres that is slow and in reach before its terminal is told to ask again.</summary>
    public TimeSpan StoreLongest { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a gateway may warm itself before it serves; zero for not at all.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often the terminals that are connected are compared with the register, should the notification of a revocation have been
    /// missed. With more than a second a revoked terminal may stay for more than two.
    /// </summary>
    public TimeSpan RevocationSweep { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many look-ups and other calls one terminal may have under way, over all its connections.</summary>
    public int TerminalLookUps { get; init; } = 16;

    /// <summary>How many connections may be open with one certificate; one more makes the oldest give way.</summary>
    public int TerminalConnections { get; init; } = 4;

    /// <summary>How many connections the terminals of one institution may have open; one more is refused.</summary>
    public int InstitutionConnections { get; init; } = 64;

    /// <summary>How many typed look-ups of one terminal may find nobody in one <see cref="MissPeriod"/>; an institution has ten times as many.</summary>
    public int MissBudget { get; init; } = 60;

    /// <summary>
    /// How many rows of an institution's appointments may match nobody in one <see cref="MissPeriod"/>; the rows after them are refused.
    /// </summary>
    public int AppointmentMissBudget { get; init; } = 1_000;

    /// <summary>After this a used-up budget is whole again; the periods are counted from 1970, at all gateways alike.</summary>
    public TimeSpan MissPeriod { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Where insurers hand in their changes; null where they don't here.</summary>
    public InsurerFeedSettings? InsurerFeed { get; init; }

    /// <exception cref="SettingsException">Says what is missing or wrong.</exception>
    public static GatewaySettings Load(string file)
    {
        try
        {
            var settings = JsonSerializer.Deserialize<GatewaySettings>(File.ReadAllText(file), Json)
                ?? throw new SettingsException($"{file} holds no settings.");
            var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
            string Absolute(string path) => Path.GetFullPath(path, folder);
            return settings with
            {
                Certificate = Absolute(settings.Certificate),
                CertificateKey = Absolute(settings.CertificateKey),
                TerminalAuthorities = Absolute(settings.TerminalAuthorities),
                CardAuthorities = Absolute(settings.CardAuthorities),
                RevocationLists = Absolute(settings.RevocationLists),
                Keys = Absolute(settings.Keys),
                Journal = Absolute(settings.Journal),
                InsurerFeed = settings.InsurerFeed is { } feed ? feed with { Authorities = Absolute(feed.Authorities), Spool = Absolute(feed.Spool) } : null,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new SettingsException($"The settings file {file} can't be read: {e.Message}");
        }
    }

    /// <exception cref="SettingsException">A number or a time with which a gateway can't serve: which, and what it may be.</exception>
    public void CheckBounds()
    {
        Above("storePatience", StorePatience, TimeSpan.Zero);
        if (StoreLongest < StorePatience)
            throw new SettingsException($"\"storeLongest\" is {StoreLongest}; it must be at least \"storePatience\", {StorePatience}.");
        if (WarmUp < TimeSpan.Zero || WarmUp > TimeSpan.FromMinutes(1))
            throw new SettingsException($"\"warmUp\" is {WarmUp}; it must be from 00:00:00 to 00:01:00.");
        Above("revocationSweep", RevocationSweep, TimeSpan.Zero);
        Above("missPeriod", MissPeriod, TimeSpan.Zero);
        Above("terminalLookUps", TerminalLookUps, 0);
        Above("terminalConnections", TerminalConnections, 0);
        Above("institutionConnections", InstitutionConnections, 0);
        Above("missBudget", MissBudget, 0);
        Above("appointmentMissBudget", AppointmentMissBudget, 0);
        Above("cacheCapacity", CacheCapacity, 0);
        if (JournalMegabytes is < 8 or > 16_384)
            throw new SettingsException($"\"journalMegabytes\" is {JournalMegabytes}; it must be from 8 to 16384.");
        if (InsurerFeed is { MostMegabytes: < 1 or > 16_384 } feed)
            throw new SettingsException($"\"insurerFeed.mostMegabytes\" is {feed.MostMegabytes}; it must be from 1 to 16384.");

        static void Above<T>(string name, T value, T bound) where T : IComparable<T>
        {
            if (value.CompareTo(bound) <= 0) throw new SettingsException($"\"{name}\" is {value}; it must be above {bound}.");
        }
    }

    /// <summary>Writes the settings to a file that <see cref="Load"/> reads.</summary>
    public void Save(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this, Json));

    /// <summary>Where a setting says to listen.</summary>
    /// <param name="name">The setting's name, for the error.</param>
    /// <param name="listen">Its value.</param>
    /// <exception cref="SettingsException">Not an https address with an IP and a port.</exception>
    public static IPEndPoint EndPointOf(string name, string listen)
    {
        if (!Uri.TryCreate(listen, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps)
            throw new SettingsException($"\"{name}\" is {listen}; it must be https://ADDRESS:PORT, for example https://0.0.0.0:7443.");
        if (uri.Host == "localhost") return new IPEndPoint(IPAddress.Loopback, uri.Port);
        if (!IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address))
            throw new SettingsException($"\"{name}\" is {listen}; the host must be an IP address or localhost.");
        return new IPEndPoint(address, uri.Port);
    }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web)
    {
        WriteIndented = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };
}

/// <summary>What a gateway is run for. Only production refuses the demo's certificates, published test keys and a moved clock.</summary>
public enum GatewayPurpose
{
    Production,
    Demo,
    LoadTest,
}
