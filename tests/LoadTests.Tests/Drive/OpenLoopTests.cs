using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Demo.Pki;
using EligibilityGateway.LoadTests.Drive;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EligibilityGateway.LoadTests.Tests.Drive;

/// <summary>
/// Coordinated omission: a generator that waits for an answer before it sends the next request, and counts from that sending, sees a
/// stall once. This one must see it in each request that was meant to go out meanwhile. Real gRPC over real TLS; only lower bounds, so
/// that a slow machine changes nothing.
/// </summary>
public sealed class OpenLoopTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan StallEnds = TimeSpan.FromMilliseconds(1000);
    private const int Requests = 50;

    [Fact]
    public async Task A_stall_is_in_the_latency_of_every_request_that_was_meant_to_start_in_it()
    {
        using var limit = new CancellationTokenSource(Deadline);
        var folder = Directory.CreateTempSubdirectory("eligibility-open-loop-");
        using var authority = TerminalAuthority.Open(folder.FullName, TimeProvider.System);
        var (certificate, key) = authority.GatewayFiles();
        using var server = X509Certificate2.CreateFromPemFile(certificate, key);
        folder.Delete(recursive: true);
        await using var application = Server(server);
        await application.StartAsync(limit.Token);
        using var terminal = authority.IssueTerminal(new TerminalIdentity(InstitutionCode.Parse("1319990014"), TerminalRole.Reception, "desk-1", ProofClaims.None));
        var credentials = new TerminalCredentials(terminal, server);
        // A window of one: while the first request stalls, none of the others is even sent.
        await using var fleet = await TerminalFleet.OpenAsync(new Uri(application.Urls.First()), [credentials, credentials], window: 1, Deadline, limit.Token);

        PlannedRequest[] stalled =
        [
            .. Enumerable.Range(0, Requests).Select(n => Request(n * Every, 0, n == 0 ? StallingTerminals.Stalls : $"event-{n}", measured: true)),
        ];
        var ledger = await new OpenLoop(fleet.Streams).RunAsync(
            [.. stalled, Request(StallEnds, 1, StallingTerminals.Releases, measured: false)], Stopwatch.GetTimestamp(), () => { }, limit.Token);

        var tally = RunTally.Of(ledger);
        Assert.Equal((Requests, 0), (tally.Answered, tally.Errors));
        Assert.All(ledger.MeasuredOutcomes.Zip(stalled), of => Assert.True(of.First.Latency >= StallEnds - of.Second.At, $"{of.Second.EventId}: {of.First.Latency}"));
        // The histogram has three digits.
        Assert.True(tally.LatencyMicroseconds.P99 >= 0.999 * StallEnds.TotalMicroseconds, $"p99 {tally.LatencyMicroseconds.P99} us");
        Assert.True(tally.LatencyMicroseconds.P50 >= 0.999 * (StallEnds - (Requests / 2 * Every)).TotalMicroseconds, $"p50 {tally.LatencyMicroseconds.P50} us");
    }

    private static PlannedRequest Request(TimeSpan at, int terminal, string eventId, bool measured) =>
        new(at, terminal, eventId, new TerminalMessage { LookUp = new LookUp { EventId = eventId } }.ToByteArray(), measured);

    private static WebApplication Server(X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(https =>
            {
                https.ServerCertificate = certificate;
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.ClientCertificateValidation = (_, _, _) => true;
            });
        }));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<StallingTerminals>();
        var application = builder.Build();
        application.MapGrpcService<StallingTerminals>();
        return application;
    }
}
