using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EligibilityGateway.Gateway.Storage;

/// <summary>
/// For balancers: a gateway whose Postgres is away still answers, though unconfirmed, so it is degraded and not unhealthy.
/// </summary>
internal sealed class StoreHealthCheck(StoreHealth health) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(health.IsAway ? HealthCheckResult.Degraded("Postgres is out of reach.") : HealthCheckResult.Healthy());
}
