using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Gateway.Calls;
using EligibilityGateway.Gateway.Insurers.Batches;
using EligibilityGateway.Gateway.Insurers.Deliveries;
using EligibilityGateway.Gateway.Operation;
using EligibilityGateway.Gateway.Readers;
using EligibilityGateway.Gateway.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Npgsql;

namespace EligibilityGateway.Gateway;

/// <summary>
/// The insurers' endpoint of a gateway: a server of its own beside the terminals', with its own authorities and its own role in the store.
/// Neither serves what the other does.
/// </summary>
internal sealed class InsurerFeedHost : IAsyncDisposable
{
    /// <summary>Each insurer has a client or two.</summary>
    private const int MostConnectionsOpen = 200;

    private const int MostCallsOnOne = 10;

    private const int MostStoreConnections = 10;

    private readonly WebApplication _app;

    private InsurerFeedHost(WebApplication app) => _app = app;

    /// <summary>Where it listens, with the real port.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Starts it; accepted batches that are not in force are taken up from then on.</summary>
    /// <param name="settings">Its part of the gateway's.</param>
    /// <param name="clock">The gateway's.</param>
    /// <param name="server">The gateway's certificate.</param>
    /// <param name="authorities">Who may issue insurers' certificates.</param>
    /// <param name="logging">The gateway's.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <exception cref="SettingsException">It can't serve as it is set up: what is wrong and what to do.</exception>
    public static async Task<InsurerFeedHost> StartAsync(
        InsurerFeedSettings settings,
        TimeProvider clock,
        (X509Certificate2 Certificate, X509Certificate2Collection Chain) server,
        X509Certificate2Collection authorities,
        Action<ILoggingBuilder> logging,
        CancellationToken cancellation)
    {
        await CheckAsync(settings, cancellation);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(InsurerFeedHost).Assembly.GetName().Name });
        logging(builder.Logging);
        builder.Services.ConfigureOptions<FrameworkSilence>();
        builder.Services.AddSingleton(settings).AddSingleton(clock);
        builder.Services.AddSingleton(_ => new NpgsqlDataSourceBuilder(
            new NpgsqlConnectionStringBuilder(settings.Postgres) { IncludeErrorDetail = false, ApplicationName = "eligibility gateway, insurers", MaxPoolSize = MostStoreConnections }.ConnectionString)
            .EnableParameterLogging(false).Build());
        builder.Services.AddSingleton<InsurerBatches>();
        builder.Services.AddSingleton<AdmittedInsurers>();
        builder.Services.AddSingleton<DeliveriesUnderWay>();
        builder.Services.AddSingleton<BatchApplier>();
        builder.Services.AddHostedService(services => services.GetRequiredService<BatchApplier>());
        builder.Services.AddCalls(DeliveryBounds.MostMessageBytes);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = GatewayHost.ShutdownWithin);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MostConnectionsOpen;
            kestrel.Limits.Http2.MaxStreamsPerConnection = MostCallsOnOne;
            // A delivery is as long as its setting says; how long it may pause is the delivery's own bound.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(
                GatewaySettings.EndPointOf("insurerFeed.listen", settings.Listen),
                listen => listen.UseHttps(https => MutualTls.Configure(https, server.Certificate, server.Chain, authorities)));
        });
        var app = builder.Build();
        app.UseMiddleware<CallEnds>();
        app.MapGrpcService<InsurerFeedEndpoint>();
        try
        {
            await app.StartAsync(cancellation);
            return new InsurerFeedHost(app);
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await app.DisposeAsync();
            throw new SettingsException($"The port of {settings.Listen} is taken: choose another for \"insurerFeed.listen\", or stop what listens there.");
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends what is being received, leaves what was accepted to the next start, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static async Task CheckAsync(InsurerFeedSettings settings, CancellationToken cancellation)
    {
        _ = StoreConnection.Parse("\"insurerFeed.postgres\" in the settings", settings.Postgres);
        try
        {
            if (await DurabilityCheck.FindFaultAsync(settings.Postgres, cancellation, StoreRole.InsurerFeed) is { } fault) throw new SettingsException(fault);
        }
        catch (NpgsqlException e)
        {
            throw new SettingsException($"Postgres can't be reached as \"insurerFeed.postgres\" in the settings says ({e.SqlState ?? e.GetType().Name}). Start it, or correct the connection string.");
        }
        try
        {
            await using var probe = DeliverySpool.Open(Directory.CreateDirectory(settings.Spool).FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"The folder {settings.Spool} of \"insurerFeed.spool\" can't be written: choose one that is the gateway's.");
        }
    }
}
