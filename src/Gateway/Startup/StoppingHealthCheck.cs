using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EligibilityGateway.Gateway.Startup;

/// <summary>For gRPC health: a server that was told to stop serves nobody who comes now, though what is under way is still answered.</summary>
internal sealed class StoppingHealthCheck(IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("The gateway is stopping.") : HealthCheckResult.Healthy());
}
