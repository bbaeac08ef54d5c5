using System.Diagnostics;
using System.Globalization;
using Dapper;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Demo.Population;

/// <summary>
/// How fast a population is loaded, measured against a bare COPY of the same rows: what Postgres takes for rows that lie ready in
/// files, into the same tables with their indexes and foreign keys, over the same two connections in the same order. The difference is
/// what making the people and writing them costs.
/// </summary>
/// <param name="owner">Connects as eg_owner to a database made for this: its population is cleared away.</param>
public sealed class LoadComparison(NpgsqlDataSource owner)
{
    private const int FileBuffer = 1 << 20;

    // A table's foreign keys are checked when its last row is in: of a million rows that takes longer than a command usually may.
    private static readonly TimeSpan CopyWithin = TimeSpan.FromMinutes(10);

    private const string Insurer = "COPY insurer (insurer_number, name) FROM STDIN (FORMAT binary)";

    /// <summary>Loads the population, dumps it to files in <paramref name="folder"/>, clears it away, and copies the files in.</summary>
    public async Task<LoadComparisonResult> RunAsync(SyntheticPopulation population, string folder, CancellationToken cancellation)
    {
        var loader = new PopulationLoader(owner);
        await ClearAsync(cancellation);
        var loadBegun = Stopwatch.GetTimestamp();
        var rows = await loader.FillAsync(population, progress: null, cancellation);
        var load = Stopwatch.GetElapsedTime(loadBegun);

        Directory.CreateDirectory(folder);
        try
        {
            foreach (var (name, copyIn) in Tables(PopulationTables.All)) await DumpAsync(name, copyIn, folder, cancellation);
            await ClearAsync(cancellation);
            var copyBegun = Stopwatch.GetTimestamp();
            await CopyAsync([PopulationTables.Person], folder, cancellation);
            await Task.WhenAll(
                CopyAsync(PopulationTables.Insured, folder, cancellation), CopyAsync(PopulationTables.FactsAndCards, folder, cancellation));
            return new LoadComparisonResult(population.People, rows, load, Stopwatch.GetElapsedTime(copyBegun));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task ClearAsync(CancellationToken cancellation)
    {
        await using var connection = await owner.OpenPatientlyAsync(cancellation);
        await PopulationLoader.ClearAsync(connection, cancellation);
        await connection.ExecuteAsync(new CommandDefinition("DROP TABLE IF EXISTS synthetic_population", cancellationToken: cancellation));
    }

    private async Task DumpAsync(string name, string copyIn, string folder, CancellationToken cancellation)
    {
        await using var connection = await owner.OpenPatientlyAsync(cancellation);
        await using var file = new FileStream(FileOf(folder, name), FileMode.Create, FileAccess.Write, FileShare.None, FileBuffer, useAsync: true);
        await using var rows = await connection.BeginRawBinaryCopyAsync(copyIn.Replace("FROM STDIN", "TO STDOUT", StringComparison.Ordinal), cancellation);
        await rows.CopyToAsync(file, FileBuffer, cancellation);
    }

    private async Task CopyAsync(IReadOnlyList<PopulationTable> tables, string folder, CancellationToken cancellation)
    {
        await using var connection = await owner.OpenPatientlyAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        foreach (var table in tables)
            await connection.ExecuteAsync(new CommandDefinition($"ALTER TABLE {table.Name} DISABLE TRIGGER USER", cancellationToken: cancellation));
        foreach (var (name, copyIn) in Tables(tables))
        {
            await using var file = new FileStream(FileOf(folder, name), FileMode.Open, FileAccess.Read, FileShare.Read, FileBuffer, useAsync: true);
            await using var rows = await connection.BeginRawBinaryCopyAsync(copyIn, cancellation);
            rows.ReadTimeout = rows.WriteTimeout = (int)CopyWithin.TotalMilliseconds;
            await file.CopyToAsync(rows, FileBuffer, cancellation);
        }
        foreach (var table in tables)
            await connection.ExecuteAsync(new CommandDefinition($"ALTER TABLE {table.Name} ENABLE TRIGGER USER", cancellationToken: cancellation));
        await transaction.CommitAsync(cancellation);
    }

    // Insurers go with the persons: all other tables refer to both.
    private static IEnumerable<(string Name, string CopyIn)> Tables(IReadOnlyList<PopulationTable> tables) =>
        (tables[0] == PopulationTables.Person ? [("insurer", Insurer)] : Array.Empty<(string, string)>())
        .Concat(tables.Select(table => (table.Name, table.CopyStatement)));

    private static string FileOf(string folder, string table) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{table}.copy"));
}
