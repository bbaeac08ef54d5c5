using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace EligibilityGateway.Gateway.Startup;

/// <summary>gRPC health (grpc.health.v1) of a server: for each of its services by name, and for all by none. Any other name is NOT_FOUND.</summary>
internal static class GrpcHealth
{
    /// <param name="services">Of the server.</param>
    /// <param name="served">Its gRPC services.</param>
    public static IHealthChecksBuilder AddGrpcHealth(this IServiceCollection services, params ServiceDescriptor[] served) => services
        .AddGrpcHealthChecks(health =>
        {
            foreach (var service in served) health.Services.Map(service.FullName, _ => true);
        })
        .AddCheck<StoppingHealthCheck>("stopping");
}
