namespace EligibilityGateway.Gateway.Snapshots;

/// <summary>What is known of persons and cards, and where it is kept.</summary>
internal static class SnapshotServices
{
    public static IServiceCollection AddSnapshots(this IServiceCollection services, FindingsOptions options) => services
        .AddSingleton(options)
        .AddSingleton<StoreReader>()
        .AddSingleton<RedisFindings>()
        .AddSingleton<Fills>()
        .AddSingleton<Findings>();
}

/// <summary>How findings are kept in the process.</summary>
/// <param name="Capacity">How many.</param>
public sealed record FindingsOptions(int Capacity);
