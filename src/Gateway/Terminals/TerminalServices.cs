using EligibilityGateway.Gateway.Terminals.Tls;

namespace EligibilityGateway.Gateway.Terminals;

/// <summary>Who may come in, and how much of the gateway each may take.</summary>
internal static class TerminalServices
{
    public static IServiceCollection AddTerminals(this IServiceCollection services, TerminalOptions options) => services
        .AddSingleton(options)
        .AddSingleton<AdmittedTerminals>()
        .AddSingleton<OpenConnections>()
        .AddSingleton(new TerminalShares(options.LookUps))
        .AddSingleton<Intake>()
        .AddHostedService(s => s.GetRequiredService<Intake>())
        .AddSingleton<MissBudget>()
        .AddSingleton<EmergencyClaims>()
        .AddSingleton<RefusalCounts>()
        .AddHostedService(s => s.GetRequiredService<RefusalCounts>())
        .AddSingleton<RefusedClients>()
        .AddHostedService<TerminalReminder>();
}

/// <summary>How much one terminal, and one institution, may take of a gateway.</summary>
/// <param name="LookUps">Look-ups and other calls that one terminal may have under way, over all its connections.</param>
/// <param name="Connections">Connections that may be open with one certificate; one more makes the oldest give way.</param>
/// <param name="InstitutionConnections">Connections that the terminals of one institution may have open; one more is refused.</param>
/// <param name="Misses">Typed look-ups of one terminal that may find nobody in one period; an institution has ten times as many.</param>
/// <param name="MissPeriod">After it a used-up budget is whole again; the periods are counted from 1970, at all gateways alike.</param>
/// <param name="RevocationSweep">How often the terminals that are connected are compared with the register.</param>
public sealed record TerminalOptions(
    int LookUps, int Connections, int InstitutionConnections, int Misses, TimeSpan MissPeriod, TimeSpan RevocationSweep);
