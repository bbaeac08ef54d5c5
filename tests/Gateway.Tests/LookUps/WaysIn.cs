using System.Net;
using System.Net.Http.Json;
using EligibilityGateway.Contracts.V1;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;

namespace EligibilityGateway.Gateway.Tests.LookUps;

/// <summary>All that a gateway serves to a terminal, each tried once; and how each attempt ends.</summary>
internal static class WaysIn
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>The status of each gRPC call, by its name.</summary>
    public static async Task<Dictionary<string, StatusCode>> TryGrpcAsync(TestDesk desk)
    {
        var until = DateTime.UtcNow + Deadline;
        var health = new Health.HealthClient(desk.Channel);
        return new()
        {
            ["stream"] = await EndOfAsync(async () =>
            {
                using var call = desk.Terminals.Connect(deadline: until);
                await TryWriteAsync(call.RequestStream, new TerminalMessage { Hello = new Hello { Agent = "test" } });
                await call.ResponseStream.MoveNext(CancellationToken.None);
            }),
            ["challenge"] = await EndOfAsync(() => desk.ChallengeAsync()),
            ["look-up"] = await EndOfAsync(() => desk.AskAsync(new LookUp())),
            ["application"] = await EndOfAsync(async () => await new Contracts.V1.Applications.ApplicationsClient(desk.Channel).GetStatusAsync(new ApplicationQuery(), deadline: until)),
            ["health"] = await EndOfAsync(async () => await health.CheckAsync(new HealthCheckRequest(), deadline: until)),
            ["health, watched"] = await EndOfAsync(async () =>
            {
                using var call = health.Watch(new HealthCheckRequest(), deadline: until);
                await call.ResponseStream.MoveNext(CancellationToken.None);
            }),
            ["reflection"] = await EndOfAsync(async () =>
            {
                using var call = new ServerReflection.ServerReflectionClient(desk.Channel).ServerReflectionInfo(deadline: until);
                await TryWriteAsync(call.RequestStream, new ServerReflectionRequest { ListServices = "" });
                await call.ResponseStream.MoveNext(CancellationToken.None);
            }),
        };
    }

    /// <summary>The status of each HTTP request, by its path.</summary>
    public static async Task<Dictionary<string, HttpStatusCode>> TryHttpAsync(HttpClient http)
    {
        using var limit = new CancellationTokenSource(Deadline);
        var statuses = new Dictionary<string, HttpStatusCode>();
        foreach (var path in (string[])["/v1/challenge", "/", "/no-such-path"])
        {
            using var response = await http.GetAsync(path, limit.Token);
            statuses[path] = response.StatusCode;
        }
        using (var response = await http.PostAsJsonAsync("/v1/look-ups", new { }, limit.Token)) statuses["/v1/look-ups"] = response.StatusCode;
        using (var response = await http.PostAsJsonAsync("/v1/card-applications", new { }, limit.Token)) statuses["/v1/card-applications"] = response.StatusCode;
        return statuses;
    }

    /// <summary>A call may have been refused before its first message is written; why, its reading side says.</summary>
    private static async Task TryWriteAsync<T>(IAsyncStreamWriter<T> stream, T message)
    {
        try
        {
            await stream.WriteAsync(message);
        }
        catch (Exception e) when (e is RpcException or IOException or InvalidOperationException or OperationCanceledException)
        {
            // The reading side says it.
        }
    }

    private static async Task<StatusCode> EndOfAsync(Func<Task> call)
    {
        try
        {
            await call();
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }
}
