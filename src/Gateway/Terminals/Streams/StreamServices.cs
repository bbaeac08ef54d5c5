namespace EligibilityGateway.Gateway.Terminals.Streams;

/// <summary>Terminals' streams, and how one ends whose terminal is revoked.</summary>
internal static class StreamServices
{
    public static IServiceCollection AddStreams(this IServiceCollection services) => services
        .AddSingleton<TerminalStreams>()
        .AddHostedService<RevocationWatch>();
}
