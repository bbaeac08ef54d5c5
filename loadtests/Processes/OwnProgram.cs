using System.Reflection;

namespace EligibilityGateway.LoadTests.Processes;

/// <summary>How to start this program once more, whether it was started by its own name or by dotnet.</summary>
public static class OwnProgram
{
    public static IReadOnlyList<string> Command
    {
        get
        {
            var program = Environment.ProcessPath ?? throw new MeasurementException("This process does not know its own program.");
            return Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, Assembly.GetEntryAssembly()!.Location] : [program];
        }
    }
}
