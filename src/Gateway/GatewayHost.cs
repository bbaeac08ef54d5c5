using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Access;
using EligibilityGateway.Gateway.Access.Journal;
using EligibilityGateway.Gateway.Appointments;
using EligibilityGateway.Gateway.Calls;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Charges;
using EligibilityGateway.Gateway.Demo.Pki;
using EligibilityGateway.Gateway.Keys;
using EligibilityGateway.Gateway.Operation;
using EligibilityGateway.Gateway.Readers;
using EligibilityGateway.Gateway.Snapshots;
using EligibilityGateway.Gateway.Storage;
using Google.Protobuf.Reflection;
using Google.Rpc;
using MemoryPack;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Npgsql;
using StackExchange.Redis;

namespace EligibilityGateway.Gateway;

/// <summary>One gateway: composed, checked, started, drained and stopped.</summary>
public sealed class GatewayHost : IAsyncDisposable
{
    /// <summary>A message of a megabyte is read so that the event can be refused with a reason; a larger one ends its stream.</summary>
    private const int MostMessageBytes = 4 << 20;

    /// <summary>How long what is under way may take once the gateway is told to stop.</summary>
    public static readonly TimeSpan ShutdownWithin = TimeSpan.FromSeconds(10);

    private readonly WebApplication _app;
    private readonly InsurerFeedHost? _insurers;

    private GatewayHost(WebApplication app, InsurerFeedHost? insurers) => (_app, _insurers) = (app, insurers);

