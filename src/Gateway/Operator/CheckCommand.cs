using System.CommandLine;
using System.Globalization;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Settings;
using EligibilityGateway.Gateway.Startup;

namespace EligibilityGateway.Gateway.Operator;

/// <summary><c>gateway check --config FILE</c>: all that a gateway looks at before it serves, without serving, and beside one that does.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var config = ServeCommand.Config();
        var insecureFiles = ServeCommand.InsecureFiles();
        var command = new Command("check", "Says whether a gateway can start with these settings, and all that is in the way. Changes nothing. Exit code 0: it can; 1: it can't.") { config, insecureFiles };
        command.SetAction(async (arguments, cancellation) =>
        {
            var settings = GatewaySettings.Load(arguments.GetRequiredValue(config));
            var faults = 0;
            await GatewayCheck.LookAsync(settings, new CheckReport(Tell), cancellation, arguments.GetValue(insecureFiles));
            Console.WriteLine(faults switch
            {
                0 => "A gateway can start with these settings.",
                1 => "A gateway can't start with these settings: one thing is wrong.",
                _ => string.Create(CultureInfo.InvariantCulture, $"A gateway can't start with these settings: {faults} things are wrong."),
            });
            return faults == 0 ? 0 : 1;

            void Tell(CheckFinding finding)
            {
                if (finding.Kind == FindingKind.Wrong) faults++;
                Console.WriteLine($"{WordOf(finding.Kind),-5}  {finding.Subject}: {finding.Text.ReplaceLineEndings(" ")}");
            }
        });
        return command;
    }

    private static string WordOf(FindingKind kind) => kind switch
    {
        FindingKind.Good => "good",
        FindingKind.Note => "note",
        _ => "wrong",
    };
}
