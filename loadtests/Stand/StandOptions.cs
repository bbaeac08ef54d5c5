using System.CommandLine;

namespace EligibilityGateway.LoadTests.Stand;

/// <summary>Options of the measurements that need a stand.</summary>
public static class StandOptions
{
    public static Option<long> People() => new("--people")
    {
        Description = "Size of the synthetic population; loaded where it is not there.",
        DefaultValueFactory = _ => 1_000_000,
    };

    public static Option<string> Folder() => new("--folder")
    {
        Description = "Where Postgres and certificates are kept between runs.",
        DefaultValueFactory = _ => Path.Combine(".data", "load-test"),
    };
}
