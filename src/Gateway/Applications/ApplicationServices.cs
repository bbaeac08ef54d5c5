namespace EligibilityGateway.Gateway.Applications;

/// <summary>Where applications for a card stand.</summary>
internal static class ApplicationServices
{
    public static IServiceCollection AddApplications(this IServiceCollection services) => services.AddSingleton<ApplicationQuestions>();
}
