using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Gateway.Startup;
using EligibilityGateway.LoadTests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EligibilityGateway.Benchmarks.Floor;

/// <summary>A gRPC server that only echoes, over the gateway's kind of connection: HTTP/2, TLS, client certificates from one authority.</summary>
internal static class EchoServer
{
    /// <summary>Beginning of the line that says it is ready; the port follows.</summary>
    public const string ReadyLine = "echoing on ";

    /// <summary>Serves until it is told to end.</summary>
    /// <param name="certificate">PEM of the server's certificate.</param>
    /// <param name="key">PEM of its key.</param>
    /// <param name="authority">PEM of the authority whose terminals may come in.</param>
    /// <param name="cancellation">Tells it to end.</param>
    public static async Task<int> RunAsync(string certificate, string key, string authority, CancellationToken cancellation)
    {
        var (server, trusted) = Read(certificate, key, authority);
        // The gateway's kind of host too, which takes nothing from where it is started.
        var builder = BareHost.CreateBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(https =>
            {
                https.ServerCertificate = server;
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.ClientCertificateValidation = (client, _, _) => IsIssuedBy(trusted, client);
            });
        }));
        builder.Services.AddGrpc();
        await using var application = builder.Build();
        application.MapGrpcService<EchoTerminals>();
        await application.StartAsync(cancellation);
        Console.WriteLine($"{ReadyLine}{new Uri(application.Urls.First()).Port}");
        await application.WaitForShutdownAsync(cancellation);
        return 0;
    }

    private static (X509Certificate2 Server, X509Certificate2 Authority) Read(string certificate, string key, string authority)
    {
        try
        {
            return (X509Certificate2.CreateFromPemFile(certificate, key), X509CertificateLoader.LoadCertificateFromFile(authority));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new MeasurementException($"The echo server can't use {certificate}, {key} and {authority}: name a certificate, its key and an authority's certificate, in PEM.");
        }
    }

    private static bool IsIssuedBy(X509Certificate2 authority, X509Certificate2 client)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(client);
    }
}
