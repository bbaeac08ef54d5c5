using System.CommandLine;
using EligibilityGateway.Common;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.Gateway.Storage;

namespace EligibilityGateway.LoadTests;

/// <summary>Runs a command; what can't be measured is one line to the person, not a stack trace.</summary>
public static class Commands
{
    public static async Task<int> RunAsync(RootCommand root, string[] arguments, TextWriter? errors = null)
    {
        try
        {
            var parsed = root.Parse(arguments);
            if (CommandFault.In(parsed) is { } fault) throw new MeasurementException(fault);
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception e) when (e is MeasurementException or SettingsException or StorageException)
        {
            await (errors ?? Console.Error).WriteLineAsync(e.Message.ReplaceLineEndings(" "));
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
    }
}
