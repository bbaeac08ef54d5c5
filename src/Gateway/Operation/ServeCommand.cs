using System.CommandLine;

namespace EligibilityGateway.Gateway.Operation;

/// <summary><c>gateway serve --config FILE</c>: one gateway, on its operator's own Postgres, Redis and certificates.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var config = new Option<string>("--config") { Description = "The settings file (JSON); docs/operations.md explains each setting.", Required = true };
        var command = new Command("serve", "Serves terminals until it is told to stop (SIGTERM or Ctrl-C).") { config };
        command.SetAction(async (arguments, cancellation) =>
        {
            await using var host = await GatewayHost.StartAsync(GatewaySettings.Load(arguments.GetRequiredValue(config)), cancellation);
            if (host.InsurerFeedAddress is { } insurers) Console.WriteLine($"insurers {insurers}");
            // One line that a supervisor can wait for.
            Console.WriteLine($"serving {host.Address}");
            await host.WaitForShutdownAsync(cancellation);
            return 0;
        });
        return command;
    }
}
