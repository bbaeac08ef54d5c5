using EligibilityGateway.Contracts;
using EligibilityGateway.LoadTests.Drive;
using EligibilityGateway.LoadTests.Plan;
using EligibilityGateway.LoadTests.Processes;
using EligibilityGateway.LoadTests.Stand;
using EligibilityGateway.LoadTests.Terminals;

namespace EligibilityGateway.LoadTests.Idle;

/// <summary>Opens streams on a server, lets them be, and reads its memory: the same for the gateway and for the null echo.</summary>
public static class IdleMeasurement
{
    private static readonly TimeSpan OpenDeadline = TimeSpan.FromMinutes(5);

    /// <summary>Time for the server's collector to give back what the handshakes took.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    public static async Task<IdleFigures> OfGatewayAsync(int terminals, string folder, CancellationToken cancellation)
    {
        await using var stand = await TestStand.OpenAsync(folder, cancellation);
        var credentials = await StandTerminals.EnsureAsync(stand, Identities(terminals), cancellation);
        var (gateway, address) = await stand.StartGatewayAsync(cancellation);
        await using var _ = gateway;
        return await MeasureAsync(address, credentials, () => gateway.Usage, cancellation);
    }

    public static async Task<IdleFigures> MeasureAsync(
        Uri address, TerminalCredentials[] credentials, Func<ProcessUsage> usage, CancellationToken cancellation)
    {
        var before = usage().ResidentBytes;
        await using var fleet = await TerminalFleet.OpenAsync(address, credentials, window: 1, OpenDeadline, cancellation);
        await Task.Delay(Settling, cancellation);
        return new IdleFigures(credentials.Length, before, usage().ResidentBytes);
    }

    public static TerminalIdentity[] Identities(int terminals) =>
        TerminalNames.Of(new PlanShape(1, TimeSpan.Zero, TimeSpan.Zero, terminals, TapMix.Realistic, Seed: 1));
}
