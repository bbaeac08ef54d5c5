namespace EligibilityGateway.LoadTests.Tests;

/// <summary>Programs where the solution builds them, in the same configuration as these tests.</summary>
internal static class ProgramPath
{
    public static string Of(string program) => program == "loadtests" ? Path.Combine(AppContext.BaseDirectory, "loadtests.dll") : Built(program);

    private static string Built(string project)
    {
        var output = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var root = output.Parent!.Parent!.Parent!.Parent!.Parent!;
        return Path.Combine(root.FullName, project, "bin", output.Parent.Name, output.Name, project + ".dll");
    }
}
