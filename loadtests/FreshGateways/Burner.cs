using EligibilityGateway.LoadTests.Processes;

namespace EligibilityGateway.LoadTests.FreshGateways;

/// <summary>Starts <see cref="BurnCommand"/> as a process of its own, which ends with this one.</summary>
public static class Burner
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(30);

    public static Task<GuardedProcess> StartAsync(CancellationToken cancellation) => GuardedProcess.StartAsync(
        "The burner",
        ["dotnet", typeof(BurnCommand).Assembly.Location, BurnCommand.Name],
        BurnCommand.ReadyLine,
        StartDeadline,
        cancellation);
}
