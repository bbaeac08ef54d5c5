using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Dapper;
using EligibilityGateway.Benchmarks.Report;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.Demo.Embedded;
using EligibilityGateway.Demo.Population;
using EligibilityGateway.Gateway.Feeds.Files;
using EligibilityGateway.Gateway.Feeds.Insurers.Batches;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.LoadTests.Figures;
using EligibilityGateway.LoadTests.Stand;
using Npgsql;

namespace EligibilityGateway.Benchmarks.Load;

/// <summary>An insurers' file of a correction for each coverage, against a bare COPY of the revisions that it makes.</summary>
internal static class ImportFeedCommand
{
    public const string Name = "import-feed";

    private const ulong Seed = 1;
    private const int FileBuffer = 1 << 20;

    private static readonly TimeSpan CopyWithin = TimeSpan.FromMinutes(10);

    public static Command Create()
    {
        var changes = OptionValues.WholeNumber("--changes", "How many, of as many people.", 1_000_000, 1, StandOptions.MostPeople);
        var folder = new Option<string>("--folder")
        {
            Description = "Where the cluster is made; what an earlier run left there is used again.",
            DefaultValueFactory = _ => Path.Combine(".data", Name),
        };
        var results = Results.Option();
        var command = new Command(Name, "Measures the import of an insurers' file against a bare COPY of the same rows into the same table.") { changes, folder, results };
        command.SetAction(async (parsed, cancellation) =>
        {
            var figures = await MeasureAsync(parsed.GetValue(changes), Path.GetFullPath(parsed.GetRequiredValue(folder)), cancellation);
            FigureFile.Write(Name, figures, Results.FileOf(parsed.GetRequiredValue(results), Name));
            Console.WriteLine(figures);
            return 0;
        });
        return command;
    }

    private static async Task<ImportFeedFigures> MeasureAsync(long changes, string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        await using var postgres = await EmbeddedPostgres.StartAsync(Path.Combine(folder, "postgres"), cancellation);
        await Migrator.MigrateAsync(postgres.ConnectionString(StoreRole.Owner), report: null, cancellation);
        await using var owner = NpgsqlDataSource.Create(postgres.ConnectionString(StoreRole.Owner));
        await using var feed = NpgsqlDataSource.Create(postgres.ConnectionString(StoreRole.InsurerFeed));
        Progress.Tell($"loading {changes:N0} people");
        await new PopulationLoader(owner).LoadAsync(new SyntheticPopulation(Seed, changes), progress: null, cancellation);

        var (file, rows) = (Path.Combine(folder, "changes.csv"), Path.Combine(folder, "rows.copy"));
        try
        {
            var copyIn = await WriteAsync(owner, changes, file, rows, cancellation);
            Progress.Tell($"importing {changes:N0} changes");
            var listener = new Listener();
            var insurers = SyntheticPopulation.Insurers.ToDictionary(insurer => insurer.Number, _ => (string?)null);
            FeedOutcome outcome;
            await using (var content = File.OpenRead(file))
                outcome = await new InsurerBatches(feed, TimeProvider.System).ImportAsync(content, insurers, listener, cancellation);
            var imported = listener.Elapsed;
            if (outcome is not FeedOutcome.Applied applied) throw new InvalidOperationException($"The file was not taken: {outcome}, {listener.First}");

            Progress.Tell("copying the same rows");
            var bare = await CopyAsync(owner, copyIn, rows, cancellation);
            return new ImportFeedFigures(applied.Batch.Changes, applied.Batch.Steps, listener.Accepted.TotalSeconds, imported.TotalSeconds, bare.TotalSeconds);
        }
        finally
        {
            File.Delete(file);
            File.Delete(rows);
        }
    }

    /// <summary>The file, and the rows of a later revision each that a bare COPY will bring; its statement.</summary>
    private static async Task<string> WriteAsync(NpgsqlDataSource owner, long changes, string file, string rows, CancellationToken cancellation)
    {
        const string Columns = "coverage_id, revision, person_id, insurer_number, classification, symbol, number, branch, relation, insured_name, acquired_on, lost_on, loss_reason, sequence";
        await using var connection = await owner.OpenConnectionAsync(cancellation);
        var revision = await connection.ExecuteScalarAsync<int>("SELECT max(revision) FROM coverage");
        var latest = string.Create(CultureInfo.InvariantCulture, $"(SELECT * FROM coverage WHERE revision = 0 ORDER BY coverage_id LIMIT {changes}) c");
        var text = string.Create(CultureInfo.InvariantCulture, $"""
            COPY (SELECT {revision + 1} AS sequence, 'coverage-correction' AS kind, insurer_number AS insurer, person_id AS person, coverage_id AS fact, classification, symbol, number, branch, relation,
                insured_name, acquired_on, lost_on, to_char(loss_reason, 'FM00') AS loss_reason FROM {latest}) TO STDOUT (FORMAT csv, HEADER)
            """);
        using (var reader = await connection.BeginTextExportAsync(text, cancellation))
        await using (var writer = new StreamWriter(file))
        {
            var buffer = new char[FileBuffer];
            while (await reader.ReadAsync(buffer, cancellation) is var read and > 0) await writer.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }
        var binary = string.Create(
            CultureInfo.InvariantCulture,
            $"COPY (SELECT {Columns.Replace("revision", $"{revision + 2} AS revision", StringComparison.Ordinal)} FROM {latest}) TO STDOUT (FORMAT binary)");
        await using var output = new FileStream(rows, FileMode.Create, FileAccess.Write, FileShare.None, FileBuffer, useAsync: true);
        await using var stream = await connection.BeginRawBinaryCopyAsync(binary, cancellation);
        await stream.CopyToAsync(output, FileBuffer, cancellation);
        return $"COPY coverage ({Columns}) FROM STDIN (FORMAT binary)";
    }

    private static async Task<TimeSpan> CopyAsync(NpgsqlDataSource owner, string copyIn, string rows, CancellationToken cancellation)
    {
        await using var connection = await owner.OpenConnectionAsync(cancellation);
        var begun = Stopwatch.GetTimestamp();
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.ExecuteAsync("ALTER TABLE coverage DISABLE TRIGGER USER");
        await using (var input = new FileStream(rows, FileMode.Open, FileAccess.Read, FileShare.Read, FileBuffer, useAsync: true))
        await using (var stream = await connection.BeginRawBinaryCopyAsync(copyIn, cancellation))
        {
            stream.ReadTimeout = stream.WriteTimeout = (int)CopyWithin.TotalMilliseconds;
            await input.CopyToAsync(stream, FileBuffer, cancellation);
        }
        await connection.ExecuteAsync("ALTER TABLE coverage ENABLE TRIGGER USER");
        await transaction.CommitAsync(cancellation);
        return Stopwatch.GetElapsedTime(begun);
    }

    private sealed class Listener : IFeedListener
    {
        private readonly long _begun = Stopwatch.GetTimestamp();

        public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_begun);

        public TimeSpan Accepted { get; private set; }

        public FeedFault? First { get; private set; }

        public void Found(FeedFault fault) => First ??= fault;

        public void Progressed(FeedStage stage, long done, long total)
        {
            if (stage == FeedStage.Checking || done == total) Progress.Tell($"{stage} {done:N0}/{total:N0} after {Elapsed.TotalSeconds:F1} s");
        }

        void IFeedListener.Accepted(FeedBatch batch) => Accepted = Elapsed;

        public void Refused(FeedBatch batch, FeedRefusal refusal) => throw new InvalidOperationException($"The batch was not applied: {refusal}.");
    }
}
