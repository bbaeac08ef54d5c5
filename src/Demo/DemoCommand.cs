using System.CommandLine;
using System.Net;
using EligibilityGateway.Common;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.Demo.Population;
using EligibilityGateway.Demo.Scenario;
using EligibilityGateway.Gateway.Storage;
using Spectre.Console;

namespace EligibilityGateway.Demo;

/// <summary><c>demo</c>: everything at once on one machine, with a scenario that shows what is answered.</summary>
internal static class DemoCommand
{
    private const int DefaultPort = 7443;
    private const long MostPeople = 10_000_000;
    private const int Failed = 1;

    // Where output goes to a file there is no screen to ask, and a library's 80 columns would break names and addresses in the middle.
    private const int ColumnsInFile = 140;

    public static RootCommand Create()
    {
        var data = new Option<string?>("--data") { Description = "Where everything is kept; .data beside the solution where it is not said." };
        var people = OptionValues.WholeNumber("--people", "Size of the synthetic population.", SyntheticPopulation.DefaultPeople, 1, MostPeople);
        var seed = OptionValues.WholeNumber("--seed", "Which synthetic population.", 1UL, ulong.MinValue, ulong.MaxValue);
        var port = OptionValues.WholeNumber("--port", "Where terminals connect on 127.0.0.1; 0 takes a free one.", DefaultPort, 0, IPEndPoint.MaxPort);
        var once = new Option<bool>("--once") { Description = "Stop after the scenario; exit 0 only if each answer was the expected one." };
        var language = new Option<string>("--lang") { Description = "Language of the answers on the terminals' screens and of the steps' titles.", DefaultValueFactory = _ => "ja" };
        language.OneOf("ja", "en");
        var agent = new Option<string?>("--agent") { Description = "The reader agent's program, where it is not beside this one." };
        var command = new RootCommand("""
            Starts a private PostgreSQL, Redis (Garnet) in the process, a synthetic population, a PKI, the gateway and three reader agents
            (reception, pharmacy, ambulance); plays the scenario, prints each answer, and goes on serving until Ctrl-C. Starting again uses
            the same data and takes seconds.
            """)
        {
            data, people, seed, port, once, language, agent,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var options = new DemoOptions(
                Path.GetFullPath(parsed.GetValue(data) ?? DefaultDataFolder()),
                parsed.GetValue(people),
                parsed.GetValue(seed),
                parsed.GetValue(port),
                parsed.GetValue(once),
                parsed.GetRequiredValue(language),
                parsed.GetValue(agent));
            try
            {
                return await new Demonstration(options, Console.IsOutputRedirected ? WideConsole() : AnsiConsole.Console).RunAsync(cancellation);
            }
            // At Ctrl-C the agents end too, and whichever end is noticed first is told.
            catch (Exception e) when (cancellation.IsCancellationRequested && e is OperationCanceledException or ScenarioException or StorageException or IOException)
            {
                await Console.Error.WriteLineAsync("demo: stopped before the scenario's end.");
                return Failed;
            }
            catch (Exception e) when (e is SettingsException or StorageException or ScenarioException or IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync($"demo: {e.Message.ReplaceLineEndings(" ")}");
                return Failed;
            }
        });
        return command;
    }

    private static IAnsiConsole WideConsole()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings());
        console.Profile.Width = ColumnsInFile;
        return console;
    }

    // Beside the solution where the program was built from one, else in the current folder.
    private static string DefaultDataFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "EligibilityGateway.sln"))) return Path.Combine(folder.FullName, ".data");
        return ".data";
    }
}
