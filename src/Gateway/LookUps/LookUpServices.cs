namespace EligibilityGateway.Gateway.LookUps;

/// <summary>The story of a look-up.</summary>
internal static class LookUpServices
{
    public static IServiceCollection AddLookUps(this IServiceCollection services, WarmUpOptions options) => services
        .AddSingleton(options)
        .AddSingleton<Deciding>()
        .AddSingleton<AnswerSeal>()
        .AddSingleton<EligibilityLookUps>()
        .AddSingleton<WarmUp>();
}

/// <summary>What a gateway does before it serves.</summary>
/// <param name="Within">How long it may take; zero for not at all.</param>
public sealed record WarmUpOptions(TimeSpan Within);
