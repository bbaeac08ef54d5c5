using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using EligibilityGateway.Common;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Feeds.Insurers.Deliveries;
using EligibilityGateway.Gateway.Startup;

namespace EligibilityGateway.Gateway.Settings;

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

    /// <summary>
    /// Whether the ways to Postgres and Redis may lead outside this machine without TLS that verifies whom it reaches: only where the network
    /// itself is protected.
    /// </summary>
    public bool PlainStores { get; init; }

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

    /// <summary>Whether terminals may connect by TLS 1.2, too, where something between them and the gateway knows no newer one.</summary>
    public bool AllowTls12 { get; init; }

    /// <summary>Whether a terminal may ask what services and messages there are (gRPC reflection), as a programmer's tools do.</summary>
    public bool Reflection { get; init; }

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

    /// <summary>Where balancers of this machine ask whether it serves: http://ADDRESS:PORT on the loopback; port 0 takes a free one; null for nowhere.</summary>
    public string? Ready { get; init; }

    /// <summary>Where they were read from; null where from nowhere.</summary>
    [JsonIgnore]
    public string? ReadFrom { get; init; }

    /// <summary>What is logged, and how.</summary>
    public LogSettings Log { get; init; } = new();

    /// <exception cref="SettingsException">Says all that is missing or wrong.</exception>
    public static GatewaySettings Load(string file)
    {
        var settings = SettingsFile.Read(file);
        try
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
            string Absolute(string path) => Path.GetFullPath(path, folder);
            return settings with
            {
                ReadFrom = Path.GetFullPath(file),
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
        catch (Exception e) when (e is ArgumentException or PathTooLongException)
        {
            throw new SettingsException($"The settings file {file} names a file or folder that no file system can have: look for stray characters.");
        }
    }

    /// <exception cref="SettingsException">A number or a time with which a gateway can't serve: which, and what it may be.</exception>
    public void CheckBounds()
    {
        Above("storePatience", StorePatience, TimeSpan.Zero, LongestWait);
        if (StoreLongest < StorePatience || StoreLongest > LongestWait)
            throw new SettingsException($"\"storeLongest\" is {StoreLongest}; it must be at least \"storePatience\", {StorePatience}, and {LongestWait} at most.");
        From("warmUp", WarmUp, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Above("revocationSweep", RevocationSweep, TimeSpan.Zero, LongestWait);
        Above("missPeriod", MissPeriod, TimeSpan.Zero, LongestMissPeriod);
        Above("terminalLookUps", TerminalLookUps, 0, MostAtOnce);
        Above("terminalConnections", TerminalConnections, 0, MostAtOnce);
        Above("institutionConnections", InstitutionConnections, 0, MostAtOnce);
        Above("missBudget", MissBudget, 0, int.MaxValue);
        Above("appointmentMissBudget", AppointmentMissBudget, 0, int.MaxValue);
        From("cacheCapacity", CacheCapacity, SmallestCache, LargestCache);
        From("journalMegabytes", JournalMegabytes, 8, MostMegabytes);
        if (InsurerFeed is { } feed) From("insurerFeed.mostMegabytes", feed.MostMegabytes, 1, MostMegabytes);
        if (ClockShift.Duration() > LongestClockShift) throw new SettingsException($"\"clockShift\" is {ClockShift}; it must be within {LongestClockShift.Days} days.");

        static void Above<T>(string name, T value, T bound, T most) where T : IComparable<T>
        {
            if (value.CompareTo(bound) <= 0 || value.CompareTo(most) > 0) throw new SettingsException($"\"{name}\" is {value}; it must be above {bound}, and {most} at most.");
        }

        static void From<T>(string name, T value, T least, T most) where T : IComparable<T>
        {
            if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0) throw new SettingsException($"\"{name}\" is {value}; it must be from {least} to {most}.");
        }
    }

    /// <summary>The domain's clock.</summary>
    public TimeProvider Clock() => ClockShift == TimeSpan.Zero ? TimeProvider.System : new ShiftedClock(ClockShift);

    /// <summary>Writes the settings to a file that <see cref="Load"/> reads.</summary>
    public void Save(string file)
    {
        // Its owner's alone: passwords are in it.
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(file, options);
        JsonSerializer.Serialize(stream, this, SettingsFile.Form);
    }

    /// <summary>Where it listens, by setting.</summary>
    /// <exception cref="SettingsException">One of them is no address of its kind, or two are the same.</exception>
    public IReadOnlyList<(string Setting, IPEndPoint EndPoint)> EndPoints()
    {
        var all = new List<(string Setting, IPEndPoint EndPoint)> { ("listen", EndPointOf("listen", Listen)) };
        if (InsurerFeed is not null) all.Add(("insurerFeed.listen", EndPointOf("insurerFeed.listen", InsurerFeed.Listen)));
        if (ReadyEndPoint() is { } ready) all.Add(("ready", ready));
        foreach (var (setting, endPoint) in all)
            if (all.Find(other => other.Setting != setting && ListenCheck.Meet(other.EndPoint, endPoint)) is { Setting: { } other })
                throw new SettingsException($"\"{setting}\" and \"{other}\" have the same port, {endPoint.Port}: give each one of its own.");
        return all;
    }

    /// <summary>Where balancers ask; null for nowhere.</summary>
    /// <exception cref="SettingsException">Not an http address of the loopback: anybody in the network could ask.</exception>
    public IPEndPoint? ReadyEndPoint()
    {
        if (Ready is null) return null;
        var endPoint = EndPointOf("ready", Ready, Uri.UriSchemeHttp, "http://127.0.0.1:7480");
        return IPAddress.IsLoopback(endPoint.Address)
            ? endPoint
            : throw new SettingsException("\"ready\" is not on this machine's loopback: it answers without a certificate, so write it as http://127.0.0.1:7480, and have a balancer elsewhere connect to \"listen\".");
    }

    /// <summary>Where a setting says to listen.</summary>
    /// <param name="name">The setting's name, for the error.</param>
    /// <param name="listen">Its value.</param>
    /// <exception cref="SettingsException">Not an https address with an IP and a port.</exception>
    public static IPEndPoint EndPointOf(string name, string listen) => EndPointOf(name, listen, Uri.UriSchemeHttps, "https://0.0.0.0:7443");

    private static IPEndPoint EndPointOf(string name, string listen, string scheme, string example)
    {
        if (!Uri.TryCreate(listen, UriKind.Absolute, out var uri) || uri.Scheme != scheme || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0)
            throw new SettingsException($"\"{name}\" must be {scheme}://ADDRESS:PORT, for example {example}.");
        if (uri.Host == "localhost") return new IPEndPoint(IPAddress.Loopback, uri.Port);
        if (!IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address))
            throw new SettingsException($"\"{name}\" must name this machine by an IP address, or localhost: for example {example}.");
        return new IPEndPoint(address, uri.Port);
    }

    private const int MostMegabytes = 16_384;

    /// <summary>The cache keeps places for new, often and seldom used findings apart, and can't with fewer.</summary>
    private const int SmallestCache = 3;

    /// <summary>Of look-ups or connections; more is a slip of the pen.</summary>
    private const int MostAtOnce = 100_000;

    /// <summary>Some 150 GB.</summary>
    private const int LargestCache = 100_000_000;

    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestMissPeriod = TimeSpan.FromDays(36_525);
    private static readonly TimeSpan LongestClockShift = TimeSpan.FromDays(36_525);
}

/// <summary>What a gateway is run for. Only production refuses the demo's certificates, published test keys and a moved clock.</summary>
public enum GatewayPurpose
{
    Production,
    Demo,
    LoadTest,
}
