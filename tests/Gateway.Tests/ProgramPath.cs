namespace EligibilityGateway.Gateway.Tests;

/// <summary>Programs where the solution builds them, in the same configuration as these tests.</summary>
internal static class ProgramPath
{
    public static string Of(string program) => program switch
    {
        "gateway" => Path.Combine(AppContext.BaseDirectory, "gateway.dll"),
        "demo" => Built("src/Demo", program),
        "reader-agent" => Built("src/ReaderAgent", program),
        _ => throw new ArgumentOutOfRangeException(nameof(program)),
    };

    /// <summary>The solution's folder.</summary>
    public static DirectoryInfo Root => Output.Parent!.Parent!.Parent!.Parent!.Parent!;

    private static DirectoryInfo Output => new(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    private static string Built(string project, string program) =>
        Path.Combine(Root.FullName, project, "bin", Output.Parent!.Name, Output.Name, program + ".dll");
}
