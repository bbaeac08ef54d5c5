using System.Diagnostics;
using System.Threading.Channels;
using Dapper;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Demo.Population;

/// <summary>
/// Fills empty tables with a population, by binary COPY over two connections. The triggers that raise versions are off for the load,
/// within its transactions: nobody has read these people yet, so all are at the versions they begin with. Foreign keys stay on. A load
/// that was cut off is cleared away and done again; rows that no load brought in are never touched.
/// </summary>
/// <param name="owner">Connects as eg_owner, whose tables they are.</param>
public sealed class PopulationLoader(NpgsqlDataSource owner)
{
    // A multiple of a block of households; a few megabytes of rows.
    private const int ChunkSize = HouseholdLayout.BlockSize * 128;
    private const int ChunksWaiting = 4;
    private const int ClearSeconds = 120;

    // In the order in which one TRUNCATE names them; document_key holds versions of whom numbers match.
    private static readonly string TablesToClear = string.Join(", ", PopulationTables.All.Select(table => table.Name).Append("insurer").Append("document_key"));

    /// <summary>Loads the population, unless it or something else is there.</summary>
    public async Task<LoadOutcome> LoadAsync(SyntheticPopulation population, IProgress<LoadProgress>? progress, CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        await using var connection = await owner.OpenPatientlyAsync(cancellation);
        var mark = await PopulationMark.ReadAsync(connection, cancellation);
        if (mark is { IsComplete: true })
        {
            return mark.Seed == population.Seed && mark.People == population.People
                ? new LoadOutcome.AlreadyThere(mark.People)
                : new LoadOutcome.AnotherThere(mark.Seed, mark.People);
        }
        if (mark is not null) await ClearAsync(connection, cancellation);
        else if (await FirstFilledTableAsync(connection, cancellation) is { } table) return new LoadOutcome.NotEmpty(table);

        await PopulationMark.BeginAsync(connection, population, cancellation);
        var rows = await FillAsync(population, progress, cancellation);
        await connection.ExecuteAsync(new CommandDefinition($"ANALYZE {TablesToClear}", commandTimeout: ClearSeconds, cancellationToken: cancellation));
        await PopulationMark.FinishAsync(connection, cancellation);
        return new LoadOutcome.Loaded(population.People, rows, Stopwatch.GetElapsedTime(begun), MendedCutOff: mark is not null);
    }

    /// <summary>Clears what a load brought in, and whatever names those persons and insurers, so that another can begin.</summary>
    internal static Task ClearAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition($"TRUNCATE {TablesToClear} CASCADE", commandTimeout: ClearSeconds, cancellationToken: cancellation));

    /// <summary>Fills the tables, which must be empty.</summary>
    internal async Task<long> FillAsync(SyntheticPopulation population, IProgress<LoadProgress>? progress, CancellationToken cancellation)
    {
        var rows = await CopyInTransactionAsync([PopulationTables.Person], connection =>
        {
            PopulationTables.CopyInsurers(connection);
            return CopyPersonIds(connection, population.People, cancellation) + SyntheticPopulation.Insurers.Count;
        }, cancellation);

        // Persons are made once and handed to both connections; whoever fails ends the other two.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var insured = Channel.CreateBounded<SyntheticPerson[]>(ChunksWaiting);
        var factsAndCards = Channel.CreateBounded<SyntheticPerson[]>(ChunksWaiting);
        Task<long>[] copying =
        [
            Task.Run(() => CopyChunksAsync(PopulationTables.Insured, insured.Reader, null, stop.Token), stop.Token),
            Task.Run(
                () => CopyChunksAsync(
                    PopulationTables.FactsAndCards, factsAndCards.Reader, loaded => progress?.Report(new LoadProgress(loaded, population.People)), stop.Token),
                stop.Token),
        ];
        var making = Task.Run(() => MakeAsync(population, [insured.Writer, factsAndCards.Writer], stop.Token), stop.Token);
        Task[] all = [making, .. copying];
        await foreach (var ended in Task.WhenEach(all))
        {
            if (!ended.IsCompletedSuccessfully) await stop.CancelAsync();
        }
        // The failure that stopped the others is the one to tell; theirs are cancellations.
        if (all.FirstOrDefault(task => task.IsFaulted) is { } failed) await failed;
        await Task.WhenAll(all);
        return rows + copying[0].Result + copying[1].Result;
    }

    private static async Task MakeAsync(SyntheticPopulation population, ChannelWriter<SyntheticPerson[]>[] writers, CancellationToken cancellation)
    {
        for (var first = 1L; first <= population.People; first += ChunkSize)
        {
            SyntheticPerson[] chunk = [.. population.Persons(first, ChunkSize)];
            foreach (var writer in writers) await writer.WriteAsync(chunk, cancellation);
        }
        foreach (var writer in writers) writer.Complete();
    }

    private Task<long> CopyChunksAsync(
        IReadOnlyList<PopulationTable> tables, ChannelReader<SyntheticPerson[]> chunks, Action<long>? loaded, CancellationToken cancellation) =>
        CopyInTransactionAsync(tables, connection =>
        {
            var (people, rows) = (0L, 0L);
            foreach (var chunk in chunks.ReadAllAsync(cancellation).ToBlockingEnumerable(cancellation))
            {
                foreach (var table in tables) rows += table.Copy(connection, chunk);
                people += chunk.Length;
                loaded?.Invoke(people);
            }
            return rows;
        }, cancellation);

    private async Task<long> CopyInTransactionAsync(
        IReadOnlyList<PopulationTable> tables, Func<NpgsqlConnection, long> copy, CancellationToken cancellation)
    {
        await using var connection = await owner.OpenPatientlyAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        foreach (var table in tables) await SwitchTriggersAsync(connection, table, "DISABLE", cancellation);
        var rows = copy(connection);
        foreach (var table in tables) await SwitchTriggersAsync(connection, table, "ENABLE", cancellation);
        await transaction.CommitAsync(cancellation);
        return rows;
    }

    private static long CopyPersonIds(NpgsqlConnection connection, long people, CancellationToken cancellation)
    {
        using var importer = connection.BeginBinaryImport(PopulationTables.Person.CopyStatement);
        for (var index = 1L; index <= people; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            importer.StartRow();
            importer.Write(index);
        }
        importer.Complete();
        return people;
    }

    private static Task<int> SwitchTriggersAsync(NpgsqlConnection connection, PopulationTable table, string onOrOff, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition($"ALTER TABLE {table.Name} {onOrOff} TRIGGER USER", cancellationToken: cancellation));

    private static async Task<string?> FirstFilledTableAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        foreach (var table in PopulationTables.All.Select(table => table.Name).Append("insurer"))
        {
            if (await connection.ExecuteScalarAsync<bool>(new CommandDefinition($"SELECT EXISTS (SELECT FROM {table})", cancellationToken: cancellation)))
                return table;
        }
        return null;
    }
}
