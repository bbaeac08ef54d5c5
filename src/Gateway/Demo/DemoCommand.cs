using System.CommandLine;
using EligibilityGateway.Gateway.Demo.Population;
using EligibilityGateway.Gateway.Demo.Scenario;
using EligibilityGateway.Gateway.Storage;
using Spectre.Console;

namespace EligibilityGateway.Gateway.Demo;

/// <summary><c>gateway demo</c>: everything at once on one machine, with a scenario that shows what is answered.</summary>
internal static class DemoCommand
{
    private const int DefaultPort = 7443;
    private const int Failed = 1;

    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "Where everything is kept; .data beside the solution where it is not said." };
        var people = new Option<long>("--people") { Description = "Size of the synthetic population.", DefaultValueFactory = _ => SyntheticPopulation.DefaultPeople };
        var seed = new Option<ulong>("--seed") { Description = "Which synthetic population.", DefaultValueFactory = _ => 1 };
        var port = new Option<int>("--port") { Description = "Where terminals connect on 127.0.0.1; 0 takes a free one.", DefaultValueFactory = _ => DefaultPort };
        var once = new Option<bool>("--once") { Description = "Stop after the scenario; exit 0 only if each answer was the expected one." };
        var agent = new Option<string?>("--agent") { Description = "The reader agent's program, where it is not beside this one." };
        people.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValue(people) is < 1 or > 10_000_000) result.AddError("--people is 1 to 10,000,000.");
        });
        port.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValue(port) is < 0 or > 65_535) result.AddError("--port is 0 to 65535.");
        });
        var command = new Command("demo", """
            Starts a private PostgreSQL, Redis (Garnet) in the process, a synthetic population, a PKI, the gateway and three reader agents
            (reception, pharmacy, ambulance); plays the scenario, prints each answer, and goes on serving until Ctrl-C. Starting again uses
            the same data and takes seconds.
            """)
        {
            data, people, seed, port, once, agent,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var options = new DemoOptions(
                Path.GetFullPath(parsed.GetValue(data) ?? DefaultDataFolder()),
                parsed.GetValue(people),
                parsed.GetValue(seed),
                parsed.GetValue(port),
                parsed.GetValue(once),
                parsed.GetValue(agent));
            try
            {
                return await new Demonstration(options, AnsiConsole.Console).RunAsync(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return Failed;
            }
            catch (Exception e) when (e is SettingsException or StorageException or ScenarioException or IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync($"gateway demo: {e.Message.ReplaceLineEndings(" ")}");
                return Failed;
            }
        });
        return command;
    }

    // Beside the solution where the program was built from one, else in the current folder.
    private static string DefaultDataFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "EligibilityGateway.sln"))) return Path.Combine(folder.FullName, ".data");
        return ".data";
    }
}