    /// <summary>Where it listens, with the real port.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Where insurers hand in their changes, with the real port; null where they don't here.</summary>
    public Uri? InsurerFeedAddress => _insurers?.Address;

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts a gateway; completes once it serves.</summary>
    /// <exception cref="SettingsException">It can't serve as it is set up: what is wrong and what to do.</exception>
    public static async Task<GatewayHost> StartAsync(GatewaySettings settings, CancellationToken cancellation, Action<ILoggingBuilder>? logging = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(GatewayHost).Assembly.GetName().Name });
        Log(builder.Logging);
        builder.Services.ConfigureOptions<FrameworkSilence>();

        settings.CheckBounds();
        var keys = GatewayKeys.Load(settings.Keys);
        var server = ReadServerCertificate(settings);
        var authorities = ReadAuthorities("terminal authorities", settings.TerminalAuthorities);
        var insurerAuthorities = settings.InsurerFeed is { } feed ? ReadAuthorities("insurers' authorities", feed.Authorities) : [];
        RefuseDemoInProduction(settings, keys, server, [.. authorities, .. insurerAuthorities]);
        _ = StoreConnection.Parse("\"postgres\" in the settings", settings.Postgres);

        AddClockAndKeys(builder.Services, settings, keys);
        AddStores(builder.Services, settings);
        AddCards(builder.Services, settings);
        AddSnapshots(builder.Services);
        AddAccess(builder.Services, settings, keys);
        AddReaders(builder.Services);
        AddAppointments(builder.Services);

        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = ShutdownWithin);
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
            kestrel.Listen(GatewaySettings.EndPointOf("listen", settings.Listen), listen =>
            {
                listen.UseHttps(https => MutualTls.Configure(https, server.Certificate, server.Chain, authorities));
                listen.Use(kestrel.ApplicationServices.GetRequiredService<OpenConnections>().Watch);
            });
        });

        var app = builder.Build();
        app.UseMiddleware<TerminalAdmission>();
        app.UseMiddleware<CallEnds>();
        app.MapGrpcService<TerminalsEndpoint>();
        app.MapGrpcService<EligibilityEndpoint>();
        app.MapGrpcService<ChargesEndpoint>();
        app.MapGrpcService<AppointmentsEndpoint>();
        app.MapGrpcService<ApplicationsEndpoint>();
        app.MapGrpcHealthChecksService();
        app.MapGrpcReflectionService();

        // Before the server stops listening to its connections, whoever asks it to stop.
        app.Lifetime.ApplicationStopping.Register(() => app.Services.GetRequiredService<TerminalStreams>().DrainAsync().Wait(ShutdownWithin));
        InsurerFeedHost? insurers = null;
        try
        {
            await CheckStoreAsync(app.Services, cancellation);
            await app.Services.GetRequiredService<AccessPartitions>().EnsureAsync(cancellation);
            RecoverJournal(app.Services);
            await WarmAsync(app.Services, cancellation);
            if (settings.InsurerFeed is not null)
                insurers = await InsurerFeedHost.StartAsync(settings.InsurerFeed, app.Services.GetRequiredService<TimeProvider>(), server, insurerAuthorities, Log, cancellation);
            await app.StartAsync(cancellation);
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await EndAsync();
            throw new SettingsException($"The port of {settings.Listen} is taken: choose another, or stop what listens there.");
        }
        catch
        {
            await EndAsync();
            throw;
        }
        return new GatewayHost(app, insurers);

        void Log(ILoggingBuilder log)
        {
            log.ClearProviders();
            log.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning).AddFilter("Npgsql", LogLevel.Warning);
            if (logging is null) log.AddSimpleConsole(o => o.SingleLine = true);
            else logging(log);
        }

        async ValueTask EndAsync()
        {
            if (insurers is not null) await insurers.DisposeAsync();
            await app.DisposeAsync();
        }
    }

    /// <summary>Completes when the gateway is told to stop by a signal.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellation) => _app.WaitForShutdownAsync(cancellation);

    /// <summary>Tells terminals to go elsewhere, finishes what is under way, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_app.StopAsync(), _insurers?.DisposeAsync().AsTask() ?? Task.CompletedTask);
        await _app.DisposeAsync();
    }

    private static void AddClockAndKeys(IServiceCollection services, GatewaySettings settings, GatewayKeys keys)
    {
        services.AddSingleton(settings);
        services.AddSingleton(keys);
        services.AddSingleton<TimeProvider>(settings.ClockShift == TimeSpan.Zero ? TimeProvider.System : new ShiftedClock(settings.ClockShift));
    }

    private static void AddStores(IServiceCollection services, GatewaySettings settings)
    {
        services.AddSingleton(_ => StorePools.Open(settings.Postgres));
        services.AddSingleton(new StoreWaits(settings.StorePatience, settings.StoreLongest));
        services.AddSingleton<IConnectionMultiplexer>(_ =>
        {
            var options = ConfigurationOptions.Parse(settings.Redis);
            options.AbortOnConnectFail = false;
            options.ConnectTimeout = 1000;
            options.AsyncTimeout = 1000;
            options.BacklogPolicy = BacklogPolicy.FailFast;
            options.BeforeSocketConnect = static (_, _, socket) =>
            {
                if (socket is not null) RedisCircuit.SetUp(socket);
            };
            return ConnectionMultiplexer.Connect(options);
        });
        services.AddSingleton<RedisCircuit>();
        services.AddSingleton<StoreHealth>();
        services.AddSingleton<PatientStore>();
        services.AddHostedService<StoreWatch>();
    }

    private static void AddCards(IServiceCollection services, GatewaySettings settings)
    {
        services.AddSingleton(_ => TrustAnchors.Load(settings.CardAuthorities));
        services.AddSingleton(s => new RevocationLists(
            settings.RevocationLists, s.GetRequiredService<TrustAnchors>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<RevocationLists>>()));
        services.AddSingleton(s => new Challenges(s.GetRequiredService<GatewayKeys>().Challenges, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<CardTapCheck>();
    }

    private static void AddSnapshots(IServiceCollection services)
    {
        services.AddSingleton<StoreReader>();
        services.AddSingleton<RedisFindings>();
        services.AddSingleton<Fills>();
        services.AddSingleton<Findings>();
    }

    private static void AddAccess(IServiceCollection services, GatewaySettings settings, GatewayKeys keys)
    {
        services.AddSingleton(s => AccessJournal.Open(
            JournalSize(settings), keys.Journal, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<AccessJournal>>()));
        services.AddSingleton<JournalledEvents>();
        services.AddSingleton<AccessLog>();
        services.AddSingleton(new Seal(keys.Answers));
        services.AddSingleton<AnswerSeal>();
        services.AddHostedService<JournalDrain>();
        services.AddSingleton<AccessPartitions>();
        services.AddHostedService(s => s.GetRequiredService<AccessPartitions>());
    }

    internal static JournalOptions JournalSize(GatewaySettings settings)
    {
        var capacity = (long)settings.JournalMegabytes << 20;
        return new JournalOptions(settings.Journal, capacity, SegmentBytes: (int)(capacity / 32), EmergencyReserveBytes: capacity / 16);
    }

    private static void AddReaders(IServiceCollection services)
    {
        services.AddSingleton<AdmittedTerminals>();
        services.AddSingleton<OpenConnections>();
        services.AddSingleton(s => new TerminalShares(s.GetRequiredService<GatewaySettings>().TerminalLookUps));
        services.AddSingleton<Intake>();
        services.AddHostedService(s => s.GetRequiredService<Intake>());
        services.AddSingleton<Deciding>();
        services.AddSingleton<OverdrawnBudgets>();
        services.AddHostedService(s => s.GetRequiredService<OverdrawnBudgets>());
        services.AddSingleton<MissBudget>();
        services.AddSingleton(s => new ChargeLedger(s.GetRequiredService<StorePools>().Others, s.GetRequiredService<TimeProvider>()));
        services.AddHostedService<ForgottenCharges>();
        services.AddSingleton<RefusalCounts>();
        services.AddHostedService(s => s.GetRequiredService<RefusalCounts>());
        services.AddSingleton<LookUps>();
        services.AddSingleton<ApplicationQuestions>();
        services.AddSingleton<WarmUp>();
        services.AddSingleton<TerminalStreams>();
        services.AddHostedService<RevocationWatch>();
        services.AddCalls(MostMessageBytes).AddJsonTranscoding(o => o.TypeRegistry = TypeRegistry.FromFiles(ErrorDetailsReflection.Descriptor, AnswerReflection.Descriptor));
        services.AddGrpcReflection();
        services.AddGrpcHealthChecks().AddCheck<StoreHealthCheck>("postgres");
    }

    private static void AddAppointments(IServiceCollection services)
    {
        services.AddSingleton<ChunkSeal>();
        services.AddSingleton<ChunkQueue>();
        services.AddSingleton<AppointmentBatches>();
        services.AddSingleton<ChunkWork>();
        services.AddHostedService<AppointmentWorker>();
    }

    private static async Task CheckStoreAsync(IServiceProvider services, CancellationToken cancellation)
    {
        try
        {
            if (await DurabilityCheck.FindFaultAsync(services.GetRequiredService<GatewaySettings>().Postgres, cancellation) is { } fault)
                throw new SettingsException(fault);
            var schema = await Migrator.InspectAsync(services.GetRequiredService<GatewaySettings>().Postgres, cancellation);
            if (schema.IsNewer) throw new SettingsException("The database was installed by a newer version of the gateway: start that version.");
            if (!schema.IsCurrent) throw new SettingsException("The database has an older schema, or none: run `gateway migrate` first.");
        }
        catch (NpgsqlException e)
        {
            // What it can't reach it can't check, and no terminal could be let in: a gateway starts with Postgres in reach.
            throw new SettingsException($"Postgres can't be reached as \"postgres\" in the settings says ({e.SqlState ?? e.GetType().Name}). Start it, or correct the connection string.");
        }
    }

    /// <summary>Nobody is kept waiting, and so told an answer in doubt, by what is done for the first time in a process.</summary>
    private static async Task WarmAsync(IServiceProvider services, CancellationToken cancellation)
    {
        await services.GetRequiredService<AccessLog>().Ready.WaitAsync(cancellation);
        await services.GetRequiredService<WarmUp>().RunAsync(cancellation);
    }

    private static void RecoverJournal(IServiceProvider services)
    {
        var journalled = services.GetRequiredService<JournalledEvents>();
        foreach (var item in services.GetRequiredService<AccessJournal>().ReadBatch(int.MaxValue))
            if (MemoryPackSerializer.Deserialize<Entry>(item.Content.Span) is { } entry) journalled.AddRecovered(entry);
    }

    private static (X509Certificate2 Certificate, X509Certificate2Collection Chain) ReadServerCertificate(GatewaySettings settings)
    {
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(settings.Certificate);
            return (X509Certificate2.CreateFromPemFile(settings.Certificate, settings.CertificateKey), chain);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SettingsException($"The server's certificate {settings.Certificate} or its key {settings.CertificateKey} can't be read: {e.Message}");
        }
    }

    private static X509Certificate2Collection ReadAuthorities(string whose, string folder)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*.pem")) authorities.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SettingsException($"The folder of {whose} {folder} can't be read: {e.Message}");
        }
        return authorities.Count > 0
            ? authorities
            : throw new SettingsException($"The folder of {whose} {folder} holds no *.pem file: put the authority's certificate there.");
    }

    private static void RefuseDemoInProduction(GatewaySettings settings, GatewayKeys keys, (X509Certificate2 Certificate, X509Certificate2Collection Chain) server, X509Certificate2Collection authorities)
    {
        if (settings.Purpose != GatewayPurpose.Production) return;
        if (settings.ClockShift != TimeSpan.Zero)
            throw new SettingsException("\"clockShift\" moves the clock, which only a demonstration or a load test may do: take it out.");
        if (PublishedTestKeys.AreIn(keys.Challenges))
            throw new SettingsException($"The key file {settings.Keys} holds a challenge key that is published in the source: make keys with `gateway keys new FILE`.");
        foreach (var certificate in (X509Certificate2[])[server.Certificate, .. server.Chain, .. authorities, .. TrustAnchors.Load(settings.CardAuthorities).Certificates])
        {
            if (DemoPki.IsDemo(certificate))
                throw new SettingsException("A certificate among the server's, the terminal, insurers' or card authorities' is the demonstration's, whose keys anybody can make: use your own.");
        }
    }
}
