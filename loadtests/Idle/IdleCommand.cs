using System.CommandLine;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.LoadTests.Figures;
using EligibilityGateway.LoadTests.Stand;

namespace EligibilityGateway.LoadTests.Idle;

/// <summary>Memory of a gateway with idle terminals. The null echo's is measured by benchmarks' command of the same name, which runs both.</summary>
public static class IdleCommand
{
    public const string Name = "idle";

    public static Command Create()
    {
        var terminals = Terminals();
        var folder = StandOptions.Folder();
        var json = new Option<string?>("--json") { Description = "Where to write the figures; without it, to standard output." };
        var command = new Command(Name, "Measures the memory of a gateway whose terminals are all connected and idle.") { terminals, folder, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var figures = await IdleMeasurement.OfGatewayAsync(parsed.GetValue(terminals), parsed.GetRequiredValue(folder), cancellation);
            FigureFile.Write(Name, figures, parsed.GetValue(json));
            return 0;
        });
        return command;
    }

    public static Option<int> Terminals() => OptionValues.WholeNumber("--terminals", "How many.", 5000, 1, LoadOptions.MostTerminals);
}
