using System.Net.Sockets;
using EligibilityGateway.Common;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Access;
using EligibilityGateway.Gateway.Access.Journal;
using EligibilityGateway.Gateway.Applications;
using EligibilityGateway.Gateway.Appointments;
using EligibilityGateway.Gateway.Calls;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Charges;
using EligibilityGateway.Gateway.Keys;
using EligibilityGateway.Gateway.Keys.Counting;
using EligibilityGateway.Gateway.LookUps;
using EligibilityGateway.Gateway.Settings;
using EligibilityGateway.Gateway.Snapshots;
using EligibilityGateway.Gateway.Startup;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Terminals;
using EligibilityGateway.Gateway.Terminals.Streams;
using EligibilityGateway.Gateway.Terminals.Tls;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace EligibilityGateway.Gateway.Hosting;

/// <summary>One gateway: composed, checked, started, drained and stopped.</summary>
public sealed partial class GatewayHost : IAsyncDisposable
{
    /// <summary>A message of a megabyte is read so that the event can be refused with a reason; a larger one ends its stream.</summary>
    private const int MostMessageBytes = 4 << 20;

    /// <summary>How long what is under way may take once the gateway is told to stop.</summary>
    public static readonly TimeSpan ShutdownWithin = TimeSpan.FromSeconds(10);

    /// <summary>What it serves terminals, by name; health is told of each.</summary>
    private static readonly ServiceDescriptor[] Served =
    [
        Contracts.V1.Terminals.Descriptor, Contracts.V1.Eligibility.Descriptor, Contracts.V1.Charges.Descriptor, Contracts.V1.Appointments.Descriptor, Contracts.V1.Applications.Descriptor,
    ];

    private readonly Readiness _readiness = new();
    private readonly List<ReservedAddress> _addresses = [];
    private ReadyHost? _ready;
    private WebApplication? _app;
    private InsurerFeedHost? _insurers;
    private bool _isServing;

    private GatewayHost()
    {
    }

