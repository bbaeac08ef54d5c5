using System.CommandLine;

namespace EligibilityGateway.LoadTests;

/// <summary>Runs a command; what can't be measured is one line to the person, not a stack trace.</summary>
public static class Commands
{
    public static async Task<int> RunAsync(RootCommand root, string[] arguments)
    {
        try
        {
            return await root.Parse(arguments).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (MeasurementException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
    }
}
