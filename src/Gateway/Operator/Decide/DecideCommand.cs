using System.CommandLine;
using EligibilityGateway.Common;
using EligibilityGateway.Common.CommandLines;

namespace EligibilityGateway.Gateway.Operator.Decide;

/// <summary><c>gateway decide --json</c>: the rules from outside, without a database. JSON lines in, JSON lines out.</summary>
internal static class DecideCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Required = true, Description = "Reads JSON lines from standard input and writes one line each; docs/decide.md has the fields." };
        var language = new Option<string>("--lang") { Description = "Language of the explanations.", DefaultValueFactory = _ => "ja" };
        language.OneOf("ja", "en");
        var command = new Command("decide", "Decides on eligibility and amounts by the rules alone: no database, no gateway.") { json, language };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetRequiredValue(language) == "ja", cancellation));
        return command;
    }

    private static async Task<int> RunAsync(bool inJapanese, CancellationToken cancellation)
    {
        await using var input = Console.OpenStandardInput();
        await using var output = StandardOutput.Open();
        try
        {
            await LineStream.RunAsync(input, output, inJapanese, cancellation);
            return 0;
        }
        catch (OperationCanceledException)
        {
            throw new SettingsException("Stopped: the last answer is whole, and what follows it was not answered.");
        }
    }
}
