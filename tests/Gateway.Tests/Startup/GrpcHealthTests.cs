using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Tests.Feeds.Insurers.Deliveries;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Reflection.V1Alpha;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace EligibilityGateway.Gateway.Tests.Startup;

/// <summary>Health over gRPC, as grpc.health.v1 says: by the name of a service, or of all.</summary>
public sealed class GrpcHealthTests(TestStores stores) : IAsyncLifetime
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(1));
    private InsurerTown _town = null!;
    private GatewayHost _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _town = await InsurerTown.OpenAsync(stores);
        _gateway = await _town.Town.StartGatewayAsync(_town.Settings());
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _town.DisposeAsync();
        _limit.Dispose();
    }

    [Fact]
    public async Task Each_service_that_terminals_are_served_is_healthy_by_its_name()
    {
        using var desk = new TestDesk(_gateway.Address, await _town.Town.AddTerminalAsync(TerminalRole.Reception));
        var health = new Health.HealthClient(desk.Channel);
        var served = (await ServedAsync(desk.Channel)).Where(name => name.StartsWith("eligibility.", StringComparison.Ordinal)).ToList();
        Assert.Contains("eligibility.v1.Terminals", served);
        Assert.Contains("eligibility.v1.Eligibility", served);
        foreach (var name in (string[])["", .. served]) Assert.Equal(ServingStatus.Serving, await CheckAsync(health, name));
        await AssertUnknownAsync(health, "eligibility.v1.InsurerFeed");
        await AssertUnknownAsync(health, "eligibility.v1.NoSuchService");
    }

    [Fact]
    public async Task On_the_insurers_port_it_is_told_of_their_service_to_those_who_are_let_in()
    {
        using var channel = ChannelOf(await _town.AdmitAsync(TestTown.Employees));
        var health = new Health.HealthClient(channel);
        foreach (var name in (string[])["", "eligibility.v1.InsurerFeed"]) Assert.Equal(ServingStatus.Serving, await CheckAsync(health, name));
        await AssertUnknownAsync(health, "eligibility.v1.Terminals");

        using var stranger = ChannelOf(InsurerTown.Authority.IssueInsurer(TestTown.Union));
        var refused = await Assert.ThrowsAsync<RpcException>(() => CheckAsync(new Health.HealthClient(stranger), ""));
        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
        using var watch = new Health.HealthClient(stranger).Watch(new HealthCheckRequest(), cancellationToken: _limit.Token);
        Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(() => watch.ResponseStream.MoveNext(_limit.Token))).StatusCode);
    }

    private async Task AssertUnknownAsync(Health.HealthClient health, string name)
    {
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => CheckAsync(health, name))).StatusCode);
        using var watch = health.Watch(new HealthCheckRequest { Service = name }, cancellationToken: _limit.Token);
        Assert.True(await watch.ResponseStream.MoveNext(_limit.Token));
        Assert.Equal(ServingStatus.ServiceUnknown, watch.ResponseStream.Current.Status);
    }

    private async Task<ServingStatus> CheckAsync(Health.HealthClient health, string name) =>
        (await health.CheckAsync(new HealthCheckRequest { Service = name }, cancellationToken: _limit.Token)).Status;

    private async Task<IReadOnlyList<string>> ServedAsync(GrpcChannel channel)
    {
        using var call = new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo(cancellationToken: _limit.Token);
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" }, _limit.Token);
        Assert.True(await call.ResponseStream.MoveNext(_limit.Token));
        return [.. call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name)];
    }

    private GrpcChannel ChannelOf(System.Security.Cryptography.X509Certificates.X509Certificate2 certificate) =>
        GrpcChannel.ForAddress(_gateway.InsurerFeedAddress!, new GrpcChannelOptions { HttpHandler = TestDesk.HandlerFor(certificate), DisposeHttpClient = true });
}
