using System.CommandLine;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Settings;
using EligibilityGateway.Gateway.Startup;

namespace EligibilityGateway.Gateway.Operator;

/// <summary><c>gateway serve --config FILE</c>: one gateway, on its operator's own Postgres, Redis and certificates.</summary>
internal static class ServeCommand
{
    public static Option<string> Config() => new("--config") { Description = "The settings file (JSON); docs/operations.md explains each setting.", Required = true };

    public static Option<bool> InsecureFiles() =>
        new(SecretFile.Insecure) { Description = "Takes files with keys or passwords that others than their owner may read: for a trial alone." };

    public static Command Create()
    {
        var config = Config();
        var withoutRedis = new Option<bool>(RedisCheck.WithoutRedis) { Description = "Starts though Redis does not answer now: findings come from Postgres until it does." };
        var insecureFiles = InsecureFiles();
        var command = new Command("serve", "Serves terminals until it is told to stop (SIGTERM or Ctrl-C).") { config, withoutRedis, insecureFiles };
        command.SetAction(async (arguments, cancellation) =>
        {
            var options = new StartOptions
            {
                WithoutRedis = arguments.GetValue(withoutRedis),
                InsecureFiles = arguments.GetValue(insecureFiles),
                ReadyAt = address => Console.WriteLine($"ready {address}"),
            };
            CoreDumps.Forbid();
            return await ServeAsync(GatewaySettings.Load(arguments.GetRequiredValue(config)), options, cancellation);
        });
        return command;
    }

    private static async Task<int> ServeAsync(GatewaySettings settings, StartOptions options, CancellationToken cancellation)
    {
        try
        {
            await using var host = await GatewayHost.StartAsync(settings, cancellation, options: options);
            if (host.InsurerFeedAddress is { } insurers) Console.WriteLine($"insurers {insurers}");
            // One line that a supervisor can wait for.
            Console.WriteLine($"serving {host.Address}");
            await host.WaitForShutdownAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("gateway: stopped before it served.");
        }
        return 0;
    }
}