    /// <summary>Where it listens, with the real port.</summary>
    public Uri Address => new(Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Where insurers hand in their changes, with the real port; null where they don't here.</summary>
    public Uri? InsurerFeedAddress => _insurers?.Address;

    /// <summary>Where balancers ask whether it serves, with the real port; null where they don't here.</summary>
    public Uri? ReadyAddress => _ready?.Address;

    public IServiceProvider Services => _app!.Services;

    /// <summary>Starts a gateway; completes once it serves.</summary>
    /// <param name="settings">Its settings.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <param name="logging">Where it logs to; the console, where it is not said.</param>
    /// <param name="options">What else is to be done differently at this start.</param>
    /// <exception cref="SettingsException">It can't serve as it is set up: what is wrong and what to do.</exception>
    public static async Task<GatewayHost> StartAsync(
        GatewaySettings settings, CancellationToken cancellation, Action<ILoggingBuilder>? logging = null, StartOptions? options = null)
    {
        var gateway = new GatewayHost();
        try
        {
            await gateway.ComeUpAsync(settings, options ?? new StartOptions(), log => ConfigureLog(log, settings, logging), cancellation);
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes when the gateway is told to stop by a signal.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellation) => _app!.WaitForShutdownAsync(cancellation);

    /// <summary>Tells terminals to go elsewhere, finishes what is under way, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _readiness.Stop();
        await Task.WhenAll(_isServing ? _app!.StopAsync() : Task.CompletedTask, _insurers?.DisposeAsync().AsTask() ?? Task.CompletedTask);
        if (_app is not null) await _app.DisposeAsync();
        foreach (var address in _addresses) address.Dispose();
        // The last to go: until here it says that the gateway is stopping.
        if (_ready is not null) await _ready.DisposeAsync();
    }

    /// <summary>The story of a start. What it made when it fails is disposed of by whoever called.</summary>
    private async Task ComeUpAsync(GatewaySettings settings, StartOptions options, Action<ILoggingBuilder> log, CancellationToken cancellation)
    {
        // 1. The first fault ends the start; what the operator should know besides is logged once there is a log.
        var notes = new List<CheckFinding>();
        var report = new CheckReport(finding =>
        {
            if (finding.Kind == FindingKind.Wrong) throw new SettingsException(finding.Text);
            if (finding.Kind == FindingKind.Note) notes.Add(finding);
        });
        GatewayCheck.LookAtSettings(settings, report);

        // 2. Balancers are told from here on that it is not ready yet.
        if (settings.ReadyEndPoint() is { } ready)
        {
            _ready = await ReadyHost.StartAsync(ready, _readiness, cancellation);
            options.ReadyAt?.Invoke(_ready.Address);
        }
        var terminals = Reserve("listen", settings.Listen);
        var insurers = settings.InsurerFeed is { } feed ? Reserve("insurerFeed.listen", feed.Listen) : null;

        // 3. Files, then the parts, then what they stand on.
        var files = GatewayCheck.LookAtFiles(settings, report, TimeProvider.System, options.InsecureFiles)!;
        _app = Compose(settings, files, terminals, log);
        // Last registered, first called: before terminals hear of it, balancers do.
        _app.Lifetime.ApplicationStopping.Register(_readiness.Stop);
        await GatewayCheck.LookAtStoresAsync(settings, options.WithoutRedis, report, cancellation);
        RevocationListCheck.Look(settings.RevocationLists, Services.GetRequiredService<RevocationLists>(), Services.GetRequiredService<TimeProvider>().GetUtcNow(), report);
        JournalCheck.Look(settings.Journal, settings.Purpose == GatewayPurpose.Production, report);
        var logger = Services.GetRequiredService<ILogger<GatewayHost>>();
        foreach (var note in notes) LogNote(logger, note.Text);

        // 4. Whatever a first look-up would have to wait for.
        await Services.GetRequiredService<AccessPartitions>().EnsureAsync(cancellation);
        await Services.GetRequiredService<KeyUseLedger>().ReserveAsync(cancellation);
        Services.RecoverJournal();
        await WarmAsync(Services, cancellation);

        // 5. It serves.
        if (settings.InsurerFeed is not null)
            _insurers = await InsurerFeedHost.StartAsync(settings.InsurerFeed, Services.GetRequiredService<TimeProvider>(), files, insurers!, log, cancellation);
        await StartServerAsync(_app, terminals, cancellation);
        _isServing = true;
        _readiness.Serve(Services.GetRequiredService<StoreHealth>());
    }

    private ReservedAddress Reserve(string setting, string listen)
    {
        var address = ReservedAddress.Take(setting, GatewaySettings.EndPointOf(setting, listen));
        _addresses.Add(address);
        return address;
    }

    private static async Task StartServerAsync(WebApplication app, ReservedAddress address, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (SocketException e)
        {
            // Two that start at the same moment may both have reserved it.
            throw ReservedAddress.Refused("listen", address.EndPoint, e.SocketErrorCode);
        }
    }

    private static WebApplication Compose(GatewaySettings settings, GatewayFiles files, ReservedAddress address, Action<ILoggingBuilder> log)
    {
        var builder = BareHost.CreateBuilder();
        log(builder.Logging);
        builder.Services.ConfigureOptions<FrameworkSilence>();

        // What each room brings, from the ground up.
        builder.Services
            .AddSingleton(settings.Clock())
            .AddSingleton(files.Keys)
            .AddStores(settings.Postgres, settings.Redis, new StoreWaits(settings.StorePatience, settings.StoreLongest))
            .AddCards(files.CardAuthorities, settings.RevocationLists)
            .AddSnapshots(new FindingsOptions(settings.CacheCapacity))
            .AddAccess(JournalSize(settings))
            .AddKeyUse(CountedKeys)
            .AddTerminals(TerminalsOf(settings))
            .AddLookUps(new WarmUpOptions(settings.WarmUp))
            .AddApplications()
            .AddCharges()
            .AddAppointments(new AppointmentOptions(settings.AppointmentMissBudget, settings.MissPeriod))
            .AddStreams();
        builder.Services.AddCalls(MostMessageBytes).AddJsonTranscoding(o => o.TypeRegistry = TypeRegistry.FromFiles(ErrorDetailsReflection.Descriptor, AnswerReflection.Descriptor));
        builder.Services.AddGrpcReflection();
        builder.Services.AddGrpcHealth(Served).AddCheck<StoreHealthCheck>("postgres");
        builder.Services.AddHostedService(s => new CertificateReminder(files.Certificates(), TimeProvider.System, s.GetRequiredService<ILogger<CertificateReminder>>()));

        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = ShutdownWithin);
        builder.Services.Configure<SocketTransportOptions>(address.HandTo);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 100;
            kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
            kestrel.Limits.MaxRequestBodySize = MostMessageBytes + CallServices.FrameHeaderBytes;
            // A terminal's stream is silent between two patients.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            var refused = kestrel.ApplicationServices.GetRequiredService<RefusedClients>();
            kestrel.Listen(address.EndPoint, listen =>
            {
                listen.UseHttps(https => MutualTls.Configure(https, files.Server.Certificate, files.Server.Chain, files.TerminalAuthorities, settings.AllowTls12, refused));
                listen.Use(CertificateWatch.Watch);
                listen.Use(kestrel.ApplicationServices.GetRequiredService<OpenConnections>().Watch);
            });
        });

        var app = builder.Build();
        app.UseMiddleware<UncachedJson>();
        app.UseMiddleware<TerminalAdmission>();
        app.UseMiddleware<CallEnds>();
        app.MapGrpcService<TerminalsEndpoint>();
        app.MapGrpcService<EligibilityEndpoint>();
        app.MapGrpcService<ChargesEndpoint>();
        app.MapGrpcService<AppointmentsEndpoint>();
        app.MapGrpcService<ApplicationsEndpoint>();
        app.MapGrpcHealthChecksService();
        if (settings.Reflection) app.MapGrpcReflectionService();

        // Before the server stops listening to its connections, whoever asks it to stop.
        app.Lifetime.ApplicationStopping.Register(() => app.Services.GetRequiredService<TerminalStreams>().DrainAsync().Wait(ShutdownWithin));
        return app;
    }

    private static void ConfigureLog(ILoggingBuilder log, GatewaySettings settings, Action<ILoggingBuilder>? logging)
    {
        log.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning).AddFilter("Npgsql", LogLevel.Warning);
        // A later rule of the same category wins.
        foreach (var (category, level) in settings.Log.Levels)
        {
            if (category.Equals("default", StringComparison.OrdinalIgnoreCase)) log.SetMinimumLevel(level);
            else log.AddFilter(category, level);
        }
        if (logging is not null) logging(log);
        else if (settings.Log.Format == LogFormat.Json) log.AddJsonConsole(o => (o.UseUtcTimestamp, o.TimestampFormat) = (true, LogSettings.Time));
        else log.AddSimpleConsole(o => (o.SingleLine, o.UseUtcTimestamp, o.TimestampFormat) = (true, true, LogSettings.Time + " "));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Note}")]
    private static partial void LogNote(ILogger logger, string note);

    internal static JournalOptions JournalSize(GatewaySettings settings)
    {
        var capacity = (long)settings.JournalMegabytes << 20;
        return new JournalOptions(settings.Journal, capacity, SegmentBytes: (int)(capacity / 32), EmergencyReserveBytes: capacity / 16);
    }

    private static TerminalOptions TerminalsOf(GatewaySettings settings) => new(
        settings.TerminalLookUps, settings.TerminalConnections, settings.InstitutionConnections, settings.MissBudget, settings.MissPeriod, settings.RevocationSweep);

    private static (string Ring, KeyUse Use)[] CountedKeys(IServiceProvider services) =>
        [(RingNames.Answers, services.GetRequiredService<Seal>().Use), (RingNames.CacheValues, services.GetRequiredService<RedisFindings>().KeyUse)];

    /// <summary>Nobody is kept waiting, and so told an answer in doubt, by what is done for the first time in a process.</summary>
    private static async Task WarmAsync(IServiceProvider services, CancellationToken cancellation)
    {
        await services.GetRequiredService<AccessLog>().Ready.WaitAsync(cancellation);
        await services.GetRequiredService<WarmUp>().RunAsync(cancellation);
    }
}
