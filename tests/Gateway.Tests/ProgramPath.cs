namespace EligibilityGateway.Gateway.Tests;

/// <summary>Programs where the solution builds them, in the same configuration as these tests.</summary>
internal static class ProgramPath
{
    public static string Of(string program) => program switch
    {
        "gateway" => Path.Combine(AppContext.BaseDirectory, "gateway.dll"),
        "reader-agent" => Built("src/ReaderAgent", program),
        _ => throw new ArgumentOutOfRangeException(nameof(program)),
    };

    private static string Built(string project, string program)
    {
        var output = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var root = output.Parent!.Parent!.Parent!.Parent!.Parent!;
        return Path.Combine(root.FullName, project, "bin", output.Parent.Name, output.Name, program + ".dll");
    }
}
