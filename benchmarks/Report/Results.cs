using System.CommandLine;

namespace EligibilityGateway.Benchmarks.Report;

/// <summary>Where result files lie, by measurement.</summary>
internal static class Results
{
    public const string DefaultFolder = "docs/performance";

    public static Option<string> Option() => new("--results") { Description = "Folder of the result files.", DefaultValueFactory = _ => DefaultFolder };

    public static string FileOf(string folder, string measurement) => Path.Combine(folder, measurement + ".json");
}
