using EligibilityGateway.Demo.Scenario;

namespace EligibilityGateway.Demo;

/// <summary>Finds the reader agent's program: beside this one, or where the solution builds it.</summary>
internal static class AgentProgram
{
    private const string Assembly = "reader-agent.dll";

    /// <summary>The words with which an agent is started.</summary>
    /// <exception cref="ScenarioException">There is none.</exception>
    public static IReadOnlyList<string> Find(string? given)
    {
        var candidates = given is not null ? [given] : new[] { Path.Combine(AppContext.BaseDirectory, Assembly), BesideProject() };
        var found = candidates.FirstOrDefault(File.Exists)
            ?? throw new ScenarioException($"The reader agent is not at {string.Join(" nor at ", candidates)}: build the solution first, or name it with --agent.");
        if (!found.EndsWith(".dll", StringComparison.Ordinal)) return [found];
        // The runtime that runs this program, where it is that; else the one on the path.
        var host = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        return [host, found];
    }

    // src/Demo/bin/CONFIGURATION/FRAMEWORK has its sibling in src/ReaderAgent.
    private static string BesideProject()
    {
        var output = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var source = output.Parent?.Parent?.Parent?.Parent?.FullName ?? output.FullName;
        return Path.Combine(source, "ReaderAgent", "bin", output.Parent?.Name ?? "", output.Name, Assembly);
    }
}
