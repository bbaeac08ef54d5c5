using Grpc.AspNetCore.Server;

namespace EligibilityGateway.Gateway.Calls;

/// <summary>gRPC as both ports serve it.</summary>
internal static class CallServices
{
    /// <summary>Flag and length before each gRPC message.</summary>
    public const int FrameHeaderBytes = 5;

    /// <param name="services">Of the port.</param>
    /// <param name="mostMessageBytes">How long a message may be, decompressed.</param>
    public static IGrpcServerBuilder AddCalls(this IServiceCollection services, int mostMessageBytes) => services.AddSingleton<CallReading>().AddGrpc(options =>
    {
        options.MaxReceiveMessageSize = mostMessageBytes;
        options.EnableDetailedErrors = false;
        options.Interceptors.Add<CallReading>();
    });
}
