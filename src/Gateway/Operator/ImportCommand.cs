using System.CommandLine;
using System.Globalization;
using EligibilityGateway.Common;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Feeds.Insurers.Batches;
using Npgsql;

namespace EligibilityGateway.Gateway.Operator;

/// <summary><c>gateway import coverage FILE</c>, <c>resume</c>, <c>status</c>: insurers' files; docs/feeds.md has their columns.</summary>
internal static class ImportCommand
{
    private const int BatchesShown = 50;
    private const int InsurersShown = 5;

    public static Command Create() => new("import", "Files of insurers and of the card office.") { Coverage(), ImportExpensesCommand.Create(), Resume(), Status(), CardOfficeImport.Cards(), CardOfficeImport.Applications() };

    private static Command Coverage()
    {
        var file = new Argument<string>("FILE") { Description = "CSV in UTF-8 with a header, a row for each change." };
        var insurer = new Option<string[]>("--insurer")
        {
            Description = "Whose changes the file may hold: NUMBER, or NUMBER=NAME for an insurer that is not known yet. May be repeated.",
            Required = true,
        };
        var postgres = StoreConnection.InsurerFeed();
        var command = new Command("coverage", "Checks the file whole, accepts it, and applies it. Exit code 0: applied; 1: rejected, nothing was changed.") { file, insurer, postgres };
        command.SetAction(async (arguments, cancellation) =>
        {
            var insurers = Insurers(arguments.GetRequiredValue(insurer));
            await using var content = Open(arguments.GetRequiredValue(file));
            var outcome = await RunAsync(arguments.GetRequiredValue(postgres), async (batches, listener) =>
            {
                await RefuseUnknownAsync(batches, insurers, cancellation);
                return await batches.ImportAsync(content, insurers, listener, cancellation);
            });
            Console.WriteLine(outcome switch
            {
                FeedOutcome.Applied applied => $"Applied: batch {applied.Batch.Id}, {Counted.Of(applied.Batch.Changes, "change")} in {Counted.Of(applied.Batch.Steps, "step")}{Old(applied.AppliedBefore, applied.Superseded)}.",
                FeedOutcome.NothingNew old => $"Nothing new: nothing was changed{Old(old.AppliedBefore, old.Superseded)}.",
                FeedOutcome.Held { Batch: var batch } => throw Held(batch),
                FeedOutcome.Blocked { By: var batch } => throw new SettingsException(
                    $"Nothing of the file was taken: batch {batch.Id} of the same insurer is not in force, {batch.Refusal}. Mend what is in its way, run `gateway import resume`, and import the file again."),
                FeedOutcome.Rejected rejected => throw new SettingsException($"Rejected for {Counted.Of(rejected.Errors, "error")}: nothing was changed. Mend the lines named above and import the file again."),
                _ => throw Busy(),
            });
            return 0;
        });
        return command;
    }

    private static Command Resume()
    {
        var postgres = StoreConnection.InsurerFeed();
        var command = new Command("resume", "Applies what accepted batches still lack; each import does so first.") { postgres };
        command.SetAction(async (arguments, cancellation) =>
        {
            var resumed = await RunAsync(arguments.GetRequiredValue(postgres), (batches, listener) => batches.ResumeAsync(listener, cancellation)) ?? throw Busy();
            if (resumed.Applied > 0) Console.WriteLine($"Applied: {Counted.Of(resumed.Applied, "batch", "batches")} that had been left unfinished.");
            else if (resumed.Held.Count == 0) Console.WriteLine("No batch was unfinished.");
            return resumed.Held.Count == 0 ? 0 : throw Held(resumed.Held[0]);
        });
        return command;
    }

    private static Command Status()
    {
        var postgres = StoreConnection.InsurerFeed();
        var command = new Command("status", $"Lists the last {BatchesShown} batches that were accepted, unfinished ones first, then the newest.") { postgres };
        command.SetAction(async (arguments, cancellation) =>
        {
            var all = await StoreConnection.UseAsync(postgres.Name, arguments.GetRequiredValue(postgres), store => new InsurerBatches(store, TimeProvider.System).ListAsync(BatchesShown, cancellation));
            foreach (var batch in all)
            {
                var state = batch.AppliedAt is { } applied ? $"applied {Time(applied)}" : $"unfinished, {batch.StepsDone} of {Counted.Of(batch.Steps, "step")}{(batch.Refusal is { } refusal ? $"; {refusal}" : "")}";
                Console.WriteLine($"batch {batch.Id}: insurers {Few(batch.Insurers)}; {Counted.Of(batch.Changes, "change")}; accepted {Time(batch.AcceptedAt)}; {state}");
            }
            if (all.Count == 0) Console.WriteLine("No batch was accepted yet.");
            return 0;
        });
        return command;
    }

    private static SettingsException Held(FeedBatch batch) => new(
        $"Batch {batch.Id} is accepted and not wholly in force: {batch.Refusal}. Mend what is in its way, then run `gateway import resume`; other insurers' files go on meanwhile.");

    internal static SettingsException Busy() => new("Another import is at work: run this one when it has ended.");

    private static Task<T> RunAsync<T>(string postgres, Func<InsurerBatches, IFeedListener, Task<T>> work) =>
        RunOnStoreAsync(postgres, (store, listener) => work(new InsurerBatches(store, TimeProvider.System), listener));

    /// <summary>Runs an import with its progress shown; however it ends, one line says what became of the file.</summary>
    internal static async Task<T> RunOnStoreAsync<T>(string postgres, Func<NpgsqlDataSource, IFeedListener, Task<T>> work)
    {
        try
        {
            return await StoreConnection.UseAsync("--insurer-feed", postgres, store => ImportProgress.RunAsync(listener => work(store, listener)));
        }
        catch (OperationCanceledException)
        {
            throw new SettingsException("Stopped. What was accepted is applied by the next import, or by `gateway import resume`; of all else nothing was changed.");
        }
        catch (IOException)
        {
            throw new SettingsException("The file could not be read to its end: nothing of it was changed.");
        }
    }

    private static async Task RefuseUnknownAsync(InsurerBatches batches, Dictionary<InsurerNumber, string?> insurers, CancellationToken cancellation)
    {
        var unnamed = insurers.Where(insurer => insurer.Value is null).Select(insurer => insurer.Key).ToList();
        if (await batches.FirstUnknownAsync(unnamed, cancellation) is { } unknown)
            throw new SettingsException($"The insurer {unknown} is not known yet: give its name, as --insurer {unknown}=NAME.");
    }

    internal static Dictionary<InsurerNumber, string?> Insurers(string[] given)
    {
        var insurers = new Dictionary<InsurerNumber, string?>();
        foreach (var one in given)
        {
            var parts = one.Split('=', 2);
            if (!InsurerNumber.TryParse(parts[0], out var number)) throw new SettingsException($"--insurer {parts[0]} is no insurer number: it has 6 or 8 digits.");
            insurers[number] = parts.Length == 2 && parts[1].Length is > 0 and <= 100 ? parts[1] : null;
        }
        return insurers;
    }

    internal static FileStream Open(string file)
    {
        try
        {
            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SettingsException($"{file} can't be read: give a file that is there and may be read.");
        }
    }

    private static string Few(string[] insurers) =>
        string.Join(", ", insurers.Take(InsurersShown)) + (insurers.Length > InsurersShown ? $" and {insurers.Length - InsurersShown} more" : "");

    internal static string Old(long appliedBefore, long superseded) =>
        $"; {Counted.Of(appliedBefore, "row")} had been applied before, {Counted.Of(superseded, "row")} superseded by later changes";

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
