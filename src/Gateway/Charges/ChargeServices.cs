using EligibilityGateway.Gateway.Storage;

namespace EligibilityGateway.Gateway.Charges;

/// <summary>What sites collected.</summary>
internal static class ChargeServices
{
    public static IServiceCollection AddCharges(this IServiceCollection services) => services
        .AddSingleton(s => new ChargeLedger(s.GetRequiredService<StorePools>().Others, s.GetRequiredService<TimeProvider>()))
        .AddHostedService<ForgottenCharges>();
}
