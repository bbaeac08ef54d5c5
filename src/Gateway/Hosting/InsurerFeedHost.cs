using System.Net.Sockets;
using EligibilityGateway.Common;
using EligibilityGateway.Gateway.Calls;
using EligibilityGateway.Gateway.Feeds.Insurers.Batches;
using EligibilityGateway.Gateway.Feeds.Insurers.Deliveries;
using EligibilityGateway.Gateway.Startup;
using EligibilityGateway.Gateway.Terminals.Tls;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Npgsql;

namespace EligibilityGateway.Gateway.Hosting;

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
    /// <param name="files">The gateway's.</param>
    /// <param name="address">Where it listens; the caller disposes of it.</param>
    /// <param name="logging">The gateway's.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <exception cref="SettingsException">It can't serve as it is set up: what is wrong and what to do.</exception>
    public static async Task<InsurerFeedHost> StartAsync(
        InsurerFeedSettings settings,
        TimeProvider clock,
        GatewayFiles files,
        ReservedAddress address,
        Action<ILoggingBuilder> logging,
        CancellationToken cancellation)
    {
        await MakeSpoolAsync(settings.Spool);
        var builder = BareHost.CreateBuilder();
        logging(builder.Logging);
        builder.Services.ConfigureOptions<FrameworkSilence>();
        builder.Services.AddSingleton(settings).AddSingleton(clock);
        builder.Services.AddSingleton(_ => new NpgsqlDataSourceBuilder(
            new NpgsqlConnectionStringBuilder(settings.Postgres) { IncludeErrorDetail = false, ApplicationName = "eligibility gateway, insurers", MaxPoolSize = MostStoreConnections }.ConnectionString)
            .EnableParameterLogging(false).Build());
        builder.Services.AddSingleton<InsurerBatches>();
        builder.Services.AddSingleton<AdmittedInsurers>();
        builder.Services.AddSingleton<RefusedClients>();
        builder.Services.AddSingleton<DeliveriesUnderWay>();
        builder.Services.AddSingleton<BatchApplier>();
        builder.Services.AddHostedService(services => services.GetRequiredService<BatchApplier>());
        builder.Services.AddCalls(DeliveryBounds.MostMessageBytes);
        builder.Services.Configure<GrpcServiceOptions>(options => options.Interceptors.Add<HealthAdmission>());
        builder.Services.AddGrpcHealth(Contracts.V1.InsurerFeed.Descriptor);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = GatewayHost.ShutdownWithin);
        builder.Services.Configure<SocketTransportOptions>(address.HandTo);
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
            var refused = kestrel.ApplicationServices.GetRequiredService<RefusedClients>();
            kestrel.Listen(address.EndPoint, listen =>
            {
                listen.UseHttps(https => MutualTls.Configure(https, files.Server.Certificate, files.Server.Chain, files.InsurerAuthorities, settings.AllowTls12, refused));
                listen.Use(CertificateWatch.Watch);
            });
        });
        var app = builder.Build();
        app.UseMiddleware<CallEnds>();
        app.MapGrpcService<InsurerFeedEndpoint>();
        app.MapGrpcHealthChecksService();
        try
        {
            await app.StartAsync(cancellation);
            return new InsurerFeedHost(app);
        }
        catch (SocketException e)
        {
            await app.DisposeAsync();
            throw ReservedAddress.Refused("insurerFeed.listen", address.EndPoint, e.SocketErrorCode);
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

    private static async Task MakeSpoolAsync(string folder)
    {
        try
        {
            await using var probe = DeliverySpool.Open(Directory.CreateDirectory(folder).FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SpoolRefused(folder);
        }
    }

    /// <summary>Nothing can be received there.</summary>
    internal static SettingsException SpoolRefused(string folder) => new($"The folder {folder} of \"insurerFeed.spool\" can't be written: choose one that is the gateway's.");
}
