using EligibilityGateway.Gateway.Keys;

namespace EligibilityGateway.Gateway.Cards;

/// <summary>What a tap proves.</summary>
internal static class CardServices
{
    /// <param name="services">The gateway's.</param>
    /// <param name="authorities">Who issues cards' certificates.</param>
    /// <param name="revocationLists">Folder of their revocation lists.</param>
    public static IServiceCollection AddCards(this IServiceCollection services, TrustAnchors authorities, string revocationLists) => services
        .AddSingleton(authorities)
        .AddSingleton(s => new RevocationLists(revocationLists, authorities, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<RevocationLists>>()))
        .AddSingleton(s => new Challenges(s.GetRequiredService<GatewayKeys>().Challenges, s.GetRequiredService<TimeProvider>()))
        .AddSingleton<CardTapCheck>();
}
