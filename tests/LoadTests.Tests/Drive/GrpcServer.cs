using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EligibilityGateway.LoadTests.Tests.Drive;

/// <summary>A gRPC server as the gateway's: Kestrel, HTTP/2, TLS with client certificates. Not started yet.</summary>
internal static class GrpcServer
{
    public static WebApplication Of<TService>(X509Certificate2 certificate, Action<Http2Limits>? limit = null)
        where TService : class
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            limit?.Invoke(kestrel.Limits.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.UseHttps(https =>
                {
                    https.ServerCertificate = certificate;
                    https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                    https.ClientCertificateValidation = (_, _, _) => true;
                });
            });
        });
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<TService>();
        var application = builder.Build();
        application.MapGrpcService<TService>();
        return application;
    }
}
