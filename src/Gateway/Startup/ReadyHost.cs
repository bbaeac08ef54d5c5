using System.Net;
using EligibilityGateway.Common;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace EligibilityGateway.Gateway.Startup;

/// <summary>
/// Says over plain HTTP, on the machine itself, how far the gateway is: <c>GET /ready</c>, 200 or 503. A server of its own, since it must
/// answer before the gateway serves and until it has stopped, and to whoever has no client certificate.
/// </summary>
internal sealed class ReadyHost : IAsyncDisposable
{
    public const string Path = "/ready";

    /// <summary>A balancer or two ask, each second.</summary>
    private const int MostConnections = 100;

    private readonly WebApplication _app;
    private readonly ReservedAddress _address;

    private ReadyHost(WebApplication app, ReservedAddress address) => (_app, _address) = (app, address);

    /// <summary>With the real port.</summary>
    public Uri Address => new($"http://{_address.EndPoint}");

    /// <param name="endPoint">Where to listen.</param>
    /// <param name="readiness">What it says.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <exception cref="SettingsException">It can't listen there.</exception>
    public static async Task<ReadyHost> StartAsync(IPEndPoint endPoint, Readiness readiness, CancellationToken cancellation)
    {
        var address = ReservedAddress.Take("ready", endPoint);
        var builder = BareHost.CreateBuilder();
        builder.Services.AddSingleton<IHostLifetime, GatewaysLifetime>();
        builder.Services.Configure<SocketTransportOptions>(address.HandTo);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Listen(address.EndPoint, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        app.Run(context => AnswerAsync(context, readiness));
        var host = new ReadyHost(app, address);
        try
        {
            await app.StartAsync(cancellation);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _address.Dispose();
    }

    private static Task AnswerAsync(HttpContext context, Readiness readiness)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (context.Request.Path != Path || !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
        var (isServing, word) = readiness.Now;
        context.Response.StatusCode = isServing ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(word, context.RequestAborted);
    }

    /// <summary>It lives as long as the gateway does, and hears no signal itself: it must say that the gateway is stopping.</summary>
    private sealed class GatewaysLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
