using EligibilityGateway.Contracts;
using EligibilityGateway.Demo.Embedded;
using EligibilityGateway.Demo.Pki;
using EligibilityGateway.Gateway.Keys;
using EligibilityGateway.Gateway.Settings;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.LoadTests.Processes;
using Npgsql;

namespace EligibilityGateway.LoadTests.Stand;

/// <summary>
/// Everything that a gateway needs, each a process of its own on 127.0.0.1: Postgres, Redis, certificates, keys, settings. Postgres
/// and certificates are kept in the folder and used again; all processes end with this one.
/// </summary>
public sealed class TestStand : IAsyncDisposable
{
    /// <summary>The domain's clock begins here in each run, so that cards and coverages made for this day are always good.</summary>
    private static readonly DateTimeOffset Opening = new(2026, 10, 15, 9, 0, 0, JapanTime.Offset);

    private static readonly TimeSpan GatewayStartDeadline = TimeSpan.FromSeconds(60);

    private readonly string _folder;

    private TestStand(string folder, EmbeddedPostgres postgres, RedisServer redis, DemoPki pki, GatewayKeys keys, GatewaySettings settings)
    {
        _folder = folder;
        Postgres = postgres;
        Redis = redis;
        Pki = pki;
        Keys = keys;
        Settings = settings;
    }

    public EmbeddedPostgres Postgres { get; }

    public RedisServer Redis { get; }

    public DemoPki Pki { get; }

    public string PkiFolder => Path.Combine(_folder, "pki");

    public GatewayKeys Keys { get; }

    public GatewaySettings Settings { get; }

    /// <summary>The gateway's clock.</summary>
    public TimeProvider Clock => new ShiftedClock(Settings.ClockShift);

    /// <exception cref="MeasurementException">A part is missing or does not start.</exception>
    public static async Task<TestStand> OpenAsync(string folder, CancellationToken cancellation)
    {
        folder = Path.GetFullPath(folder);
        Directory.CreateDirectory(folder);
        var postgres = await EmbeddedPostgres.StartAsync(Path.Combine(folder, "postgres"), cancellation);
        RedisServer? redis = null;
        try
        {
            await Migrator.MigrateAsync(postgres.ConnectionString(StoreRole.Owner), report: null, cancellation);
            redis = await RedisServer.StartAsync(cancellation);
            var pki = DemoPki.Open(Path.Combine(folder, "pki"), TimeProvider.System);
            var clock = new ShiftedClock(Opening - TimeProvider.System.GetUtcNow());
            var now = clock.GetUtcNow();
            pki.Cards.PublishRevocationList([], now - DemoCardAuthority.ListLife / 2, now + DemoCardAuthority.ListLife / 2);

            var keyFile = Path.Combine(folder, "keys.json");
            if (!File.Exists(keyFile)) GatewayKeys.WriteNew(keyFile);
            GatewayKeys.AddMissingRings(keyFile);
            return new TestStand(folder, postgres, redis, pki, GatewayKeys.Load(keyFile), SettingsOf(folder, postgres, redis, pki, keyFile, clock));
        }
        catch
        {
            if (redis is not null) await redis.DisposeAsync();
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>A data source of that role; the caller's to dispose.</summary>
    public NpgsqlDataSource Connect(StoreRole role) => NpgsqlDataSource.Create(Postgres.ConnectionString(role));

    /// <summary>Starts the gateway as a process of its own.</summary>
    public Task<(GuardedProcess Process, Uri Address)> StartGatewayAsync(CancellationToken cancellation) => StartGatewayAsync(Settings, cancellation);

    /// <summary>Starts it as on its first day: with an empty journal, whatever the one before it left in such a one.</summary>
    public Task<(GuardedProcess Process, Uri Address)> StartFirstGatewayAsync(CancellationToken cancellation)
    {
        var journal = Path.Combine(_folder, "first-journal");
        if (Directory.Exists(journal)) Directory.Delete(journal, recursive: true);
        return StartGatewayAsync(Settings with { Journal = journal }, cancellation);
    }

    /// <summary>Starts it with other settings than the stand's own.</summary>
    public async Task<(GuardedProcess Process, Uri Address)> StartGatewayAsync(GatewaySettings settings, CancellationToken cancellation)
    {
        var config = Path.Combine(_folder, "gateway.json");
        settings.Save(config);
        var program = Path.Combine(AppContext.BaseDirectory, "gateway.dll");
        var process = await GuardedProcess.StartAsync(
            "The gateway", ["dotnet", program, "serve", "--config", config], ServingLine, GatewayStartDeadline, cancellation,
            logFile: Path.Combine(_folder, "gateway.log"));
        return (process, new Uri(process.ReadyLine[(process.ReadyLine.IndexOf(ServingLine, StringComparison.Ordinal) + "serving ".Length)..]));
    }

    private const string ServingLine = "serving https://";

    private static GatewaySettings SettingsOf(
        string folder, EmbeddedPostgres postgres, RedisServer redis, DemoPki pki, string keyFile, ShiftedClock clock)
    {
        var (certificate, key) = pki.Terminals.GatewayFiles();
        return new GatewaySettings
        {
            Listen = "https://127.0.0.1:0",
            Certificate = certificate,
            CertificateKey = key,
            TerminalAuthorities = Path.GetDirectoryName(pki.Terminals.CertificatePath)!,
            CardAuthorities = pki.Cards.AnchorsFolder,
            RevocationLists = pki.Cards.RevocationListsFolder,
            Postgres = postgres.ConnectionString(StoreRole.Gateway),
            Redis = redis.Address,
            Keys = keyFile,
            Journal = Path.Combine(folder, "journal"),
            ClockShift = clock.Shift,
            Purpose = GatewayPurpose.LoadTest,
        };
    }

    public async ValueTask DisposeAsync()
    {
        Pki.Dispose();
        await Redis.DisposeAsync();
        await Postgres.DisposeAsync();
    }
}
