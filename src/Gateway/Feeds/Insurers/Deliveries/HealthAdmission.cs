using Grpc.Core;
using Grpc.Core.Interceptors;
using Npgsql;

namespace EligibilityGateway.Gateway.Feeds.Insurers.Deliveries;

/// <summary>Health is told to nobody whom the operator has not let in. The endpoint's own calls ask the register themselves.</summary>
internal sealed class HealthAdmission(AdmittedInsurers admitted) : Interceptor
{
    private const string Health = "/grpc.health.v1.";

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        await AdmitAsync(context);
        return await continuation(request, context);
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        await AdmitAsync(context);
        await continuation(request, responseStream, context);
    }

    private async Task AdmitAsync(ServerCallContext context)
    {
        if (!context.Method.StartsWith(Health, StringComparison.Ordinal)) return;
        try
        {
            await admitted.AdmitAsync(context);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw Refusals.StoreAway();
        }
    }
}
