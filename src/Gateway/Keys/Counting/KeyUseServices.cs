using EligibilityGateway.Gateway.Storage;

namespace EligibilityGateway.Gateway.Keys.Counting;

/// <summary>What the gateway's keys have sealed, over all gateways.</summary>
internal static class KeyUseServices
{
    /// <param name="services">The gateway's.</param>
    /// <param name="counted">What is counted, by ring.</param>
    public static IServiceCollection AddKeyUse(this IServiceCollection services, Func<IServiceProvider, IReadOnlyList<(string Ring, KeyUse Use)>> counted) => services
        .AddSingleton(s => new KeyUseLedger(
            s.GetRequiredService<StorePools>(), s.GetRequiredService<StoreHealth>(), counted(s), TimeProvider.System, s.GetRequiredService<ILogger<KeyUseLedger>>()))
        .AddHostedService(s => s.GetRequiredService<KeyUseLedger>());
}
