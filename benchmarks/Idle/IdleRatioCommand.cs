using System.CommandLine;
using EligibilityGateway.Benchmarks.Floor;
using EligibilityGateway.Benchmarks.Report;
using EligibilityGateway.LoadTests.Figures;
using EligibilityGateway.LoadTests.Idle;
using EligibilityGateway.LoadTests.Stand;

namespace EligibilityGateway.Benchmarks.Idle;

/// <summary>Memory of idle terminals: the null echo's, then the gateway's.</summary>
internal static class IdleRatioCommand
{
    public const string Name = "idle";
    public const string EchoName = "idle-echo";

    public static Command Create()
    {
        var terminals = IdleCommand.Terminals();
        var folder = StandOptions.Folder();
        var results = Results.Option();
        var command = new Command(Name, "Measures the memory of a null echo and of a gateway with idle terminals.") { terminals, folder, results };
        command.SetAction(async (parsed, cancellation) =>
        {
            var count = parsed.GetValue(terminals);
            var echo = await MeasureEchoAsync(count, cancellation);
            var gateway = await IdleMeasurement.OfGatewayAsync(count, parsed.GetRequiredValue(folder), cancellation);
            FigureFile.Write(EchoName, echo, Results.FileOf(parsed.GetRequiredValue(results), EchoName));
            FigureFile.Write(Name, gateway, Results.FileOf(parsed.GetRequiredValue(results), Name));
            Console.WriteLine($"gateway {gateway.WithAllBytes >> 20} MiB, null echo {echo.WithAllBytes >> 20} MiB: {(double)gateway.WithAllBytes / echo.WithAllBytes:F2} x");
            return 0;
        });
        return command;
    }

    private static async Task<IdleFigures> MeasureEchoAsync(int terminals, CancellationToken cancellation)
    {
        await using var server = await EchoProcess.StartAsync(cancellation);
        return await IdleMeasurement.MeasureAsync(
            server.Address, server.IssueTerminals(IdleMeasurement.Identities(terminals)), () => server.Usage, cancellation);
    }
}
