using System.CommandLine;
using EligibilityGateway.Common.CommandLines;

namespace EligibilityGateway.LoadTests.Stand;

/// <summary>Options of the measurements that need a stand.</summary>
public static class StandOptions
{
    /// <summary>More than Japan has, and as many as fit the numbers that the population deals out.</summary>
    public const long MostPeople = 200_000_000;

    public static Option<long> People() => OptionValues.WholeNumber("--people", "Size of the synthetic population; loaded where it is not there.", 1_000_000, 1, MostPeople);

    public static Option<string> Folder() => new("--folder")
    {
        Description = "Where Postgres and certificates are kept between runs.",
        DefaultValueFactory = _ => Path.Combine(".data", "load-test"),
    };
}
