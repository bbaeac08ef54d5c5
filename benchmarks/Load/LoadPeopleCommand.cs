using System.CommandLine;
using EligibilityGateway.Benchmarks.Report;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.Demo.Embedded;
using EligibilityGateway.Demo.Population;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.LoadTests.Figures;
using EligibilityGateway.LoadTests.Stand;
using Npgsql;

namespace EligibilityGateway.Benchmarks.Load;

/// <summary>A population's load against a bare COPY of the same rows, in a cluster of its own.</summary>
internal static class LoadPeopleCommand
{
    public const string Name = "load-people";

    private const ulong Seed = 1;

    public static Command Create()
    {
        var people = OptionValues.WholeNumber("--people", "How many.", 1_000_000, 1, StandOptions.MostPeople);
        var folder = new Option<string>("--folder")
        {
            Description = "Where the cluster is made; what an earlier run left there is cleared away.",
            DefaultValueFactory = _ => Path.Combine(".data", Name),
        };
        var results = Results.Option();
        var command = new Command(Name, "Measures the load of a population against a bare COPY of the same rows into the same tables.") { people, folder, results };
        command.SetAction(async (parsed, cancellation) =>
        {
            var result = await CompareAsync(parsed.GetValue(people), Path.GetFullPath(parsed.GetRequiredValue(folder)), cancellation);
            FigureFile.Write(Name, LoadPeopleFigures.Of(result), Results.FileOf(parsed.GetRequiredValue(results), Name));
            Console.WriteLine(result);
            return 0;
        });
        return command;
    }

    private static async Task<LoadComparisonResult> CompareAsync(long people, string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        await using var postgres = await EmbeddedPostgres.StartAsync(Path.Combine(folder, "postgres"), cancellation);
        await Migrator.MigrateAsync(postgres.ConnectionString(StoreRole.Owner), report: null, cancellation);
        await using var owner = NpgsqlDataSource.Create(postgres.ConnectionString(StoreRole.Owner));
        Progress.Tell($"loading {people:N0} people, then copying their rows");
        return await new LoadComparison(owner).RunAsync(new SyntheticPopulation(Seed, people), Path.Combine(folder, "rows"), cancellation);
    }
}
